/// A whole message of the Forward protocol: which events, and what its sender wants to know.
///
///     Message                  [tag, time, record, option?]
///     Forward                  [tag, [[time, record], …], option?]
///     PackedForward            [tag, bytes of [time, record] …, option?]
///     CompressedPackedForward  the same, with option compressed = gzip, or zstd (fluentd since 1.19)
///
/// Source: Forward Protocol Specification v1, "Event Modes".
package struct ForwardMessage {
    package enum Events: Equatable {
        /// Time and record of one event, without an array around them.
        case bare(Range<Int>)
        /// Events one after the other.
        case sequence(Range<Int>)
        case gzip(Range<Int>)
        case zstd(Range<Int>)
    }

    package var tag: Range<Int>
    package var events: Events
    /// The sender's name for what it wants acknowledged.
    package var chunk: Range<Int>?
    /// What the sender says that it holds; at least 1.
    package var size = 1
    /// Set for what is no log: metrics or traces.
    package var signal: UInt64 = 0
    /// Set for a compression that is not read.
    package var unreadable: [UInt8]?

    /// Reads the message that `skipper` has found whole up to `end`; nil for what is none.
    package init?(_ bytes: RawSpan, _ skipper: MessagePackSkipper, end: Int) {
        let parts = skipper.parts
        guard skipper.partCount >= 2, skipper.partCount <= 8, parts.count == skipper.partCount,
            let tag = Self.text(bytes, at: parts[0]),
            let second = MessagePackHead.read(bytes, at: parts[1])
        else { return nil }
        self.tag = tag
        let next = parts.count > 2 ? parts[2] : end
        let payload = parts[1] + second.length
        let option: Int?
        switch second.kind {
        case .text:
            events = .sequence(payload..<next)
            option = parts.count > 2 ? parts[2] : nil
        case .array where !Self.isTime(bytes, second, at: payload):
            events = .sequence(payload..<next)
            option = parts.count > 2 ? parts[2] : nil
        default:
            guard parts.count >= 3 else { return nil }
            events = .bare(parts[1]..<(parts.count > 3 ? parts[3] : end))
            option = parts.count > 3 ? parts[3] : nil
        }
        if let option { readOption(bytes, at: option) }
    }

    /// `[EventTime, metadata]`, where an event would begin with another array.
    private static func isTime(_ bytes: RawSpan, _ array: MessagePackHead, at offset: Int) -> Bool {
        guard array.children == 2, let first = MessagePackHead.read(bytes, at: offset) else {
            return false
        }
        if case .array = first.kind { return false }
        return true
    }

    package static func text(_ bytes: RawSpan, at offset: Int) -> Range<Int>? {
        guard let head = MessagePackHead.read(bytes, at: offset), case .text = head.kind else {
            return nil
        }
        let payload = offset + head.length
        guard payload + head.payload <= bytes.byteCount else { return nil }
        return payload..<(payload + head.payload)
    }

    private mutating func readOption(_ bytes: RawSpan, at start: Int) {
        guard let head = MessagePackHead.read(bytes, at: start), case .map = head.kind else {
            return
        }
        var offset = start + head.length
        for _ in 0..<(head.children / 2) {
            guard let key = Self.text(bytes, at: offset) else { return }
            offset = key.upperBound
            let value = Self.text(bytes, at: offset)
            let number = Self.number(bytes, at: offset)
            if bytes.isEqual("chunk", key), let value { chunk = value }
            if bytes.isEqual("size", key), let number { size = Int(min(max(number, 1), 1 << 24)) }
            if bytes.isEqual("fluent_signal", key), let number { signal = number }
            if bytes.isEqual("compressed", key), let value { compress(bytes, value) }
            var skipper = MessagePackSkipper(at: offset)
            guard case .whole(let end) = skipper.advance(bytes, limit: bytes.byteCount) else {
                return
            }
            offset = end
        }
    }

    private mutating func compress(_ bytes: RawSpan, _ name: Range<Int>) {
        if bytes.isEqual("text", name) { return }
        if case .sequence(let range) = events {
            if bytes.isEqual("gzip", name) {
                events = .gzip(range)
                return
            }
            if bytes.isEqual("zstd", name) {
                events = .zstd(range)
                return
            }
        }
        unreadable = bytes.array(name)
    }

    private static func number(_ bytes: RawSpan, at offset: Int) -> UInt64? {
        guard let head = MessagePackHead.read(bytes, at: offset),
            case .unsigned(let value) = head.kind
        else { return nil }
        return value
    }
}
