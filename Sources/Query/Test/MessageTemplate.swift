/// A message without what differs from one to the next: the text that a programmer wrote, with `<*>`
/// for the rest.
///
/// Words with a digit are the rest (numbers, addresses, times, sizes, ids), and words of eight or more
/// hexadecimal letters. Words end at blanks and at `= , ; ( ) [ ] { } < > " ' |`; a mark behind one
/// (`:`, `.`, `!`, `?`) stays, and blanks in front of all of them go. One rule for all formats: lines are told apart by it as they are read,
/// and nothing is learned. To mask what varies does more for a template than what is done with it
/// after (arXiv 2412.05254).
enum MessageTemplate {
    /// Of a message of several lines the first, and so much of it.
    private static let mostBytes = 4_096
    private static let leastHexadecimal = 8

    private static let ends: [Bool] = (0...255).map { byte in
        byte <= 0x20 || byte == 0x7F || "=,;()[]{}<>\"'|".utf8.contains(UInt8(byte))
    }

    static func append(of message: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        let end = min(message.count, mostBytes)
        var place = message.prefix(end).firstIndex { $0 != 0x20 && $0 != 9 } ?? end
        while place < end, message[place] != 10 {
            guard !ends[Int(message[place])] else {
                text.append(message[place])
                place += 1
                continue
            }
            var next = place
            while next < end, !ends[Int(message[next])] { next += 1 }
            var last = next
            while last > place, isMark(message[last - 1]) { last -= 1 }
            let word = UnsafeRawBufferPointer(rebasing: message[place..<last])
            if isVariable(word) {
                text.append(contentsOf: "<*>".utf8)
            } else {
                text.append(contentsOf: word)
            }
            text.append(contentsOf: message[last..<next])
            place = next
        }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): true
        default: false
        }
    }

    private static func isVariable(_ word: UnsafeRawBufferPointer) -> Bool {
        var isHexadecimal = word.count >= leastHexadecimal
        for byte in word {
            if byte &- 48 < 10 { return true }
            if (byte | 0x20) &- 97 > 5 { isHexadecimal = false }
        }
        return isHexadecimal
    }
}
