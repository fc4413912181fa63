import Atlas
import History
import HistoryFormat
import Query

/// Lines in an array, and what a query means said in the plainest way.
struct NaiveLines {
    struct Line {
        var stored: StoredLine
        /// What its format tells, by the test that wrote it.
        var fields: [String: String] = [:]
        var message: [UInt8]
    }

    var lines: [Line] = []

    /// The number of the last one, 0 where there is none.
    var last: UInt64 { lines.last?.stored.record.number ?? 0 }

    /// All that match, without regard to the limit; in the order of the search.
    func matches(_ query: LogQuery) -> [StoredLine] {
        let found = lines.filter { Self.matches($0, query) }.map(\.stored)
        return query.isOldestFirst ? found : found.reversed()
    }

    /// What all pages together hold, in the order of their numbers.
    func lines(_ query: LogQuery) -> [StoredLine] {
        let found = Array(matches(query).prefix(max(0, query.limit)))
        return query.isOldestFirst ? found : found.reversed()
    }

    func histogram(
        _ query: LogQuery,
        bucket: Span,
        by grouping: LogGrouping = .level
    ) -> [LogHistogram.Bar] {
        var bars: [Int64: [Int]] = [:]
        for line in lines where Self.matches(line, query) {
            let time = line.stored.record.time.nanoseconds
            let start = Int64((Double(time) / Double(bucket.nanoseconds)).rounded(.down))
            var group = Int(line.stored.record.level.rawValue)
            var groups = 7
            if case .values(let key, let values) = grouping {
                groups = values.count + 2
                let value = Self.value(of: key, line)
                group =
                    value.map { values.firstIndex(of: $0) ?? values.count } ?? values.count + 1
            }
            bars[start, default: [Int](repeating: 0, count: groups)][group] += 1
        }
        return bars.sorted { $0.key < $1.key }.map { start, counts in
            let instant = Instant(nanoseconds: start * bucket.nanoseconds)
            return LogHistogram.Bar(start: instant, counts: counts)
        }
    }

    /// The most frequent first, of equals by their bytes; and how many lines have none.
    func values(
        of key: LogKey,
        _ query: LogQuery
    ) -> (values: [LogValues.Value], missing: Int) {
        let all = lines.filter { Self.matches($0, query) }.map { Self.value(of: key, $0) }
        let counts = Dictionary(grouping: all.compactMap(\.self), by: \.self)
        let values = counts.map { LogValues.Value(text: $0.key, lines: $0.value.count) }
        let sorted = values.sorted { left, right in
            left.lines == right.lines
                ? left.text.lexicographicallyPrecedes(right.text) : left.lines > right.lines
        }
        return (sorted, all.count { $0 == nil })
    }

    private static func value(of key: LogKey, _ line: Line) -> [UInt8]? {
        switch key {
        case .level: Array(line.stored.record.level.name.utf8)
        case .source: Array(line.stored.source.utf8)
        case .resource: line.stored.resource.map { Array($0.utf8) }
        case .field("message"): Array(line.message.prefix(256))
        case .field(let name): line.fields[name].map { Array($0.utf8) }
        }
    }

    static func matches(_ line: Line, _ query: LogQuery) -> Bool {
        let record = line.stored.record
        if let since = query.since, record.time < since { return false }
        if let until = query.until, record.time >= until { return false }
        if record.level < query.minimumLevel { return false }
        if let sources = query.sources, !sources.contains(line.stored.source) { return false }
        if let resources = query.resources {
            guard let resource = line.stored.resource, resources.contains(resource) else {
                return false
            }
        }
        if let after = query.after, record.number <= after { return false }
        if let before = query.before, record.number >= before { return false }
        if let arrivedBy = query.arrivedBy, record.arrival > arrivedBy { return false }
        return holds(query.condition, line)
    }

    private static func holds(_ condition: LogCondition, _ line: Line) -> Bool {
        let record = line.stored.record
        switch condition {
        case .all: return true
        case .text(let text): return contains(record.bytes, text)
        case .pattern(let pattern): return matches(record.bytes, pattern)
        case .level(let sign, let level):
            return compare(Int(record.level.rawValue), sign, Int(level.rawValue))
        case .time(let sign, let instant):
            return compare(record.time.nanoseconds, sign, instant.nanoseconds)
        case .source(let test): return holds(test, Array(line.stored.source.utf8))
        case .resource(let test):
            return line.stored.resource.map { holds(test, Array($0.utf8)) } ?? false
        case .field(let name, let test):
            if name == "message" { return holds(test, line.message) }
            if name == "line" { return holds(test, record.bytes) }
            return line.fields[name].map { holds(test, Array($0.utf8)) } ?? false
        case .not(let inner): return !holds(inner, line)
        case .and(let parts): return !parts.contains { !holds($0, line) }
        case .or(let parts): return parts.contains { holds($0, line) }
        }
    }

