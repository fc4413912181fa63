internal import Atlas

/// The log of keepalived, as it writes it itself and as a syslog daemon does for it.
///
///     Mon Nov 23 07:01:17 2026: (VI_1) Entering MASTER STATE
///     └ asctime(3), the day padded with a blank; the zone of the host, in steps of a second
///     2026-11-23T07:01:17.160736+00:00 lb-2 Keepalived_vrrp[3616]: (VI_1) Entering MASTER STATE
///     Nov 23 07:01:17 lb-2 Keepalived_vrrp[3616]: (VI_1) Entering MASTER STATE
///     └ has no year: such a line is dated by its arrival
///
/// No line states a level. Sources: lib/logger.c of keepalived 2.2; rsyslog's templates
/// RSYSLOG_FileFormat and RSYSLOG_TraditionalFileFormat.
package struct KeepalivedLog: LogFormat {
    package let name = "keepalived"
    package let summary = "the log of keepalived, from its own file or through syslog"

    package init() {}

    package func parse(_ line: RawSpan) -> ParsedLine {
        if let time = ownTime(line) {
            return ParsedLine(
                shape: .record,
                time: .zoneUnknown(time),
                messageStart: 26,
                step: .seconds(1)
            )
        }
        guard let (time, next) = fullTime(line) ?? shortTime(line) else {
            return ParsedLine(shape: .unknown)
        }
        guard let start = messageStart(line, behind: next) else {
            return ParsedLine(shape: .unknown, time: time)
        }
        return ParsedLine(shape: .record, time: time, messageStart: start)
    }

    /// The time of a line of its own file: `Mon Nov 23 07:01:17 2026: `.
    private func ownTime(_ line: RawSpan) -> Instant? {
        guard line.has(" ", at: 3), let (month, day) = date(line, at: 4), line.has(" ", at: 10),
            let (hour, minute, second) = clock(line, at: 11), line.has(" ", at: 19),
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

    /// `2026-11-23T07:01:17.160736+00:00 `, or with `Z`.
    private func fullTime(_ line: RawSpan) -> (ParsedLine.Time, next: Int)? {
        guard let year = line.number(at: 0, digits: 4), line.has("-", at: 4),
            let month = line.number(at: 5, digits: 2), line.has("-", at: 7),
            let day = line.number(at: 8, digits: 2), line.has("T", at: 10),
            let (hour, minute, second) = clock(line, at: 11)
        else { return nil }
        var next = 19
        var nanosecond = 0
        if line.has(".", at: next) {
            next += 1
            var unit = 100_000_000
            while let digit = line.number(at: next, digits: 1) {
                nanosecond += digit * unit
                unit /= 10
                next += 1
            }
        }
        guard let (offset, end) = offset(line, at: next), line.has(" ", at: end),
            let time = Instant(
                Civil(
                    year: year,
                    month: month,
                    day: day,
                    hour: hour,
                    minute: minute,
                    second: second,
                    nanosecond: nanosecond
                ),
                offset: offset
            )
        else { return nil }
        return (.exact(time), end + 1)
    }

    private func offset(_ line: RawSpan, at start: Int) -> (Span, next: Int)? {
        if line.has("Z", at: start) { return (.zero, start + 1) }
        let isEast = line.has("+", at: start)
        guard isEast || line.has("-", at: start),
            let hours = line.number(at: start + 1, digits: 2), line.has(":", at: start + 3),
            let minutes = line.number(at: start + 4, digits: 2)
        else { return nil }
        let seconds = Int64(hours * 3_600 + minutes * 60)
        return (.seconds(isEast ? seconds : -seconds), start + 6)
    }

    /// A time without year and zone: `Nov 23 07:01:17 `.
    private func shortTime(_ line: RawSpan) -> (ParsedLine.Time, next: Int)? {
        guard date(line, at: 0) != nil, line.has(" ", at: 6), clock(line, at: 7) != nil,
            line.has(" ", at: 15)
        else { return nil }
        return (.none, 16)
    }

    /// Behind `HOST Keepalived_vrrp[3616]: `; nil for what another program says.
    private func messageStart(_ line: RawSpan, behind start: Int) -> Int? {
        var index = start
        while index < line.byteCount, line.byte(index) != 0x20 { index += 1 }
        guard line.hasPrefix("Keepalived", at: index + 1) else { return nil }
        while index + 1 < line.byteCount {
            if line.hasPrefix(": ", at: index) { return index + 2 }
            index += 1
        }
        return nil
    }

    /// A day such as `Nov 23` or `Nov  3`.
    private func date(_ line: RawSpan, at start: Int) -> (month: Int, day: Int)? {
        guard let month = month(line, at: start), line.has(" ", at: start + 3),
            let day = line.has(" ", at: start + 4)
                ? line.number(at: start + 5, digits: 1) : line.number(at: start + 4, digits: 2)
        else { return nil }
        return (month, day)
    }

    private func clock(_ line: RawSpan, at start: Int) -> (hour: Int, minute: Int, second: Int)? {
        guard let hour = line.number(at: start, digits: 2), line.has(":", at: start + 2),
            let minute = line.number(at: start + 3, digits: 2), line.has(":", at: start + 5),
            let second = line.number(at: start + 6, digits: 2)
        else { return nil }
        return (hour, minute, second)
    }

    private func month(_ line: RawSpan, at start: Int) -> Int? {
        guard start + 3 <= line.byteCount else { return nil }
        let names: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
        for month in 0..<12 {
            let name = names.utf8Start + month * 3
            if line.byte(start) == name[0], line.byte(start + 1) == name[1],
                line.byte(start + 2) == name[2]
            {
                return month + 1
            }
        }
        return nil
    }
}
