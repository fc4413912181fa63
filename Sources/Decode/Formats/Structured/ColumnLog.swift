internal import Atlas

/// Columns without names: `csv` (RFC 4180) and `tsv`.
///
///     2026-11-23 07:00:25.123,ERROR,"said ""no""",,3
///     └ column1               └ 2   └ 3          └ 4, null
///
/// Lines are read one by one, so a line with names is a record like the others; an own format gives
/// columns names. The first column that is wholly a time is the time, and the first of the first
/// eight that is wholly a level's word of three letters and more is the level. Columns behind the
/// 32nd are not told. The message is the whole line. A line without a separator is unknown.
///
/// In csv a column may be in quotes, each quote inside written twice; an empty one without quotes is
/// null. A quote that is not closed, or has something behind it, makes the line unknown, with the
/// columns before. In tsv nothing is quoted.
package struct ColumnLog: LogFormat {
    package static let csv = ColumnLog(separator: 0x2C)
    package static let tsv = ColumnLog(separator: 0x09)

    private static let levelColumns = 8

    private let separator: UInt8
    private var hasQuotes: Bool { separator == 0x2C }

    private init(separator: UInt8) {
        self.separator = separator
    }

    package var name: String { hasQuotes ? "csv" : "tsv" }
    package var summary: String {
        hasQuotes
            ? "columns between commas, quoted as in RFC 4180" : "columns between tabs, not quoted"
    }

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        let count = line.countWithoutReturn
        var parsed = ParsedLine(shape: count > 0 ? .record : .unknown)
        guard count > 0 else { return parsed }
        var start = line.hasPrefix("\u{FEFF}", at: 0) ? 3 : 0
        var column = 0
        while true {
            var value = start..<line.next(separator, from: start, to: count)
            var kind = Field.Kind.text
            var next = value.upperBound
            if hasQuotes, start < count, line.byte(start) == 0x22 {
                guard let end = Self.doubledEnd(line, from: start &+ 1, to: count),
                    end &+ 1 == count || line.byte(end &+ 1) == separator
                else {
                    parsed.shape = .unknown
                    return parsed
                }
                value = (start &+ 1)..<end
                kind = .doubled
                next = end &+ 1
            } else if hasQuotes, value.isEmpty {
                kind = .null
            }
            if fields.isWanted, let name = KnownField.column(column) {
                fields.add(name, value, kind)
            }
            take(line, value, column, &parsed, &fields.times)
            column &+= 1
            guard next < count else {
                if column == 1 { parsed.shape = .unknown }
                return parsed
            }
            start = next &+ 1
        }
    }

    @inline(__always)
    private func take(
        _ line: borrowing RawSpan,
        _ value: Range<Int>,
        _ column: Int,
        _ parsed: inout ParsedLine,
        _ times: inout TimeReader
    ) {
        // More than the digits of a year are a number, whatever it counts.
        if parsed.time == .none, value.count >= 15,
            line.endOfDigits(from: value.lowerBound) &- value.lowerBound <= 4,
            let read = times.read(line, value)
        {
            (parsed.time, parsed.step) = read
        } else if parsed.level == nil, column < Self.levelColumns, (3...13).contains(value.count) {
            parsed.level = LevelWord.level(line, value)
        }
    }

    /// The quote that closes a column.
    private static func doubledEnd(
        _ line: borrowing RawSpan,
        from start: Int,
        to count: Int
    ) -> Int? {
        var index = start
        while true {
            index = line.next(0x22, from: index, to: count)
            guard index < count else { return nil }
            guard index &+ 1 < count, line.byte(index &+ 1) == 0x22 else { return index }
            index &+= 2
        }
    }
}

extension RawSpan {
    /// Bytes of a line without the CR of its end.
    var countWithoutReturn: Int {
        byteCount > 0 && byte(byteCount - 1) == 0x0D ? byteCount - 1 : byteCount
    }
}
