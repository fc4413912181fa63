internal import Atlas

/// Labeled Tab-separated Values (ltsv.org): `label:value` between tabs.
///
///     time:[23/Nov/2026:07:00:25 +0900]	host:192.0.2.7	status:200	ua:Mozilla/5.0 (X11; …)
///
/// A label ends at its first colon and consists of letters, digits, `_`, `.`, `-` and `@`; values
/// may be empty. A part without such a label is passed over; a line without any is unknown.
package struct LTSVLog: LogFormat {
    package let name = "ltsv"
    package let summary = "label:value between tabs (ltsv.org)"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        var roles = RoleReading()
        var hasLabel = false
        var start = 0
        let count = line.countWithoutReturn
        while start <= count {
            let end = line.next(0x09, from: start, to: count)
            let colon = Self.labelEnd(line, from: start, to: end)
            if colon > start, colon < end, line.byte(colon) == 0x3A {
                hasLabel = true
                let value = (colon &+ 1)..<end
                if fields.isWanted { fields.add(named: start..<colon, value) }
                roles.take(line, key: start..<colon, value: value, .text, &fields.times)
            }
            start = end &+ 1
        }
        return hasLabel ? roles.parsed(.record) : ParsedLine(shape: .unknown)
    }

    @inline(__always)
    private static func labelEnd(_ line: borrowing RawSpan, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end {
            let byte = line.byte(index)
            let isLabel =
                (byte | 0x20) &- 0x61 < 26 || byte &- 48 < 10 || byte == 0x5F || byte == 0x2E
                || byte == 0x2D || byte == 0x40
            guard isLabel else { break }
            index &+= 1
        }
        return index
    }
}
