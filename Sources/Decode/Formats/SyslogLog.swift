internal import Atlas

/// What syslog daemons write and send: lines of their files, and messages with a priority.
///
///     Nov 23 07:00:25 lb-1 haproxy[3055]: Proxy be started.            (SyslogHead)
///     <133>Nov 23 07:00:25 haproxy[3055]: Proxy be started.            (RFC 3164)
///     <133>1 2026-11-23T07:00:25.586Z lb-1 haproxy 3055 - - Proxy …    (RFC 5424, Syslog5424)
///     <14>text                                                         (Python's SysLogHandler)
///
/// A priority tells the level. Files do not hold it: there the level is read from the words of the
/// message (`SaidLevel`). What says nothing has none. What has neither a priority nor a time is unknown, and
/// counts as a notice (RFC 3164 section 4.3.3).
package struct SyslogLog: LogFormat {
    package let name = "syslog"
    package let summary = "what syslog daemons write and send (RFC 3164, RFC 5424), of any program"

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
    @inline(__always)
    private func file(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let head = SyslogHead.read(line, from: 0, &fields) else {
            if line.has("\t", at: 0) { return ParsedLine(shape: .continuation) }
            return ParsedLine(shape: .unknown, level: SyslogPriority.level(SyslogPriority.standard))
        }
        add(head, to: &fields)
        guard fields.isLevelWanted else { return record(head, nil) }
        return record(head, SaidLevel.level(line, from: head.messageStart))
    }

    @inline(__always)
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

    @inline(__always)
    private func add(_ head: SyslogHead, to fields: inout FieldList) {
        guard fields.isWanted else { return }
        if !head.host.isEmpty { fields.add(.host, head.host) }
        if !head.tag.isEmpty { fields.add(.program, head.tag) }
        if !head.pid.isEmpty { fields.add(.pid, head.pid) }
    }
}
