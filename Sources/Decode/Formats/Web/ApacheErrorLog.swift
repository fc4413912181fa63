internal import Atlas

/// Apache's error log, of 2.4 and of older ones.
///
///     [Mon Nov 23 07:00:25.123456 2026] [core:error] [pid 12:tid 34] [client 10.0.0.9:5000] AH00128: …
///     └ local time                      └ module:level └ process     └ client               └ message
///
/// Sources: Apache 2.4 manual, ErrorLogFormat; server/log.c (do_errorlog_default).
package struct ApacheErrorLog: LogFormat {
    package let name = "apache-error"
    package let summary = "Apache's error log"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let (time, isFine, next) = Self.time(line) else {
            return ParsedLine(shape: line.has("\t", at: 0) ? .continuation : .unknown)
        }
        guard line.hasPrefix(" [", at: next) else { return ParsedLine(shape: .unknown) }
        let word = next + 2
        let close = line.next(0x5D, from: word)
        guard close < line.byteCount else { return ParsedLine(shape: .unknown) }
        let colon = line.index(of: 0x3A, in: word..<close)
        let level = Self.level(line, (colon.map { $0 + 1 } ?? word)..<close)
        guard level != nil || colon != nil else { return ParsedLine(shape: .unknown) }
        if let colon { fields.add(.module, word..<colon) }
        var message = close + 1
        while line.hasPrefix(" [", at: message),
            let end = Self.part(line, at: message + 2, to: &fields)
        {
            message = end
        }
        message = line.skipBlanks(from: message)
        if fields.isWanted { Self.addMessage(line, from: message, to: &fields) }
        return ParsedLine(
            shape: .record,
            time: .zoneUnknown(time),
            level: level,
            messageStart: message,
            step: isFine ? .zero : .seconds(1)
        )
    }

    /// `[Mon Nov 23 07:00:25.123456 2026]`.
    private static func time(_ line: borrowing RawSpan) -> (Instant, isFine: Bool, next: Int)? {
        guard line.byteCount > 25, line.byte(0) == 0x5B, line.byte(4) == 0x20,
            let month = line.month(at: 5), line.byte(8) == 0x20, line.byte(11) == 0x20
        else { return nil }
        let day = line.byte(9) == 0x20 ? line.number(at: 10, digits: 1) : line.twoDigits(9)
        let (nanosecond, next) = line.fraction(at: 20)
        guard let day, line.has(" ", at: next), line.has("]", at: next + 5),
            let year = line.number(at: next + 1, digits: 4),
            let time = line.instant(year: year, month: month, day: day, clock: 12)
        else { return nil }
        return (time + Span(nanoseconds: Int64(nanosecond)), next > 20, next + 6)
    }

    /// `trace1` to `trace8` are one.
    private static func level(_ line: borrowing RawSpan, _ word: Range<Int>) -> Level? {
        if line.hasPrefix("trace", at: word.lowerBound) { return .trace }
        return line.level(named: word)
    }

    /// One part in brackets; nil when it is of another kind, and so the message's.
    private static func part(
        _ line: borrowing RawSpan,
        at start: Int,
        to fields: inout FieldList
    ) -> Int? {
        let isClient = line.hasPrefix("client ", at: start)
        guard isClient || line.hasPrefix("pid ", at: start) || line.hasPrefix("remote ", at: start)
        else { return nil }
        // `[client [::1]:5000]` holds brackets itself.
        var close = line.next(0x5D, from: start)
        if line.has(":", at: close + 1) { close = line.next(0x5D, from: close + 1) }
        guard close < line.byteCount else { return nil }
        if isClient || line.hasPrefix("remote ", at: start) {
            fields.add(.client, (start + 7)..<max(start + 7, close))
            return close + 1
        }
        let end = line.endOfDigits(from: start + 4)
        fields.add(.pid, (start + 4)..<end, .number)
        if line.hasPrefix(":tid ", at: end) { fields.add(.thread, (end + 5)..<max(end + 5, close)) }
        return close + 1
    }

    /// `AH00128: …`, and `, referer: …` at the end.
    private static func addMessage(
        _ line: borrowing RawSpan,
        from start: Int,
        to fields: inout FieldList
    ) {
        if line.hasPrefix("AH", at: start), line.number(at: start + 2, digits: 5) != nil,
            line.has(":", at: start + 7)
        {
            fields.add(.code, start..<start + 7)
        }
        if let comma = line.find(", referer: ", from: start) {
            fields.add(.referer, comma + 11..<line.byteCount)
        }
    }
}
