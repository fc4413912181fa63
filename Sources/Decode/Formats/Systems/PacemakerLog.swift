internal import Atlas

/// Pacemaker's detail log, and what its daemons say through syslog.
///
///     Nov 23 07:07:00.578 pcmk1 pacemakerd          [32] (start_child) \tinfo: Using uid=106 …
///     └ local time        └ host └ program          pid  └ function      └ level └ message
///     Nov 23 07:07:00 pcmk1 pacemaker-controld[32]:  notice: State transition S_IDLE -> …
///     Nov 23 07:07:00 [32] pcmk1 crmd:     info: do_state_transition: State transition …   (1.1)
///
/// Source: Pacemaker 2.1, lib/common/logging.c (set_format_string).
package struct PacemakerLog: LogFormat {
    package let name = "pacemaker"
    package let summary = "Pacemaker's detail log, from its own file or through syslog"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let head = SyslogHead.read(line, &fields) else {
            return ParsedLine(shape: line.has("\t", at: 0) ? .continuation : .unknown)
        }
        return own(line, head, into: &fields) ?? old(line, head, into: &fields)
            ?? syslog(line, head, into: &fields) ?? ParsedLine(shape: .unknown)
    }

    /// `HOST PROGRAM   [PID] (FUNCTION) \tLEVEL: `.
    private func own(
        _ line: RawSpan,
        _ head: SyslogHead,
        into fields: inout FieldList
    ) -> ParsedLine? {
        guard head.tag.isEmpty, !head.host.isEmpty else { return nil }
        let program = head.messageStart..<SyslogHead.wordEnd(line, from: head.messageStart)
        let open = line.skipBlanks(from: program.upperBound)
        let pidEnd = line.endOfDigits(from: open + 1)
        guard line.has("[", at: open), pidEnd > open + 1, line.hasPrefix("] (", at: pidEnd) else {
            return nil
        }
        let function = pidEnd + 3
        let close = line.next(0x29, from: function)
        guard let (level, message) = Self.level(line, from: close + 1) else { return nil }
        if fields.isWanted {
            fields.add(.host, head.host)
            fields.add(.program, program)
            fields.add(.pid, open + 1..<pidEnd, .number)
            // Its place in a source file may stand before a function's name.
            let name = (line.lastIndex(of: 0x40, in: function..<close) ?? function - 1) + 1
            fields.add(.function, name..<close)
        }
        return record(head, level, message)
    }

    /// `[PID] HOST PROGRAM:  LEVEL: FUNCTION: `.
    private func old(
        _ line: RawSpan,
        _ head: SyslogHead,
        into fields: inout FieldList
    ) -> ParsedLine? {
        let pid = head.host
        guard pid.count > 2, line.has("[", at: pid.lowerBound),
            line.has("]", at: pid.upperBound - 1)
        else { return nil }
        let host = pid.upperBound + 1
        let hostEnd = SyslogHead.wordEnd(line, from: host)
        let program = line.skipBlanks(from: hostEnd)
        let programEnd = SyslogHead.wordEnd(line, from: program)
        guard line.has(":", at: programEnd - 1), programEnd - 1 > program,
            let (level, message) = Self.level(line, from: programEnd)
        else { return nil }
        if fields.isWanted {
            fields.add(.host, host..<hostEnd)
            fields.add(.program, program..<programEnd - 1)
            fields.add(.pid, pid.lowerBound + 1..<pid.upperBound - 1, .number)
        }
        return record(head, level, message)
    }

    private func syslog(
        _ line: RawSpan,
        _ head: SyslogHead,
        into fields: inout FieldList
    ) -> ParsedLine? {
        guard Self.isOwn(line, head.tag) else { return nil }
        let stated = Self.level(line, from: head.messageStart)
        if fields.isWanted {
            if !head.host.isEmpty { fields.add(.host, head.host) }
            fields.add(.program, head.tag)
            if !head.pid.isEmpty { fields.add(.pid, head.pid) }
        }
        return record(head, stated?.0, stated?.message ?? head.messageStart)
    }

    private func record(_ head: SyslogHead, _ level: Level?, _ message: Int) -> ParsedLine {
        ParsedLine(
            shape: .record,
            time: head.time,
            level: level,
            messageStart: message,
            step: head.step
        )
    }

    /// Its daemons, with their names of 1.1 too.
    private static func isOwn(_ line: borrowing RawSpan, _ tag: Range<Int>) -> Bool {
        line.hasPrefix("pacemaker", at: tag.lowerBound) || line.isWord(tag, "crmd")
            || line.isWord(tag, "attrd") || line.isWord(tag, "stonith-ng")
            || line.isWord(tag, "cib") || line.isWord(tag, "lrmd") || line.isWord(tag, "pengine")
    }

    /// A level and its colon behind blanks.
    private static func level(
        _ line: borrowing RawSpan,
        from start: Int
    ) -> (Level, message: Int)? {
        var word = line.skipBlanks(from: start)
        if line.has("\t", at: word) { word += 1 }
        let end = line.lettersEnd(from: word)
        guard line.hasPrefix(": ", at: end), let level = line.level(named: word..<end) else {
            return nil
        }
        return (level, end + 2)
    }
}
