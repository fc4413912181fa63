internal import Atlas

/// Heartbeat's logs (ha-log, ha-debug), and those of programs that log as it does.
///
///     Nov 23 07:22:58 hb1 heartbeat: [12]: WARN: Initial dead time [8000 ms] may be too small!
///     └ local time    └ host └ program pid └ level └ message
///     Nov 23 07:22:58 hb1 ResourceManager(default)[12]: info: Running /etc/ha.d/resource.d/…
///     2026/11/23_07:25:04  harc(default)[22]:    info: Running /etc/ha.d//rc.d/status status
///     harc(default)[22]:\t2026/11/23_07:25:04 info: Running /etc/ha.d//rc.d/status status
///
/// The last two are those of its scripts, in its file and in that for what is said besides.
/// Sources: cl_log.c of cluster-glue; heartbeat/shellfuncs (ha_log).
package struct HeartbeatLog: LogFormat {
    package let name = "heartbeat"
    package let summary = "Heartbeat's logs, ha-log and ha-debug"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let head = SyslogHead.read(line, &fields), !head.host.isEmpty, !head.tag.isEmpty
        else {
            return script(line, into: &fields)
        }
        var index = line.skipBlanks(from: head.messageStart)
        var pid = head.pid
        if line.has("[", at: index) {
            let end = line.endOfDigits(from: index + 1)
            guard end > index + 1, line.hasPrefix("]:", at: end) else {
                return ParsedLine(shape: .unknown)
            }
            pid = index + 1..<end
            index = line.skipBlanks(from: end + 2)
        } else if line.index(of: 0x28, in: head.tag) == nil {
            // `app[7]: error: text` can be anybody's; its scripts name their instance.
            return ParsedLine(shape: .unknown)
        }
        let wordEnd = line.lettersEnd(from: index)
        guard !pid.isEmpty, line.hasPrefix(": ", at: wordEnd),
            let level = line.level(named: index..<wordEnd)
        else { return ParsedLine(shape: .unknown) }
        if fields.isWanted {
            fields.add(.host, head.host)
            fields.add(.program, head.tag)
            fields.add(.pid, pid)
        }
        return ParsedLine(
            shape: .record,
            time: head.time,
            level: level,
            messageStart: wordEnd + 2,
            step: head.step
        )
    }

    /// `PROGRAM[PID]:\tTIME LEVEL: text` or `TIME  PROGRAM[PID]:    LEVEL: text`; the level may be
    /// missing.
    private func script(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        let isTimeFirst = line.has("_", at: 10)
        let tab = line.next(0x09, from: 0, to: min(line.byteCount, 200))
        let time = isTimeFirst ? 0 : tab + 1
        guard let instant = scriptTime(line, at: time) else { return ParsedLine(shape: .unknown) }
        let behind = line.skipBlanks(from: time + 19)
        let name = isTimeFirst ? behind..<SyslogHead.wordEnd(line, from: behind) : 0..<tab
        guard let tag = SyslogHead.Tag(line, name) else { return ParsedLine(shape: .unknown) }
        let word = isTimeFirst ? line.skipBlanks(from: name.upperBound) : behind
        let end = line.lettersEnd(from: word)
        let level = line.hasPrefix(": ", at: end) ? line.level(named: word..<end) : nil
        fields.add(.program, tag.name)
        if !tag.pid.isEmpty { fields.add(.pid, tag.pid) }
        return ParsedLine(
            shape: .record,
            time: .zoneUnknown(instant),
            level: level,
            messageStart: level == nil ? word : line.skipBlanks(from: end + 2),
            step: .seconds(1)
        )
    }

    /// `2026/11/23_07:25:04 `.
    private func scriptTime(_ line: RawSpan, at start: Int) -> Instant? {
        guard line.has("_", at: start + 10), line.has(" ", at: start + 19),
            line.has("/", at: start + 4), line.has("/", at: start + 7),
            let year = line.number(at: start, digits: 4)
        else { return nil }
        return line.instant(
            year: year,
            month: line.twoDigits(start + 5),
            day: line.twoDigits(start + 8),
            clock: start + 11
        )
    }
}
