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

    enum Outcome {
        case unpacked(ByteBuffer)
        /// Why not, in words that go on `messages …`.
        case refused(String)
    }

    static func unpack(_ packed: ByteBuffer, limit: Int = limit) -> Outcome {
        var stream = z_stream()
        // 15 bits of window, and 16 for the form of gzip: zlib.h, inflateInit2.
        guard
            inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return .refused("that could not be unpacked: no memory") }
        defer { inflateEnd(&stream) }
        var out = ByteBuffer()
        let reason = packed.withUnsafeReadableBytes { input -> String? in
            guard let base = input.bindMemory(to: UInt8.self).baseAddress else {
                return "with a damaged gzip body"
            }
            // zlib reads from there only, and never writes.
            stream.next_in = UnsafeMutablePointer(mutating: base)
            stream.avail_in = UInt32(clamping: input.count)
            return inflate(&stream, input.count, &out, limit)
        }
        return reason.map(Outcome.refused) ?? .unpacked(out)
    }

    private static func inflate(
        _ stream: inout z_stream,
        _ size: Int,
        _ out: inout ByteBuffer,
        _ limit: Int
    ) -> String? {
        while true {
            var result = Z_OK
            let piece = min(max(size * 4, 4_096), 256 << 10)
            out.writeWithUnsafeMutableBytes(minimumWritableBytes: piece) { room in
                let room = UnsafeMutableRawBufferPointer(rebasing: room.prefix(1 << 20))
                stream.next_out = room.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(room.count)
                result = CZlib.inflate(&stream, Z_NO_FLUSH)
                return room.count - Int(stream.avail_out)
            }
            let used = size - Int(stream.avail_in)
            if out.readableBytes > limit { return "of more than \(limit >> 20) MiB, unpacked" }
            if out.readableBytes > harmless, out.readableBytes / ratio > used {
                return "that grow without measure when they are unpacked"
            }
            switch result {
            case Z_STREAM_END:
                if stream.avail_in == 0 { return nil }
                guard inflateReset(&stream) == Z_OK else { return "with a damaged gzip body" }
            case Z_OK: continue
            default: return "with a damaged gzip body"
            }
        }
    }
}
