internal import Atlas
internal import Synchronization

/// Opens rows of chunks, in room that is made once; as many at a time as there are openers.
final class ChunkOpener: Sendable {
    private struct Rooms: ~Copyable {
        let zstd = ZstdUnpacker()
        var room = ByteRoom()
    }

    /// More than that is no chunk of ours: a line has at most a few MiB.
    private static let mostText = 1 << 30

    // Columns are asked for while the text is in hand.
    private let columns = Mutex(Rooms())
    private let text = Mutex(Rooms())

    /// The chunk without its lines' bytes; nil when the frame is something else.
    func columns(
        _ frame: [UInt8],
        firstLine: UInt64,
        count: Int,
        sources: [Int64]
    ) -> StoredChunk? {
        guard count > 0, count <= 1 << 24 else { return nil }
        let most = count * PackedColumns.mostOfLine + PackedColumns.mostOfHead
        return columns.withLock { rooms -> StoredChunk? in
            guard Self.unpack(frame, most: most, &rooms) else { return nil }
            return PackedColumns.read(
                rooms.room.bytes,
                firstLine: firstLine,
                count: count,
                sources: sources
            )
        }
    }

    /// Hands over the lines' bytes, valid for the call only; nil when the frame is something else.
    func text<Result: Sendable>(
        _ frame: [UInt8],
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        text.withLock { rooms -> Result? in
            guard Self.unpack(frame, most: Self.mostText, &rooms) else { return nil }
            return body(rooms.room.bytes)
        }
    }

    private static func unpack(_ frame: [UInt8], most: Int, _ rooms: inout Rooms) -> Bool {
        frame.withUnsafeBytes { frame in
            guard let size = ZstdUnpacker.size(of: frame), size <= most else { return false }
            rooms.room.removeAll()
            return rooms.zstd.unpack(frame, size, into: &rooms.room)
        }
    }
}
