internal import Atlas

/// MySQL's error log, of 5.7 and of 8.
///
///     2026-11-23T06:57:54.123456Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for …
///     └ time                      └ thread   └ code      └ subsystem └ message
///     2026-11-23T06:57:54.123456Z 0 [Note] InnoDB: text                                     (5.7)
///
/// Source: MySQL 8.4 manual, 7.4.2.8 "Error Log Output Format".
package struct MySQLLog: LogFormat {
    package let name = "mysql"
    package let summary = "MySQL's error log"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        if line.has("\t", at: 0) || line.hasPrefix("Version: '", at: 0) {
            return ParsedLine(shape: .continuation)
        }
        guard line.has("T", at: 10), let stamp = line.stamp(at: 0), line.has(" ", at: stamp.next)
        else { return ParsedLine(shape: .unknown) }
        let thread = stamp.next + 1
        let threadEnd = line.endOfDigits(from: thread)
        guard threadEnd > thread, line.hasPrefix(" [", at: threadEnd) else {
            return ParsedLine(shape: .unknown)
        }
        let word = threadEnd + 2
        let close = line.next(0x5D, from: word)
        guard line.has(" ", at: close + 1), let level = level(line, word..<close) else {
            return ParsedLine(shape: .unknown)
        }
        fields.add(.thread, thread..<threadEnd, .number)
        var message = close + 2
        if line.hasPrefix("[MY-", at: message) {
            let end = line.next(0x5D, from: message)
            guard line.hasPrefix(" [", at: end + 1) else { return record(stamp, level, message) }
            fields.add(.code, message + 1..<end)
            message = end + 2
            let subsystemEnd = line.next(0x5D, from: message)
            guard subsystemEnd < line.byteCount else { return record(stamp, level, message) }
            fields.add(.component, message + 1..<subsystemEnd)
            message = min(subsystemEnd + 2, line.byteCount)
        }
        return record(stamp, level, message)
    }

    private func record(_ stamp: Stamp, _ level: Level, _ message: Int) -> ParsedLine {
        ParsedLine(
            shape: .record,
            time: stamp.time,
            level: level,
            messageStart: message,
            step: stamp.step
        )
    }

    /// `System` says that the server starts and stops.
    private func level(_ line: RawSpan, _ word: Range<Int>) -> Level? {
        line.isWord(word, "system") ? .notice : line.level(named: word)
    }
}
