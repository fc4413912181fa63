internal import Atlas

/// ClickHouse's server and keeper logs.
///
///     2026.11.23 07:19:45.071622 [ 2 ] {97b2bdda-…} <Information> Application: starting up
///     └ local time               └ thread └ query   └ level       └ logger     └ message
///
/// Stack frames (`0. DB::Exception::Exception …`) go on with the line before.
/// Source: src/Loggers/OwnPatternFormatter.cpp.
package struct ClickHouseLog: LogFormat {
    package let name = "clickhouse"
    package let summary = "ClickHouse's server log"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard let stamp = line.stamp(at: 0, between: 0x2E) else {
            return ParsedLine(shape: isContinuation(line) ? .continuation : .unknown)
        }
        // The name of the host may stand between, as may the thread's.
        let open = line.next(0x5B, from: stamp.next)
        let close = line.next(0x5D, from: open)
        let query = line.next(0x7B, from: close)
        let queryEnd = line.next(0x7D, from: query)
        guard close < line.byteCount, query == close + 2, line.hasPrefix(" <", at: queryEnd + 1)
        else {
            return ParsedLine(shape: .unknown)
        }
        let word = queryEnd + 3
        let wordEnd = line.next(0x3E, from: word)
        guard line.has(" ", at: wordEnd + 1), let level = level(line, word..<wordEnd) else {
            return ParsedLine(shape: .unknown)
        }
        if fields.isWanted {
            fields.add(.thread, line.trimmed(open + 1..<close))
            if queryEnd > query + 1 { fields.add(.queryID, query + 1..<queryEnd) }
            if let colon = line.find(": ", from: wordEnd + 2), colon > wordEnd + 2 {
                fields.add(.logger, wordEnd + 2..<colon)
            }
        }
        return ParsedLine(
            shape: .record,
            time: stamp.time,
            level: level,
            messageStart: wordEnd + 2,
            step: stamp.step
        )
    }

    private func level(_ line: RawSpan, _ word: Range<Int>) -> Level? {
        line.isWord(word, "test") ? .trace : line.level(named: word)
    }

    private func isContinuation(_ line: RawSpan) -> Bool {
        if line.has("\t", at: 0) { return true }
        let end = line.endOfDigits(from: 0)
        return end > 0 && end < 4 && line.hasPrefix(". ", at: end)
    }
}
