internal import Atlas

/// Corosync's log, from its own file and through syslog.
///
///     Nov 23 07:07:00.090 [16] pcmk1 corosync notice  [MAIN  ] Corosync Cluster Engine 3.1.7 …
///     └ local time         pid └ host         └ level └ subsystem └ message
///     Nov 23 07:07:00 pcmk1 corosync[16]:   [MAIN  ] Corosync Cluster Engine 3.1.7 starting up
///
/// Source: corosync.conf(5), `logging`; exec/logconfig.c and exec/logsys.c of Corosync 3.1.
package struct CorosyncLog: LogFormat {
    package let name = "corosync"
    package let summary = "Corosync's log, from its own file or through syslog"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let head = SyslogHead.read(line, &fields) else { return ParsedLine(shape: .unknown) }
        if line.hasPrefix("corosync", at: head.tag.lowerBound), !head.tag.isEmpty {
            let open = line.skipBlanks(from: head.messageStart)
            if fields.isWanted {
                if !head.host.isEmpty { fields.add(.host, head.host) }
                if !head.pid.isEmpty { fields.add(.pid, head.pid) }
            }
            let message = subsystem(line, at: open, to: &fields) ?? head.messageStart
            return record(head, nil, message)
        }
        // Its own file: what stands for the host there is the process.
        let pid = head.host
        guard pid.count > 2, line.has("[", at: pid.lowerBound),
            line.has("]", at: pid.upperBound - 1)
        else { return ParsedLine(shape: .unknown) }
        let host = pid.upperBound + 1
        let hostEnd = SyslogHead.wordEnd(line, from: host)
        guard line.hasPrefix(" corosync ", at: hostEnd) else { return ParsedLine(shape: .unknown) }
        let word = hostEnd + 10
        let wordEnd = line.lettersEnd(from: word)
        let open = line.skipBlanks(from: wordEnd)
        guard let level = line.level(named: word..<wordEnd), line.has("[", at: open) else {
            return ParsedLine(shape: .unknown)
        }
        if fields.isWanted {
            fields.add(.host, host..<hostEnd)
            fields.add(.pid, pid.lowerBound + 1..<pid.upperBound - 1, .number)
        }
        return record(head, level, subsystem(line, at: open, to: &fields) ?? open)
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

    /// `[TOTEM ] `, and where the message behind it begins.
    private func subsystem(_ line: RawSpan, at open: Int, to fields: inout FieldList) -> Int? {
        guard line.has("[", at: open) else { return nil }
        let close = line.next(0x5D, from: open)
        guard close < line.byteCount else { return nil }
        fields.add(.component, line.trimmed(open + 1..<close))
        return min(close + 2, line.byteCount)
    }
}
