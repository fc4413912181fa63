internal import Atlas

/// The log of keepalived, as it writes it itself and as a syslog daemon does for it.
///
///     Mon Nov 23 07:01:17 2026: (VI_1) Entering MASTER STATE
///     └ asctime(3), the day padded with a blank; the zone of the host, in steps of a second
///     2026-11-23T07:01:17.160736+00:00 lb-2 Keepalived_vrrp[3616]: (VI_1) Entering MASTER STATE
///     Nov 23 07:01:17 lb-2 Keepalived_vrrp[3616]: (VI_1) Entering MASTER STATE
///     └ head (SyslogHead)
///
/// No line states a level. Source: lib/logger.c of keepalived 2.2.
package struct KeepalivedLog: LogFormat {
    package let name = "keepalived"
    package let summary = "the log of keepalived, from its own file or through syslog"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        if let time = ownTime(line) {
            if fields.isWanted { addInstance(line, from: 26, to: &fields) }
            return ParsedLine(
                shape: .record,
                time: .zoneUnknown(time),
                messageStart: 26,
                step: .seconds(1)
            )
        }
        guard let head = SyslogHead.read(line, &fields) else { return ParsedLine(shape: .unknown) }
        // What another program says is not keepalived's.
        let isOwn = !head.tag.isEmpty && line.hasPrefix("Keepalived", at: head.tag.lowerBound)
        if isOwn, fields.isWanted {
            if !head.host.isEmpty { fields.add(.host, head.host) }
            fields.add(.program, head.tag)
            if !head.pid.isEmpty { fields.add(.pid, head.pid) }
            addInstance(line, from: head.messageStart, to: &fields)
        }
        return ParsedLine(
            shape: isOwn ? .record : .unknown,
            time: head.time,
            messageStart: isOwn ? head.messageStart : 0,
            step: head.step
        )
    }

    /// `(VI_1) Entering MASTER STATE`.
    private func addInstance(_ line: RawSpan, from start: Int, to fields: inout FieldList) {
        guard line.has("(", at: start) else { return }
        let close = line.next(0x29, from: start)
        guard close > start + 1, line.has(" ", at: close + 1) else { return }
        fields.add(.component, start + 1..<close)
        guard line.hasPrefix("Entering ", at: close + 2) else { return }
        let state = close + 11
        let end = SyslogHead.wordEnd(line, from: state)
        if end > state { fields.add(.state, state..<end) }
    }

    /// The time of a line of its own file: `Mon Nov 23 07:01:17 2026: `.
    private func ownTime(_ line: RawSpan) -> Instant? {
        guard line.has(" ", at: 3), let (month, day) = date(line, at: 4), line.has(" ", at: 10),
            let (hour, minute, second) = line.clock(at: 11), line.has(" ", at: 19),
            let year = line.number(at: 20, digits: 4), line.hasPrefix(": ", at: 24)
        else { return nil }
        return Instant(
            Civil(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second
            )
        )
    }

    /// A day such as `Nov 23` or `Nov  3`.
    private func date(_ line: RawSpan, at start: Int) -> (month: Int, day: Int)? {
        guard let month = line.month(at: start), line.has(" ", at: start + 3),
            let day = line.has(" ", at: start + 4)
                ? line.number(at: start + 5, digits: 1) : line.number(at: start + 4, digits: 2)
        else { return nil }
        return (month, day)
    }
}
