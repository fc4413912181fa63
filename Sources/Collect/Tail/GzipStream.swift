import CZlib
import Glibc

/// What a gzip(1) file holds, from its beginning to its end.
package final class GzipStream {
    package enum Piece: Equatable {
        /// So many bytes were written to the buffer, at least one.
        case bytes(Int)
        case end
        /// The file ends before what it holds: somebody may be writing it.
        case torn
        case broken
    }

    private var stream = z_stream()
    private var input = [UInt8](repeating: 0, count: 65_536)
    private var (start, end) = (0, 0)
    /// In the packed file.
    private var offset: UInt64 = 0
    private var isBetweenMembers = false

    /// Nil where there is no memory for it.
    package init?() {
        guard azimuth_inflate_gzip(&stream) == Z_OK else { return nil }
    }

    deinit { inflateEnd(&stream) }

    /// True for what begins like a gzip file, RFC 1952.
    static func isGzip(_ head: [UInt8]) -> Bool { head.starts(with: [0x1F, 0x8B]) }

    package func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Piece {
        guard let base = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return .end
        }
        while true {
            if start == end {
                let count = input.withUnsafeMutableBytes {
                    pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
                }
                guard count > 0 else { return isBetweenMembers ? .end : .torn }
                (start, end) = (0, count)
                offset += UInt64(count)
            }
            if isBetweenMembers {
                // Padding of tapes: zeros behind the last member.
                while start < end, input[start] == 0 { start += 1 }
                if start == end { continue }
                guard inflateReset(&stream) == Z_OK else { return .broken }
                isBetweenMembers = false
            }
            let (made, result) = inflate(to: base, buffer.count)
            if result == Z_STREAM_END { isBetweenMembers = true }
            if made > 0 { return .bytes(made) }
            guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
                return .broken
            }
        }
    }

    private func inflate(to base: UnsafeMutablePointer<UInt8>, _ room: Int) -> (Int, Int32) {
        input.withUnsafeMutableBufferPointer { input in
            guard let first = input.baseAddress else { return (0, Z_DATA_ERROR) }
            stream.next_in = first + start
            stream.avail_in = UInt32(end - start)
            stream.next_out = base
            stream.avail_out = UInt32(room)
            let result = CZlib.inflate(&stream, Z_NO_FLUSH)
            start = end - Int(stream.avail_in)
            return (room - Int(stream.avail_out), result)
        }
    }
}
