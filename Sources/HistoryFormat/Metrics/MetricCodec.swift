internal import Synchronization

/// Packs points for their rows by zstd (RFC 8878), where that is shorter, and unpacks them.
package final class MetricCodec: Sendable {
    static let plain = 0
    static let zstd = 1

    /// A frame has 9 bytes of its own at least.
    private static let least = 24
    private static let most = 256 << 20

    private struct Rooms: ~Copyable {
        var packer = ZstdPacker()
        var unpacker = ZstdUnpacker()
        var room = ByteRoom()
    }

    private let rooms = Mutex(Rooms())

    package init() {}

    package func pack(_ bytes: [UInt8]) -> (codec: Int, bytes: [UInt8]) {
        guard bytes.count > Self.least else { return (Self.plain, bytes) }
        let packed = rooms.withLock { rooms in
            bytes.withUnsafeBytes { rooms.packer.pack($0) }
        }
        guard let packed, packed.count < bytes.count else { return (Self.plain, bytes) }
        return (Self.zstd, packed)
    }

    /// Nil means that the bytes are something else.
    package func unpack(_ bytes: [UInt8], codec: Int) -> [UInt8]? {
        guard codec == Self.zstd else { return codec == Self.plain ? bytes : nil }
        return rooms.withLock { rooms in
            bytes.withUnsafeBytes { frame in
                guard let size = ZstdUnpacker.size(of: frame), size <= Self.most else { return nil }
                rooms.room.removeAll()
                guard rooms.unpacker.unpack(frame, size, into: &rooms.room) else { return nil }
                return [UInt8](rooms.room.bytes)
            }
        }
    }
}
