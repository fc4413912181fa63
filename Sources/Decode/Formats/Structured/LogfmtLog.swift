internal import Atlas

/// Pairs of key and value, as Heroku, Go kit, logrus and others write them.
///
///     ts=2026-11-23T07:00:25.5Z level=info msg="server \"a\" is up" took=3ms cached empty=
///
/// A key is any bytes above the blank but `=` and `"`. A value is bare up to the next blank or tab, or
/// in quotes with backslashes; the last one may lack its closing quote. A key alone is a field that is
/// true, other bytes between pairs are passed over. A line without a pair is unknown.
package struct LogfmtLog: LogFormat {
    package let name = "logfmt"
    package let summary = "key=value pairs, as Heroku, Go kit and logrus write them"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        var roles = RoleReading()
        let isWanted = fields.isWanted
        let count = line.countWithoutReturn
        var index = 0
        var hasPair = false
        fields.keys.begin(.pairs)
        var ordinal = 0
        while true {
            let key: Range<Int>
            let role: KeyRole
            if let found = fields.keys.find(ordinal, in: line, at: index, before: count) {
                (key, role) = (found.key, found.role)
                index = found.end
                ordinal = found.ordinal &+ 1
            } else {
                let start = index
                while index < count, !Self.isKey(line.byte(index)) { index &+= 1 }
                guard index < count else { break }
                key = index..<Self.keyEnd(line, from: index &+ 1, to: count)
                index = key.upperBound
                guard index < count, line.byte(index) == 0x3D else {
                    if isWanted { fields.add(named: key, index..<index, .true) }
                    continue
                }
                index &+= 1
                role = KeyRole(line, key)
                fields.keys.note(ordinal, line, start..<index, key: key, role)
                ordinal &+= 1
            }
            hasPair = true
            var value = index..<index
            var kind = Field.Kind.text
            if index < count, line.byte(index) == 0x22 {
                let end = min(line.closingQuote(from: index &+ 1)?.end ?? count, count)
                value = (index &+ 1)..<end
                kind = .backslashed
                index = min(end &+ 1, count)
            } else {
                index = line.next(0x20, or: 0x09, from: index, to: count)
                value = value.lowerBound..<index
            }
            if isWanted { fields.add(named: key, value, kind) }
            roles.take(role, line, value, kind, &fields.times)
        }
        return hasPair ? roles.parsed(.record) : unknown(&fields)
    }

    /// Words alone are a text, and no flags.
    private func unknown(_ fields: inout FieldList) -> ParsedLine {
        fields.removeAll()
        return ParsedLine(shape: .unknown)
    }

    @inline(__always)
    private static func isKey(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x3D && byte != 0x22
    }

    @inline(__always)
    private static func keyEnd(_ line: borrowing RawSpan, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, isKey(line.byte(index)) { index &+= 1 }
        return index
    }
}
