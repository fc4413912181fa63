internal import Atlas

/// The slow query log of MySQL and MariaDB.
///
///     # Time: 2026-11-23T06:57:54.123456Z      (MariaDB: # Time: 261123  6:57:54, local)
///     # User@Host: app[app] @ web1 [10.0.0.9]  Id:     8
///     # Query_time: 2.000161  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 0
///     SET timestamp=1795452241;
///     SELECT SLEEP(2);
///
/// A query is one record: what is below its first line goes on with it. MariaDB leaves that line
/// out where the second is that of the query before, which then begins with `# User@Host`.
/// Source: sql/log.cc of both (Slow_log, MYSQL_QUERY_LOG::write).
package struct MySQLSlowLog: LogFormat {
    package let name = "mysql-slow"
    package let summary = "the slow query log of MySQL and MariaDB"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        if line.hasPrefix("# Time: ", at: 0) { return head(line) }
        if line.hasPrefix("# User@Host: ", at: 0) {
            if fields.isWanted { addUser(line, to: &fields) }
            return ParsedLine(shape: .continuation)
        }
        if line.hasPrefix("# ", at: 0) {
            if fields.isWanted { addPairs(line, from: 2, to: &fields) }
            return ParsedLine(shape: .continuation)
        }
        if line.hasPrefix("SET timestamp=", at: 0) {
            let end = line.endOfDigits(from: 14)
            guard let seconds = (end - 14 <= 10 ? line.number(at: 14, digits: end - 14) : nil),
                end > 14
            else { return ParsedLine(shape: .continuation) }
            let (time, isOver) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
            guard !isOver else { return ParsedLine(shape: .continuation) }
            return ParsedLine(shape: .continuation, time: .exact(Instant(nanoseconds: time)))
        }
        // The three lines that a server writes when it opens the file.
        let isHead =
            line.hasPrefix("Tcp port: ", at: 0) || line.hasPrefix("Time                 Id", at: 0)
            || line.find(", Version: ", from: 0) != nil
        return ParsedLine(shape: isHead || line.byteCount == 0 ? .unknown : .continuation)
    }

    private func head(_ line: RawSpan) -> ParsedLine {
        if let stamp = line.stamp(at: 8) {
            return ParsedLine(
                shape: .record,
                time: stamp.time,
                level: .notice,
                messageStart: 8,
                step: stamp.step
            )
        }
        let hour =
            line.has(" ", at: 15) ? line.number(at: 16, digits: 1) : line.number(at: 15, digits: 2)
        guard let year = line.number(at: 8, digits: 2), let month = line.number(at: 10, digits: 2),
            let day = line.number(at: 12, digits: 2), line.has(" ", at: 14), let hour,
            line.has(":", at: 17), let minute = line.number(at: 18, digits: 2),
            line.has(":", at: 20), let second = line.number(at: 21, digits: 2)
        else { return ParsedLine(shape: .unknown) }
        let civil = Civil(
            year: 2_000 + year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second
        )
        guard civil.isReal, let time = Instant(civil) else { return ParsedLine(shape: .unknown) }
        return ParsedLine(
            shape: .record,
            time: .zoneUnknown(time),
            level: .notice,
            messageStart: 8,
            step: .seconds(1)
        )
    }

    /// `app[app] @ web1 [10.0.0.9]  Id:     8`.
    private func addUser(_ line: RawSpan, to fields: inout FieldList) {
        let open = line.next(0x5B, from: 13)
        guard let at = line.find("] @ ", from: open) else { return }
        fields.add(.user, 13..<open)
        let host = at + 4
        let address = line.next(0x5B, from: host)
        let close = line.next(0x5D, from: address)
        guard close < line.byteCount else { return }
        let name = line.trimmed(host..<address)
        if !name.isEmpty { fields.add(.host, name) }
        if close > address + 1 { fields.add(.client, address + 1..<close) }
        addPairs(line, from: close + 1, to: &fields)
    }

    /// `Query_time: 2.000161  Lock_time: 0.000000`.
    private func addPairs(_ line: RawSpan, from start: Int, to fields: inout FieldList) {
        var index = line.skipBlanks(from: start)
        while index < line.byteCount {
            let colon = line.next(0x3A, from: index)
            let value = line.skipBlanks(from: colon + 1)
            let end = SyslogHead.wordEnd(line, from: value)
            guard colon < line.byteCount, value < end else { return }
            let isNumber = line.byte(value) &- 48 < 10
            if line.isWord(index..<colon, "query_time") {
                fields.add(.duration, value..<end, .number)
            } else {
                fields.add(named: index..<colon, value..<end, isNumber ? .number : .text)
            }
            index = line.skipBlanks(from: end)
        }
    }
}
