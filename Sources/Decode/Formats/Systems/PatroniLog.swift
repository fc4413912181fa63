internal import Atlas

/// Patroni's log, and among it that of the PostgreSQL that it runs.
///
///     2026-11-23 07:11:18,423 INFO: Lock owner: None; I am pa1
///     └ local time            └ level └ message
///     2026-11-23 07:11:23.353 UTC [3459] LOG:  starting PostgreSQL 15.20 …       (PostgreSQLLog)
///
/// Source: patroni/log.py (DEFAULT_FORMAT).
package struct PatroniLog: LogFormat {
    package let name = "patroni"
    package let summary = "Patroni's log, and that of the PostgreSQL below it"

    private let server = PostgreSQLLog()

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard line.has(",", at: 19), let stamp = line.stamp(at: 0), line.has(" ", at: stamp.next)
        else {
            let parsed = server.parse(line, into: &fields)
            guard parsed.shape == .unknown, parsed.time == .none else { return parsed }
            return ParsedLine(shape: StackTrace.isPython(line) ? .continuation : .unknown)
        }
        let word = stamp.next + 1
        let end = line.lettersEnd(from: word)
        guard line.hasPrefix(": ", at: end), let level = line.level(named: word..<end) else {
            return ParsedLine(shape: .unknown)
        }
        return ParsedLine(
            shape: .record,
            time: stamp.time,
            level: level,
            messageStart: end + 2
        )
    }
}
