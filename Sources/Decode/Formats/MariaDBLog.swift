internal import Atlas

/// MariaDB's error log (10.1 and newer), and what mysqld_safe writes between its lines.
///
///     2026-11-23  6:57:59 0 [Note] InnoDB: End of log at LSN=44864
///     └ local time        └ thread └ level └ message
///     261123 06:57:58 mysqld_safe Starting mariadbd daemon with databases from /var/lib/mysql
///
/// The hour is padded with a blank. The time has no zone and no fraction.
/// Source: MariaDB 10.11, sql/log.cc (print_buffer_to_file), scripts/mysqld_safe.sh (log_generic).
package struct MariaDBLog: LogFormat {
    package let name = "mariadb"
    package let summary = "MariaDB's error log; its time is local, in whole seconds"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        if line.hasPrefix("Version: '", at: 0) || line.has("\t", at: 0) {
            return ParsedLine(shape: .continuation)
        }
        guard let (time, start) = serverTime(line) ?? scriptTime(line) else {
            return ParsedLine(shape: .unknown)
        }
        guard let (level, message) = level(line, from: start) else {
            return ParsedLine(
                shape: .record,
                time: time,
                messageStart: start,
                step: .seconds(1)
            )
        }
        let thread = line.skipBlanks(from: start)
        let threadEnd = line.endOfDigits(from: thread)
        if threadEnd > thread { fields.add(.thread, thread..<threadEnd, .number) }
        return ParsedLine(
            shape: .record,
            time: time,
            level: level,
            messageStart: message,
            step: .seconds(1)
        )
    }

    /// The server's own: `2026-11-23  6:57:59 `.
    private func serverTime(_ line: RawSpan) -> (ParsedLine.Time, next: Int)? {
        guard let year = line.number(at: 0, digits: 4), line.has("-", at: 4),
            let month = line.number(at: 5, digits: 2), line.has("-", at: 7),
            let day = line.number(at: 8, digits: 2)
        else { return nil }
        return clock(line, at: 10, year: year, month: month, day: day)
    }

    /// That of mysqld_safe, and of a crash report: `261123 06:57:58 `.
    private func scriptTime(_ line: RawSpan) -> (ParsedLine.Time, next: Int)? {
        guard let year = line.number(at: 0, digits: 2), let month = line.number(at: 2, digits: 2),
            let day = line.number(at: 4, digits: 2)
        else { return nil }
        return clock(line, at: 6, year: 2_000 + year, month: month, day: day)
    }

    private func clock(
        _ line: RawSpan,
        at start: Int,
        year: Int,
        month: Int,
        day: Int
    ) -> (ParsedLine.Time, next: Int)? {
        guard line.has(" ", at: start),
            let hour = line.has(" ", at: start + 1)
                ? line.number(at: start + 2, digits: 1) : line.number(at: start + 1, digits: 2),
            line.has(":", at: start + 3), let minute = line.number(at: start + 4, digits: 2),
            line.has(":", at: start + 6), let second = line.number(at: start + 7, digits: 2),
            line.has(" ", at: start + 9),
            let asUTC = Instant(
                Civil(
                    year: year,
                    month: month,
                    day: day,
                    hour: hour,
                    minute: minute,
                    second: second
                )
            )
        else { return nil }
        return (.zoneUnknown(asUTC), start + 10)
    }

    /// The level in brackets behind the number of the thread; nil where there is none.
    private func level(_ line: RawSpan, from start: Int) -> (Level, message: Int)? {
        var index = start
        while index < line.byteCount, line.byte(index) == 0x20 || line.byte(index) &- 48 < 10 {
            index += 1
        }
        if line.hasPrefix("[Note] ", at: index) { return (.info, index + 7) }
        if line.hasPrefix("[Warning] ", at: index) { return (.warn, index + 10) }
        if line.hasPrefix("[ERROR] ", at: index) { return (.error, index + 8) }
        return nil
    }
}
