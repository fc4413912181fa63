import NIOCore
import Wire

/// The events of one message on their way into lines.
struct ForwardWork {
    /// Bytes of an event as a line; what it has more is cut.
    static let lineLimit = 1 << 20

    private var bytes: ByteBuffer
    /// What is to be unpacked behind `bytes`.
    private let pieces: PackedPieces?
    let head: [UInt8]
    let isBare: Bool
    /// Goes with the last of its lines.
    let receipt: UInt64?
    /// Events that are none.
    private(set) var invalid = 0
    private(set) var hasLines = false
    private var offset = 0

    init(
        bytes: ByteBuffer,
        unpacking pieces: PackedPieces? = nil,
        head: [UInt8],
        isBare: Bool,
        receipt: UInt64?
    ) {
        self.bytes = bytes
        self.pieces = pieces
        self.head = head
        self.isBare = isBare
        self.receipt = receipt
    }

    var heldBytes: Int { bytes.readableBytes + (pieces?.heldBytes ?? 0) }

    /// Appends lines until there are `size` bytes of them; true when all are done.
    mutating func advance(
        _ writer: inout EventWriter,
        _ lines: inout JSONSink,
        _ ends: inout [UInt32],
        upTo size: Int,
        cut: inout Int
    ) -> Bool {
        while true {
            let stop = write(&writer, &lines, &ends, upTo: size, cut: &cut)
            if stop == .full { return false }
            // What seems torn may go on in the next piece.
            if unpackMore() { continue }
            if stop == .torn { invalid += 1 }
            return true
        }
    }

    private enum Stop {
        case full, end, torn
    }

    private mutating func write(
        _ writer: inout EventWriter,
        _ lines: inout JSONSink,
        _ ends: inout [UInt32],
        upTo size: Int,
        cut: inout Int
    ) -> Stop {
        let whole = bytes
        let span = whole.readableBytesSpan
        while offset < span.byteCount {
            if lines.count >= size { return .full }
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
                return .torn
            }
            if isBare { break }
        }
        return .end
    }

    /// The next piece behind what is left: as much again, so that a long event is not read often.
    private mutating func unpackMore() -> Bool {
        guard let pieces, !pieces.isOver else { return false }
        bytes.moveReaderIndex(forwardBy: offset)
        offset = 0
        bytes.discardReadBytes()
        guard bytes.readableBytes < ForwardConnection.messageLimit else { return false }
        // The whole was looked at before.
        let piece = pieces.unpack(max(PackedBody.piece, bytes.readableBytes), into: &bytes)
        return piece != .damaged && piece != .noMemory
    }
}
