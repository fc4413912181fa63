import NIOCore
import Wire

/// The events of one message on their way into lines.
struct ForwardWork {
    /// Bytes of an event as a line; what it has more is cut.
    static let lineLimit = 1 << 20

    let bytes: ByteBuffer
    let head: [UInt8]
    let isBare: Bool
    /// Goes with the last of its lines.
    let receipt: UInt64?
    /// Events that are none.
    private(set) var invalid = 0
    private(set) var hasLines = false
    private var offset = 0

    init(bytes: ByteBuffer, head: [UInt8], isBare: Bool, receipt: UInt64?) {
        self.bytes = bytes
        self.head = head
        self.isBare = isBare
        self.receipt = receipt
    }

    /// Appends lines until there are `size` bytes of them; true when all are done.
    mutating func advance(
        _ writer: inout EventWriter,
        _ lines: inout JSONSink,
        _ ends: inout [UInt32],
        upTo size: Int,
        cut: inout Int
    ) -> Bool {
        let whole = bytes
        let span = whole.readableBytesSpan
        while offset < span.byteCount {
            if lines.count >= size { return false }
            let start = lines.count
            switch writer.append(span, at: &offset, isBare: isBare, head: head, to: &lines) {
            case .written:
                if lines.count - start > Self.lineLimit {
                    lines.truncate(to: start + Self.lineLimit)
                    cut += 1
                }
                ends.append(UInt32(lines.count))
                hasLines = true
            case .invalid:
                invalid += 1
            case .torn:
                invalid += 1
                return true
            }
            if isBare { break }
        }
        return true
    }
}
