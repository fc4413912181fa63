/// The message of a line that was read before, as people read it.
package enum MessageText {
    /// From where the message begins to the end of the line, as written; of a line of JSON or
    /// logfmt, whose message lies between quotes, what is in there, without its escapes and a last
    /// line end.
    package static func bytes(of line: [UInt8], from start: Int) -> [UInt8] {
        let start = min(max(0, start), line.count)
        guard let end = quoted(line, from: start) else { return Array(line[start...]) }
        let isJSON = isObject(line)
        var text: [UInt8] = []
        FieldText.append(start..<end, isJSON ? .json : .backslashed, of: line.span.bytes, to: &text)
        if text.last == 10 { text.removeLast() }
        return text
    }

    /// Where a message between quotes ends; nil for one that is not between quotes.
    private static func quoted(_ line: [UInt8], from start: Int) -> Int? {
        guard 1 < start, start <= line.count, line[start - 1] == UInt8(ascii: "\"") else {
            return nil
        }
        guard isObject(line) || line[start - 2] == UInt8(ascii: "=") else {
            return nil
        }
        return line.span.bytes.closingQuote(from: start)?.end ?? line.count
    }

    /// True for a line of JSON, as `JSONLog` takes it.
    private static func isObject(_ line: [UInt8]) -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return line.dropFirst(line.starts(with: mark) ? mark.count : 0)
            .first { !JSONMembers.isBlank($0) } == UInt8(ascii: "{")
    }

    /// The same where it stands alone: of an entry of the journal with who wrote it in front, as in
    /// a line of syslog, `sshd[42]: text`; of logfmt with the fields behind it, as they are.
    package static func bytes(standingAlone line: [UInt8], from start: Int) -> [UInt8] {
        let message = bytes(of: line, from: start)
        if let end = quoted(line, from: start), !isObject(line) {
            return message + line[min(end + 1, line.count)...]
        }
        guard start > 0, line.starts(with: "__REALTIME_TIMESTAMP=".utf8) else { return message }
        var fields = FieldList()
        _ = JournalExportLog().parse(line.span.bytes, into: &fields)
        var (program, pid): (Range<Int>?, Range<Int>?) = (nil, nil)
        for index in 0..<fields.count {
            switch fields[index].name {
            case .known(.program): program = fields[index].value.range
            case .known(.pid): pid = fields[index].value.range
            default: continue
            }
        }
        guard let program else { return message }
        let number = pid.map { Array("[".utf8) + line[$0] + Array("]".utf8) } ?? []
        return line[program] + number + Array(": ".utf8) + message
    }
}
