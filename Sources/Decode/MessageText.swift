/// The message of a line that was read before, as people read it.
package enum MessageText {
    /// From where the message begins to the end of the line, as written; of a line of JSON, whose
    /// message lies between quotes, what is in there, without its escapes and a last line end.
    package static func bytes(of line: [UInt8], from start: Int) -> [UInt8] {
        let start = min(max(0, start), line.count)
        guard start > 0, line[0] == UInt8(ascii: "{"), line[start - 1] == UInt8(ascii: "\"") else {
            return Array(line[start...])
        }
        let span = line.span.bytes
        let end = span.closingQuote(from: start)?.end ?? line.count
        var text: [UInt8] = []
        FieldText.append(start..<end, .json, of: span, to: &text)
        if text.last == 10 { text.removeLast() }
        return text
    }

    /// The same where it stands alone: of an entry of the journal with who wrote it in front, as in
    /// a line of syslog: `sshd[42]: text`.
    package static func bytes(standingAlone line: [UInt8], from start: Int) -> [UInt8] {
        let message = bytes(of: line, from: start)
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
