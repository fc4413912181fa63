internal import CZstd

/// Packs bytes by zstd (RFC 8878), one frame a call; for one thread at a time.
struct ZstdPacker: ~Copyable {
    /// 500 to 900 MB of log lines a second, to between an eighth and a fifth; level 3 takes twice
    /// the time and saves nothing.
    private static let level: Int32 = 1
    /// How many places of earlier bytes are remembered, as a power of two.
    ///
    /// 16 KiB of them stay in a processor's first cache: against the level's own 14 it takes a tenth
    /// less time, and no more room.
    private static let hashLog: Int32 = 12

    /// 0.6 MiB.
    private let context: OpaquePointer?
    private var room = ByteRoom()

    init() {
        context = ZSTD_createCCtx()
        guard let context else { return }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, Self.hashLog)
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Nil when there is no memory for it.
    mutating func pack(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        pack(bytes, parts: [0..<bytes.count])
    }

    /// A frame for each part, one behind the other; nil when there is no memory for it, or a part is
    /// none of these bytes.
    mutating func pack(_ bytes: UnsafeRawBufferPointer, parts: [Range<Int>]) -> [UInt8]? {
        guard let context, parts.allSatisfy({ $0.upperBound <= bytes.count }) else { return nil }
        room.removeAll()
        for part in parts {
            room.reserve(ZSTD_compressBound(part.count))
            let length = ZSTD_compress2(
                context,
                room.end,
                room.free,
                bytes.baseAddress.map { $0 + part.lowerBound },
                part.count
            )
            guard ZSTD_isError(length) == 0 else { return nil }
            room.advance(length)
        }
        return [UInt8](room.bytes)
    }
}

/// Unpacks what `ZstdPacker` made; for one thread at a time.
struct ZstdUnpacker: ~Copyable {
    private let context: OpaquePointer?

    init() {
        context = ZSTD_createDCtx()
    }

    deinit { ZSTD_freeDCtx(context) }

    /// How long the frame says that its content is; nil where it says nothing, or is no frame.
    static func size(of frame: UnsafeRawBufferPointer) -> Int? {
        let size = ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        guard size != azimuth_zstd_size_unknown, size != azimuth_zstd_size_error else { return nil }
        return Int(exactly: size)
    }

    /// How long the first frame of some is as it is stored; nil where it is none, or breaks off.
    static func storedSize(of frames: UnsafeRawBufferPointer) -> Int? {
        let size = ZSTD_findFrameCompressedSize(frames.baseAddress, frames.count)
        return ZSTD_isError(size) == 0 ? size : nil
    }

    /// A block of 4 bytes gives 128 KiB at most: RFC 8878, sections 3.1.1.2.3 and 3.1.1.2.4.
    private static let mostOfByte = 32 << 10

    /// Puts the content behind what is in the room; false when it is not exactly `size` bytes.
    ///
    /// No room is made for more than the frame can hold, whatever it says.
    func unpack(_ frame: UnsafeRawBufferPointer, _ size: Int, into room: inout ByteRoom) -> Bool {
        guard let context, size / Self.mostOfByte <= frame.count else { return false }
        room.reserve(size)
        let length = ZSTD_decompressDCtx(context, room.end, size, frame.baseAddress, frame.count)
        guard ZSTD_isError(length) == 0, length == size else { return false }
        room.advance(length)
        return true
    }
}
