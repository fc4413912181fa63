internal import Atlas

/// PostgreSQL's stderr log whose `log_line_prefix` begins with `%m` or `%t` (Debian's does).
///
///     2026-11-23 07:20:31.195 UTC [26077] user@db LOG:  received promote request
///     └ time                  └zone └ rest of the prefix └ level └ message (after two blanks)
///
/// Source: PostgreSQL 15 manual, 20.8.3 "What to Log" (log_line_prefix, table of message
/// severity levels).
package struct PostgreSQLLog: LogFormat {
    package let name = "postgresql"
    package let summary = "PostgreSQL's stderr log with %m or %t at the start of its prefix"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        if line.has("\t", at: 0) { return ParsedLine(shape: .continuation, messageStart: 1) }
        guard let (civil, next) = civilTime(line), let asUTC = Instant(civil) else {
            return ParsedLine(shape: .unknown)
        }
        let (time, prefix) = zoned(asUTC, line, at: next)
        guard let (tag, word, message) = tag(line, from: prefix) else {
            return ParsedLine(shape: .unknown, time: time, messageStart: prefix)
        }
        if fields.isWanted {
            PostgreSQLPrefix.add(line, prefix..<word, to: &fields)
            PostgreSQLPrefix.addCode(line, at: message, to: &fields)
        }
        switch tag {
        case .level(let level):
            return ParsedLine(shape: .record, time: time, level: level, messageStart: message)
        case .addition:
            return ParsedLine(shape: .continuation, time: time, messageStart: message)
        }
    }

    private func civilTime(_ line: RawSpan) -> (Civil, next: Int)? {
        guard let year = line.number(at: 0, digits: 4), line.has("-", at: 4),
            let month = line.number(at: 5, digits: 2), line.has("-", at: 7),
            let day = line.number(at: 8, digits: 2), line.has(" ", at: 10),
            let hour = line.number(at: 11, digits: 2), line.has(":", at: 13),
            let minute = line.number(at: 14, digits: 2), line.has(":", at: 16),
            let second = line.number(at: 17, digits: 2)
        else { return nil }
        var civil = Civil(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second
        )
        guard line.has(".", at: 19), let milliseconds = line.number(at: 20, digits: 3) else {
            return (civil, 19)
        }
        civil.nanosecond = milliseconds * 1_000_000
        return (civil, 23)
    }

    /// The zone's abbreviation or offset behind the time; only UTC and numbers are certain.
    private func zoned(_ asUTC: Instant, _ line: RawSpan, at start: Int) -> (
        ParsedLine.Time, next: Int
    ) {
        guard line.has(" ", at: start) else { return (.zoneUnknown(asUTC), start) }
        var end = start + 1
        while end < line.byteCount, line.byte(end) != 0x20 { end += 1 }
        if line.hasPrefix("UTC", at: start + 1) || line.hasPrefix("GMT", at: start + 1) {
            return (.exact(asUTC), end)
        }
        let isEast = line.has("+", at: start + 1)
        if isEast || line.has("-", at: start + 1),
            let hours = line.number(at: start + 2, digits: 2)
        {
            let minutes = line.number(at: start + 4, digits: 2) ?? 0
            let offset = Span.seconds(Int64(hours * 3_600 + minutes * 60))
            return (.exact(isEast ? asUTC - offset : asUTC + offset), end)
        }
        return (.zoneUnknown(asUTC), end)
    }

    private enum Tag {
        case level(Level)
        case addition
    }

    /// The first upper-case word that is followed by `:  `, as the prefix may hold anything.
    private func tag(_ line: RawSpan, from start: Int) -> (Tag, word: Int, message: Int)? {
        var index = start
        while index + 2 < line.byteCount {
            guard line.byte(index) == 0x3A, line.byte(index + 1) == 0x20,
                line.byte(index + 2) == 0x20
            else {
                index += 1
                continue
            }
            var word = index
            while word > start, isTagByte(line.byte(word - 1)) { word -= 1 }
            if let tag = tag(line, word: word, length: index - word) {
                return (tag, word, index + 3)
            }
            index += 1
        }
        return nil
    }

    private func isTagByte(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x31...0x35).contains(byte)
    }

    private func tag(_ line: RawSpan, word: Int, length: Int) -> Tag? {
        switch length {
        case 3 where line.hasPrefix("LOG", at: word): .level(.info)
        case 4 where line.hasPrefix("INFO", at: word): .level(.info)
        case 4 where line.hasPrefix("HINT", at: word): .addition
        case 5 where line.hasPrefix("ERROR", at: word): .level(.error)
        case 5 where line.hasPrefix("FATAL", at: word): .level(.error)
        case 5 where line.hasPrefix("PANIC", at: word): .level(.fatal)
        case 5 where line.hasPrefix("QUERY", at: word): .addition
        case 6 where line.hasPrefix("NOTICE", at: word): .level(.notice)
        case 6 where line.hasPrefix("DETAIL", at: word): .addition
        case 6 where line.hasPrefix("DEBUG", at: word): .level(.debug)
        case 7 where line.hasPrefix("WARNING", at: word): .level(.warn)
        case 7 where line.hasPrefix("CONTEXT", at: word): .addition
        case 8 where line.hasPrefix("LOCATION", at: word): .addition
        case 9 where line.hasPrefix("STATEMENT", at: word): .addition
        default: nil
        }
    }
}
