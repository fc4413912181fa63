internal import Atlas

/// The log of redis-server and redis-sentinel, version 3 and newer.
///
///     21934:X 23 Nov 2026 06:58:17.081 # +odown master mymaster 127.0.0.1 26431 #quorum 2/2
///     └ pid └ role (X sentinel,        └ level └ message
///             C child, S replica, M master)
///
/// The time is civil, in the zone of the server, which the line does not tell. Levels are `.`
/// debug, `-` verbose, `*` notice and `#` warning; sentinels write much of what they do as `#`.
/// What a signal handler says has a head of its own, with the seconds since 1970:
///
///     23639:signal-handler (1795452241) Received SIGTERM scheduling shutdown...
///
/// Source: serverLogRaw and serverLogFromHandler in src/server.c. Crash reports and the logo
/// have no head.
package struct RedisLog: LogFormat {
    package let name = "redis"
    package let summary = "the log of redis-server and redis-sentinel"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        var index = 0
        while index < line.byteCount, line.byte(index) &- 48 < 10 { index += 1 }
        if line.hasPrefix(":signal-handler (", at: index) {
            fields.add(.pid, 0..<index, .number)
            return fromHandler(line, at: index + 17)
        }
        guard (1...10).contains(index), line.has(":", at: index), index + 2 < line.byteCount,
            (0x41...0x5A).contains(line.byte(index + 1)), line.has(" ", at: index + 2),
            let (civil, next) = civilTime(line, at: index + 3), let time = Instant(civil),
            line.has(" ", at: next), next + 2 < line.byteCount, line.has(" ", at: next + 2),
            let level = level(line.byte(next + 1))
        else { return ParsedLine(shape: .unknown) }
        fields.add(.pid, 0..<index, .number)
        fields.add(.role, index + 1..<index + 2)
        return ParsedLine(
            shape: .record,
            time: .zoneUnknown(time),
            level: level,
            messageStart: next + 3
        )
    }

    /// `1795452241) `: ten digits until the year 2286.
    private func fromHandler(_ line: RawSpan, at start: Int) -> ParsedLine {
        guard let seconds = line.number(at: start, digits: 10), line.hasPrefix(") ", at: start + 10)
        else { return ParsedLine(shape: .unknown) }
        // An Instant ends in 2262.
        let (time, isOver) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !isOver else { return ParsedLine(shape: .unknown) }
        return ParsedLine(
            shape: .record,
            time: .exact(Instant(nanoseconds: time)),
            level: .warn,
            messageStart: start + 12
        )
    }

    /// `23 Nov 2026 06:58:17.081`; the month is English in every locale of the server's default.
    private func civilTime(_ line: RawSpan, at start: Int) -> (Civil, next: Int)? {
        guard let day = line.number(at: start, digits: 2), line.has(" ", at: start + 2),
            let month = line.month(at: start + 3), line.has(" ", at: start + 6),
            let year = line.number(at: start + 7, digits: 4), line.has(" ", at: start + 11),
            let hour = line.number(at: start + 12, digits: 2), line.has(":", at: start + 14),
            let minute = line.number(at: start + 15, digits: 2), line.has(":", at: start + 17),
            let second = line.number(at: start + 18, digits: 2), line.has(".", at: start + 20),
            let milliseconds = line.number(at: start + 21, digits: 3)
        else { return nil }
        let civil = Civil(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            nanosecond: milliseconds * 1_000_000
        )
        return (civil, start + 24)
    }

    private func level(_ mark: UInt8) -> Level? {
        switch mark {
        case 0x2E: .debug
        case 0x2D: .info
        case 0x2A: .notice
        case 0x23: .warn
        default: nil
        }
    }
}
