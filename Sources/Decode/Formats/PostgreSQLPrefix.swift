/// What `log_line_prefix` usually holds behind the time.
///
///     [26077] user@db              Debian's (%m [%p] %q%u@%d )
///     [26077]: [3-1] user=app,db=orders,app=psql,client=10.0.0.9       pgBadger's
///
/// Other parts are passed over. Source: PostgreSQL 15 manual, 20.8.3 "What to Log".
enum PostgreSQLPrefix {
    static func add(_ line: RawSpan, _ prefix: Range<Int>, to fields: inout FieldList) {
        var hasProcess = false
        var index = prefix.lowerBound
        while index < prefix.upperBound {
            let byte = line.byte(index)
            guard byte != 0x20, byte != 0x2C, byte != 0x3A else {
                index += 1
                continue
            }
            if byte == 0x5B {
                let close = line.next(0x5D, from: index, to: prefix.upperBound)
                // With the number of the line in the session, maybe.
                let end = line.next(0x2D, from: index + 1, to: close)
                let number = min(index + 1, end)..<end
                if !hasProcess, line.isNumber(number) {
                    fields.add(.pid, number, .number)
                    hasProcess = true
                }
                index = close + 1
                continue
            }
            let end = wordEnd(line, index..<prefix.upperBound)
            addWord(line, index..<end, to: &fields)
            index = end
        }
    }

    /// The SQLSTATE of a verbose message: `00000: text`.
    static func addCode(_ line: RawSpan, at start: Int, to fields: inout FieldList) {
        guard line.hasPrefix(": ", at: start + 5) else { return }
        for index in start..<start + 5 {
            let byte = line.byte(index)
            guard byte &- 48 < 10 || (0x41...0x5A).contains(byte) else { return }
        }
        fields.add(.code, start..<start + 5)
    }

    /// Up to a blank or a comma.
    private static func wordEnd(_ line: RawSpan, _ range: Range<Int>) -> Int {
        line.next(0x20, or: 0x2C, from: range.lowerBound, to: range.upperBound)
    }

    private static func addWord(_ line: RawSpan, _ word: Range<Int>, to fields: inout FieldList) {
        if let equals = line.index(of: 0x3D, in: word), equals > word.lowerBound {
            let name = word.lowerBound..<equals
            let value = equals + 1..<word.upperBound
            guard !value.isEmpty else { return }
            if line.isWord(name, "user") { return fields.add(.user, value) }
            if line.isWord(name, "db") { return fields.add(.database, value) }
            if line.isWord(name, "app") { return fields.add(.program, value) }
            if line.isWord(name, "client") || line.isWord(name, "host") {
                return fields.add(.client, value)
            }
            return fields.add(named: name, value)
        }
        guard let at = line.index(of: 0x40, in: word) else { return }
        if at > word.lowerBound { fields.add(.user, word.lowerBound..<at) }
        if at + 1 < word.upperBound { fields.add(.database, at + 1..<word.upperBound) }
    }
}