    private static func compare<Value: Comparable>(
        _ left: Value,
        _ sign: LogCondition.Comparison,
        _ right: Value
    ) -> Bool {
        switch sign {
        case .equal: left == right
        case .unequal: left != right
        case .less: left < right
        case .most: left <= right
        case .least: left >= right
        case .more: left > right
        }
    }

    private static func folded(_ bytes: some Sequence<UInt8>, _ ignoresCase: Bool) -> [UInt8] {
        bytes.map { ignoresCase && (65...90).contains($0) ? $0 + 32 : $0 }
    }

    private static func contains(_ bytes: [UInt8], _ text: LogCondition.Text) -> Bool {
        let wanted = folded(text.text.utf8, text.ignoresCase)
        let bytes = folded(bytes, text.ignoresCase)
        guard wanted.count <= bytes.count else { return false }
        guard let first = wanted.first else { return true }
        return (0...bytes.count - wanted.count).contains {
            bytes[$0] == first && bytes[$0...].starts(with: wanted)
        }
    }

    private static func holds(_ test: LogCondition.FieldTest, _ value: [UInt8]) -> Bool {
        switch test {
        case .exists: return true
        case .equals(let text):
            return folded(value, text.ignoresCase) == folded(text.text.utf8, text.ignoresCase)
        case .like(let text):
            let pattern = folded(text.text.utf8, text.ignoresCase)
            return isLike(folded(value, text.ignoresCase)[...], pattern[...])
        case .holds(let text): return contains(value, text)
        case .matches(let pattern): return matches(value, pattern)
        case .number(let sign, let bound):
            let text = String(decoding: value, as: UTF8.self)
            guard let known = numbers[text] else { return false }
            return switch bound.kind {
            case .plain: known.number.map { compare($0, sign, bound.value) } ?? false
            case .duration: known.nanoseconds.map { compare($0, sign, bound.value) } ?? false
            case .size: known.bytes.map { compare($0, sign, bound.value) } ?? false
            // Of these values none says percent; bare numbers are taken for it.
            case .percent:
                known.number == known.bytes
                    && known.number.map { compare($0, sign, bound.value) } ?? false
            }
        }
    }

    private static func isLike(_ value: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return value.isEmpty }
        guard first == 0x2A else {
            return value.first == first && isLike(value.dropFirst(), pattern.dropFirst())
        }
        return (0...value.count).contains { isLike(value.dropFirst($0), pattern.dropFirst()) }
    }

    struct Number {
        var number: Double?
        var nanoseconds: Double?
        var bytes: Double?
    }

    /// Values that lines of these tests have, and what they mean as numbers.
    static let numbers: [String: Number] = [
        "200": Number(number: 200, bytes: 200), "404": Number(number: 404, bytes: 404),
        "500": Number(number: 500, bytes: 500), "-1": Number(number: -1, bytes: -1),
        "0.5": Number(number: 0.5, bytes: 0.5), "1e3": Number(number: 1_000, bytes: 1_000),
        "12ms": Number(number: 12, nanoseconds: 12e6),
        "1.5s": Number(number: 1.5, nanoseconds: 1.5e9),
        "1m30s": Number(nanoseconds: 90e9), "10kB": Number(number: 10, bytes: 10_000),
        "1MiB": Number(number: 1, bytes: 1_048_576),
    ]

    /// Expressions of these tests, and what they match in other words.
    static let patterns: [String: @Sendable (_ bytes: [UInt8], _ isCut: Bool) -> Bool] = [
        "^connect": { bytes, _ in bytes.starts(with: "connect".utf8) },
        "x$": { bytes, isCut in !isCut && bytes.last == 0x78 },
        "error|checkpoint": { bytes, _ in
            contains(bytes, .init("error", ignoresCase: false))
                || contains(bytes, .init("checkpoint", ignoresCase: false))
        },
        "[0-9]{3}": { bytes, _ in
            let isDigit = bytes.map { (48...57).contains($0) }
            return isDigit.indices.dropLast(2).contains { isDigit[$0...$0 + 2].allSatisfy(\.self) }
        },
        "^$": { bytes, isCut in !isCut && bytes.isEmpty },
    ]

    /// An expression sees the first 4 KiB.
    private static func matches(_ bytes: [UInt8], _ pattern: LogCondition.Pattern) -> Bool {
        let seen = folded(bytes.prefix(4_096), pattern.ignoresCase)
        return patterns[pattern.pattern]?(seen, bytes.count > 4_096) ?? false
    }
}
