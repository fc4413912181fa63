package import Atlas

/// One message as it goes into a batch: its bytes, without what ends it.
package enum SyslogMessage {
    package enum Outcome: Equatable, Sendable {
        case kept
        /// Its first bytes are.
        case cut
        /// There was nothing in it.
        case empty
        case refused(SyslogRefusal)
    }

    /// Takes a datagram, which is one message (RFC 5426 section 3.1); of it at most `limit` bytes.
    package static func add(
        datagram: UnsafeRawBufferPointer,
        limit: Int,
        to batch: inout LineBatch
    ) -> Outcome {
        if case .refused(let refusal) = SyslogOpening(datagram) { return .refused(refusal) }
        return add(datagram[...], limit: limit, to: &batch)
    }

    static func add(
        _ message: Slice<UnsafeRawBufferPointer>,
        limit: Int,
        to batch: inout LineBatch
    ) -> Outcome {
        var whole = message
        // rsyslog and syslog-ng end it with LF, Python's SysLogHandler with NUL.
        while let last = whole.last, last == 0x0A || last == 0x0D || last == 0x00 {
            whole.removeLast()
        }
        guard !whole.isEmpty else { return .empty }
        let kept = whole.prefix(limit)
        batch.bytes.append(contentsOf: kept)
        batch.ends.append(UInt32(batch.bytes.count))
        return kept.count < whole.count ? .cut : .kept
    }
}
