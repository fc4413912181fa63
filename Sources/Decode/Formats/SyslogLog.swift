internal import Atlas

/// Any program's line in a file that a syslog daemon wrote (`SyslogHead`).
///
/// Such files do not hold the severity that the line was sent with; it is read from the words of
/// the message, the way programs usually say it: `error:`, `[warn]`, `level=error`, `WARNING`,
/// `Failed to`. What says nothing has no level.
package struct SyslogLog: LogFormat {
    package let name = "syslog"
    package let summary = "syslog files of any program; the level is read from the message's words"

    /// Further on in a message words are rather those of somebody else.
    private static let reach = 160

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let head = SyslogHead(line) else {
            return ParsedLine(shape: line.has("\t", at: 0) ? .continuation : .unknown)
        }
        return ParsedLine(
            shape: .record,
            time: head.time,
            level: Self.level(line, from: head.messageStart),
            messageStart: head.tag.isEmpty ? head.messageStart : head.tag.lowerBound,
            step: head.step
        )
    }

    /// The gravest that is said.
    static func level(_ line: borrowing RawSpan, from start: Int) -> Level? {
        var found: Level?
        var index = start
        let end = min(line.byteCount, start + reach)
        while index < end {
            guard isLetter(line.byte(index)) else {
                index += 1
                continue
            }
            let first = index
            while index < line.byteCount, isLetter(line.byte(index)) { index += 1 }
            guard (3...9).contains(index - first),
                let level = level(line, word: first..<index, isFirst: first == start)
            else { continue }
            found = max(found ?? level, level)
        }
        return found
    }

    private static func level(
        _ line: borrowing RawSpan,
        word: Range<Int>,
        isFirst: Bool
    ) -> Level? {
        if isWord("failed", line, word) || isWord("failure", line, word)
            || isWord("segfault", line, word)
        {
            return isWord("segfault", line, word) ? .error : .warn
        }
        let isGrave = isWord("panic", line, word) || isWord("emerg", line, word)
        let isError =
            isWord("error", line, word) || isWord("err", line, word)
            || isWord("critical", line, word) || isWord("crit", line, word)
            || isWord("fatal", line, word)
        let isWarning = isWord("warning", line, word) || isWord("warn", line, word)
        guard isGrave || isError || isWarning else { return nil }
        let isLoud = line.byte(word.lowerBound) < 0x61 && line.byte(word.upperBound - 1) < 0x61
        guard isFirst || isLoud || isMarked(line, word) else { return nil }
        return isGrave ? .fatal : isError ? .error : .warn
    }

    /// `error:`, `<error>`, `[error]`, `level=error`, `I/O error,`.
    private static func isMarked(_ line: borrowing RawSpan, _ word: Range<Int>) -> Bool {
        if word.upperBound < line.byteCount {
            switch line.byte(word.upperBound) {
            case 0x3A, 0x5D, 0x3E, 0x7C, 0x2C: return true
            default: break
            }
        }
        guard word.lowerBound > 0 else { return false }
        return switch line.byte(word.lowerBound - 1) {
        case 0x3D, 0x5B, 0x3C, 0x7C: true
        default: false
        }
    }

    private static func isWord(
        _ wanted: StaticString,
        _ line: borrowing RawSpan,
        _ word: Range<Int>
    ) -> Bool {
        guard word.count == wanted.utf8CodeUnitCount else { return false }
        for offset in 0..<word.count
        where line.byte(word.lowerBound + offset) | 0x20 != wanted.utf8Start[offset] {
            return false
        }
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
