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
}
