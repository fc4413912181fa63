/// Writes one event as one line of JSON: `{"@tag":…,"@time":…,FIELDS,"@metadata":…}`.
///
/// Fields keep their order. Text and bytes become strings, with what is no UTF-8 as it came; other
/// types of an application become `{"@ext":TYPE,"@base64":…}`; a number that JSON cannot say is
/// null; a key that is a number or the like becomes its text. Docs/forward.md tells it to users.
package struct EventWriter {
    package enum Outcome {
        case written
        /// It is whole, and no event.
        case invalid
        /// It is not whole, or no MessagePack.
        case torn
    }

    /// What is left of an array or map that is being written.
    private struct Level {
        var left: Int
        var isMap: Bool
        var isFirst = true
    }

    private var levels: [Level] = []
    /// How the line before began: most of those that follow begin so, too.
    private var opening: (head: [UInt8], seconds: Int64, bytes: [UInt8]) = ([], 0, [])

    package init() {}

    /// Appends the event `[time, record]`, or without the array around it where `isBare`, and goes
    /// behind it.
    ///
    /// `head` is `{"@tag":"…"`. Nothing is appended of what is no event, and `offset` then is
    /// behind it, too, unless it is torn.
    package mutating func append(
        _ bytes: RawSpan,
        at offset: inout Int,
        isBare: Bool,
        head: [UInt8],
        to line: inout JSONSink
    ) -> Outcome {
        let start = line.count
        let begin = offset
        if isBare || isPair(bytes, at: &offset), let time = ForwardTime(bytes, at: &offset),
            let record = MessagePackHead.read(bytes, at: offset), case .map = record.kind
        {
            if let (seconds, nanoseconds) = time.value {
                if seconds != opening.seconds || head != opening.head { open(head, seconds) }
                line.append(opening.bytes)
                line.appendNanoseconds(nanoseconds)
            } else {
                line.append(head)
            }
            offset += record.length
            if record.children == 0 || members(bytes, at: &offset, record.children, to: &line) {
                var isWhole = true
                if let metadata = time.metadata {
                    line.append(",\"@metadata\":")
                    var at = metadata.lowerBound
                    isWhole = value(bytes, at: &at, to: &line)
                }
                if isWhole {
                    line.append(0x7D)
                    return .written
                }
            }
        }
        line.truncate(to: start)
        levels.removeAll(keepingCapacity: true)
        offset = begin
        var skipper = MessagePackSkipper(at: begin)
        for _ in 0..<(isBare ? 2 : 1) {
            guard case .whole(let end) = skipper.advance(bytes, limit: .max >> 1) else {
                return .torn
            }
            offset = end
            skipper = MessagePackSkipper(at: end)
        }
        return .invalid
    }

    @inline(never)
    private mutating func open(_ head: [UInt8], _ seconds: Int64) {
        var sink = JSONSink(capacity: 64)
        sink.append(head)
        sink.append(",\"@time\":")
        sink.appendDecimal(seconds)
        sink.append(0x2E)
        opening = (head, seconds, sink.take())
    }

    private func isPair(_ bytes: RawSpan, at offset: inout Int) -> Bool {
        guard let head = MessagePackHead.read(bytes, at: offset), case .array = head.kind,
            head.children == 2
        else { return false }
        offset += head.length
        return true
    }

    /// The fields of a record, each after a comma.
    private mutating func members(
        _ bytes: RawSpan,
        at offset: inout Int,
        _ count: Int,
        to line: inout JSONSink
    ) -> Bool {
        for _ in 0..<(count / 2) {
            line.append(0x2C)
            guard key(bytes, at: &offset, to: &line) else { return false }
            if let text = Self.shortText(bytes, offset) {
                line.appendQuoted(bytes, text)
                offset = text.upperBound
            } else if !value(bytes, at: &offset, to: &line) {
                return false
            }
        }
        return true
    }

    /// The most common of all: a text of up to 255 bytes.
    @inline(__always)
    private static func shortText(_ bytes: RawSpan, _ offset: Int) -> Range<Int>? {
        guard offset + 2 <= bytes.byteCount else { return nil }
        let first = bytes.byte(offset)
        let range: Range<Int>
        if first & 0xE0 == 0xA0 {
            range = (offset + 1)..<(offset + 1 + Int(first & 0x1F))
        } else if first == 0xD9 || first == 0xC4 {
            range = (offset + 2)..<(offset + 2 + Int(bytes.byte(offset + 1)))
        } else {
            return nil
        }
        return range.upperBound <= bytes.byteCount ? range : nil
    }

    @inline(__always)
    private func key(_ bytes: RawSpan, at offset: inout Int, to line: inout JSONSink) -> Bool {
        if let text = Self.shortText(bytes, offset) {
            line.appendQuoted(bytes, text)
            line.append(0x3A)
            offset = text.upperBound
            return true
        }
        guard let head = MessagePackHead.read(bytes, at: offset) else { return false }
        let payload = offset + head.length
        let end = payload + head.payload
        guard end <= bytes.byteCount, head.children == 0 else { return false }
        offset = end
        if case .text = head.kind {
            line.appendQuoted(bytes, payload..<end)
        } else {
            guard !head.isContainer else { return false }
            var sink = JSONSink(capacity: 64)
            Self.append(head, bytes, payload, to: &sink)
            let scalar = sink.take()
            line.appendQuoted(scalar.span.bytes, scalar.indices)
        }
        line.append(0x3A)
        return true
    }

    /// One value with all inside it, without recursion.
    private mutating func value(
        _ bytes: RawSpan,
        at offset: inout Int,
        to line: inout JSONSink
    ) -> Bool {
        while true {
            guard let head = MessagePackHead.read(bytes, at: offset) else { return false }
            let payload = offset + head.length
            let end = payload + head.payload
            guard end <= bytes.byteCount else { return false }
            switch head.kind {
            case .text: line.appendQuoted(bytes, payload..<end)
            case .array, .map:
                guard levels.count < MessagePackSkipper.depthLimit,
                    head.children <= bytes.byteCount - end
                else { return false }
                let isMap = if case .map = head.kind { true } else { false }
                line.append(isMap ? 0x7B : 0x5B)
                levels.append(
                    Level(left: isMap ? head.children / 2 : head.children, isMap: isMap)
                )
            default: Self.append(head, bytes, payload, to: &line)
            }
            offset = end
            guard goOn(bytes, &offset, &line) else { return false }
            if levels.isEmpty { return true }
        }
    }

    /// Closes what is complete, and begins the next element of what is open.
    @inline(__always)
    private mutating func goOn(
        _ bytes: RawSpan,
        _ offset: inout Int,
        _ line: inout JSONSink
    ) -> Bool {
        while let last = levels.indices.last {
            guard levels[last].left > 0 else {
                line.append(levels[last].isMap ? 0x7D : 0x5D)
                levels.removeLast()
                continue
            }
            levels[last].left -= 1
            if !levels[last].isFirst { line.append(0x2C) }
            levels[last].isFirst = false
            return levels[last].isMap ? key(bytes, at: &offset, to: &line) : true
        }
        return true
    }

    private static func append(
        _ head: MessagePackHead,
        _ bytes: RawSpan,
        _ payload: Int,
        to line: inout JSONSink
    ) {
        switch head.kind {
        case .null: line.append("null")
        case .flag(let flag): line.append(flag ? "true" : "false")
        case .unsigned(let value): line.appendDecimal(value)
        case .negative(let value): line.appendDecimal(value)
        case .float(let value): line.appendNumber(value)
        case .double(let value): line.appendNumber(value)
        case .ext(let type):
            line.append("{\"@ext\":")
            line.appendDecimal(Int64(type))
            line.append(",\"@base64\":\"")
            line.appendBase64(bytes, payload..<(payload + head.payload))
            line.append("\"}")
        case .text, .array, .map: break
        }
    }
}
