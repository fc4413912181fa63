internal import Atlas

/// What syslog daemons write and send: lines of their files, and messages with a priority.
///
///     Nov 23 07:00:25 lb-1 haproxy[3055]: Proxy be started.            (SyslogHead)
///     <133>Nov 23 07:00:25 haproxy[3055]: Proxy be started.            (RFC 3164)
///     <133>1 2026-11-23T07:00:25.586Z lb-1 haproxy 3055 - - Proxy …    (RFC 5424, Syslog5424)
///     <14>text                                                         (Python's SysLogHandler)
///
/// A priority tells the level. Files do not hold it: there the level is read from the words of the
/// message, the way programs usually say it: `error:`, `[warn]`, `level=error`, `WARNING`,
/// `Failed to`. What says nothing has none. What has neither a priority nor a time is unknown, and
/// counts as a notice (RFC 3164 section 4.3.3).
package struct SyslogLog: LogFormat {
    package let name = "syslog"
    package let summary = "what syslog daemons write and send (RFC 3164, RFC 5424), of any program"

    /// Further on in a message words are rather those of somebody else.
    private static let reach = 160

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let priority = SyslogPriority.read(line) else {
            return file(line, into: &fields)
        }
        if fields.isWanted {
            fields.add(.facility, priority.digits, .facility)
            fields.add(.severity, priority.digits, .severity)
        }
        let level = SyslogPriority.level(priority.number)
        if let parsed = Syslog5424.parse(line, from: priority.next, level, into: &fields) {
            return parsed
        }
        guard let head = SyslogHead(line, from: priority.next, &fields.times) else {
            return headless(line, from: priority.next, level, into: &fields)
        }
        add(head, to: &fields)
        return record(head, level)
    }

    /// A line of a file, or a message whose priority is missing or none.
    private func file(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let head = SyslogHead(line, from: 0, &fields.times) else {
            if line.has("\t", at: 0) { return ParsedLine(shape: .continuation) }
            return ParsedLine(shape: .unknown, level: SyslogPriority.level(SyslogPriority.standard))
        }
        add(head, to: &fields)
        return record(head, Self.level(line, from: head.messageStart))
    }

    private func record(_ head: SyslogHead, _ level: Level?) -> ParsedLine {
        ParsedLine(
            shape: .record,
            time: head.time,
            level: level,
            messageStart: head.tag.isEmpty ? head.messageStart : head.tag.lowerBound,
            step: head.step
        )
    }

    /// A message that has a priority and then neither a time nor a host.
    private func headless(
        _ line: RawSpan,
        from start: Int,
        _ level: Level,
        into fields: inout FieldList
    ) -> ParsedLine {
        let word = start..<SyslogHead.wordEnd(line, from: start)
        if fields.isWanted, let tag = SyslogHead.Tag(line, word), line.level(named: tag.name) == nil
        {
            if !tag.name.isEmpty { fields.add(.program, tag.name) }
            if !tag.pid.isEmpty { fields.add(.pid, tag.pid) }
        }
        return ParsedLine(shape: .record, level: level, messageStart: start)
    }

    private func add(_ head: SyslogHead, to fields: inout FieldList) {
        guard fields.isWanted else { return }
        if !head.host.isEmpty { fields.add(.host, head.host) }
        if !head.tag.isEmpty { fields.add(.program, head.tag) }
        if !head.pid.isEmpty { fields.add(.pid, head.pid) }
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
