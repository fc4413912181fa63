import CZlib
import NIOCore

/// Unpacks gzip (RFC 1952) of several members one after the other, within limits.
enum GzipReader {
    /// Bytes that a body may have once it is unpacked.
    static let limit = 256 << 20
    /// A body that grows more than so many times over is a bomb, above `harmless` bytes.
    ///
    /// Logs shrink to a tenth, the most monotonous to a two hundredth; DEFLATE itself can do 1:1032.
    private static let ratio = 500
    private static let harmless = 16 << 20
    /// Bytes that are unpacked at once.
    static let piece = 256 << 10

    enum Outcome {
        case unpacked(ByteBuffer)
        /// It is whole and within its limits, but larger than is held at once: `GzipPieces`.
        case large
        case refused(Refusal)
    }

    enum Refusal: Equatable {
        case damaged
        /// Of more than so many bytes, unpacked.
        case tooLarge(Int)
        case bomb
        case noMemory

        /// Goes on from `messages …`.
        var words: String {
            switch self {
            case .damaged: "with a damaged gzip body"
            case .tooLarge(let limit): "of more than \(limit >> 20) MiB, unpacked"
            case .bomb: "that grow without measure when they are unpacked"
            case .noMemory: "that could not be unpacked: no memory"
            }
        }
    }

    /// Looks at the whole, and gives it where it has at most `whole` bytes.
    static func unpack(
        _ packed: ByteBuffer,
        limit: Int = limit,
        whole: Int = harmless
    ) -> Outcome {
        guard let pieces = GzipPieces(packed) else { return .refused(.noMemory) }
        var out = ByteBuffer()
        var size = 0
        while !pieces.isOver {
            let step = min(max(packed.readableBytes * 4, 4_096), piece)
            guard let count = pieces.unpack(step, into: &out) else { return .refused(.damaged) }
            size += count
            if size > limit { return .refused(.tooLarge(limit)) }
            if size > harmless, size / ratio > pieces.used { return .refused(.bomb) }
            if size > whole { out.clear() }
        }
        return size > whole ? .large : .unpacked(out)
    }
}

/// A body of gzip that is unpacked a piece at a time.
final class GzipPieces {
    /// zlib keeps its address: it has to stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>
    private let packed: ByteBuffer
    /// Bytes of the body that were unpacked so far.
    private(set) var used = 0
    private(set) var isOver: Bool
    var packedBytes: Int { packed.readableBytes }

    /// Nil without memory for it.
    init?(_ packed: ByteBuffer) {
        self.packed = packed
        isOver = false
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for the form of gzip: zlib.h, inflateInit2.
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, 31, ZLIB_VERSION, size) == Z_OK else { return nil }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Appends at most so many bytes, and tells how many; nil for what is damaged.
    func unpack(_ count: Int, into out: inout ByteBuffer) -> Int? {
        let rest = packed.readableBytesView.dropFirst(used)
        return rest.withUnsafeBytes { input -> Int? in
            // zlib reads from there only, and never writes.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: input.bindMemory(to: UInt8.self).baseAddress
            )
            stream.pointee.avail_in = UInt32(clamping: input.count)
            defer { used += input.count - Int(stream.pointee.avail_in) }
            var result = Z_OK
            let written = out.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
                let room = UnsafeMutableRawBufferPointer(rebasing: room.prefix(count))
                stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.avail_out = UInt32(room.count)
                result = CZlib.inflate(stream, Z_NO_FLUSH)
                return room.count - Int(stream.pointee.avail_out)
            }
            switch result {
            case Z_STREAM_END:
                isOver = stream.pointee.avail_in == 0
                guard isOver || inflateReset(stream) == Z_OK else { return nil }
            case Z_OK: break
            default: return nil
            }
            return written
        }
    }
}
