import Atlas
import Chance
import History
import HistoryFormat
import Query

/// A plan of sources that have formats, and lines of those whose fields are known.
extension Dice {
    static let formatPlan = WatchPlan(sources: [
        LogSource(name: "api", path: "/a", format: "json", resource: "web1"),
        LogSource(name: "worker", path: "/w", format: "logfmt", resource: "web2"),
        LogSource(name: "notes", path: "/n", format: "plain"),
    ])

    private static let users = ["bob", "Ann", "x y", "true", "暗い", "a*b"]
    private static let counted = [
        "status": ["200", "404", "500", "-1", "0.5", "1e3"],
        "took": ["12ms", "1.5s", "1m30s"],
        "size": ["10kB", "1MiB", "200"],
    ]

    /// Lines of several sources, some late, some far out of order, some empty, binary or huge.
    mutating func lines(from number: UInt64, upTo most: Int) -> (LogChunk, [NaiveLines.Line]) {
        let plan = Self.formatPlan
        var lines: [NaiveLines.Line] = []
        for index in 0..<roll(1...most) {
            let source = roll(0...plan.sources.count - 1)
            var line = self.line(of: plan.sources[source].format)
            let arrival = Instant(
                nanoseconds: Int64(number) * 1_000_000_000 + Int64(roll(0...999_999_999))
            )
            line.stored.source = plan.sources[source].name
            line.stored.resource = plan.sources[source].resource
            line.stored.record.number = number + UInt64(index)
            line.stored.record.source = UInt16(source)
            line.stored.record.arrival = arrival
            line.stored.record.time =
                isLucky(85) ? arrival : arrival - .seconds(Int64(roll(-20...2_000)))
            line.stored.record.level = pick(Level.allCases)
            lines.append(line)
        }
        let records = lines.map(\.stored.record)
        var ends: [UInt32] = []
        for record in records { ends.append((ends.last ?? 0) + UInt32(record.bytes.count)) }
        let chunk = LogChunk(
            firstLine: number,
            bytes: records.flatMap(\.bytes),
            ends: ends,
            sources: records.map(\.source),
            arrivals: records.map(\.arrival),
            times: records.map(\.time),
            levels: records.map(\.level),
            messageStarts: records.map { UInt32($0.messageStart) },
            positions: []
        )
        return (chunk, lines)
    }

    private mutating func words() -> String {
        let words = ["connect", "FATAL", "Error", "error", "checkpoint", "ß", "暗い", "x", "12345"]
        return (0..<roll(1...6)).map { _ in pick(words) }.joined(separator: " ")
    }

    private mutating func line(of format: String) -> NaiveLines.Line {
        let odd = roll(1...60)
        if odd == 1 { return Self.line([], message: []) }
        if odd == 2 {
            // No bytes that could begin an object or stand between a key and its value.
            let bytes = (0..<roll(1...60)).map { _ in
                pick([0, 7, 10, 13, 27, 92, 127, 128, 195, 255])
            }
            return Self.line(bytes.map { UInt8($0) }, message: nil)
        }
        var fields: [String: String] = [:]
        if isLucky(60) { fields["user"] = pick(Self.users) }
        for (name, values) in Self.counted.sorted(by: { $0.key < $1.key }) where isLucky(40) {
            fields[name] = pick(values)
        }
        var message = words()
        if odd == 3 { message = String(repeating: message + " ", count: 200) + "checkpoint" }
        let text =
            switch format {
            case "json": json(fields, message)
            case "logfmt": logfmt(fields) + "msg=\"\(message)\""
            // A huge one has more words than a line has fields.
            default: odd != 3 && isLucky(50) ? "\(message) \(logfmt(fields))end" : message
            }
        if format == "plain" {
            if !text.contains("=") { fields = [:] }
            message = text
        }
        var line = Self.line(Array(text.utf8), message: Array(message.utf8))
        line.fields = fields
        return line
    }

    private static func line(_ bytes: [UInt8], message: [UInt8]?) -> NaiveLines.Line {
        NaiveLines.Line(
            stored: StoredLine(
                source: "",
                resource: nil,
                record: LogRecord(
                    number: 0,
                    source: 0,
                    arrival: .distantPast,
                    time: .distantPast,
                    level: .info,
                    messageStart: 0,
                    bytes: bytes
                )
            ),
            message: message ?? bytes
        )
    }

    /// Numbers bare or as strings; letters of a user sometimes by their codes.
    private mutating func json(_ fields: [String: String], _ message: String) -> String {
        var members = fields.sorted { $0.key < $1.key }.map { name, value -> String in
            let isBare = name == "status" && isLucky(50)
            let isCoded = name == "user" && isLucky(30)
            let written =
                isCoded
                ? value.utf16.map { unit in
                    let hex = String(unit, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                }.joined() : value
            return "\"\(name)\":" + (isBare ? value : "\"\(written)\"")
        }
        if fields["user"] == nil, isLucky(30) { members.append("\"user\":null") }
        return "{" + (members + ["\"msg\":\"\(message)\""]).joined(separator: ",") + "}"
    }

    private func logfmt(_ fields: [String: String]) -> String {
        fields.sorted { $0.key < $1.key }
            .map { "\($0)=" + ($1.contains(" ") ? "\"\($1)\" " : "\($1) ") }
            .joined()
    }

    // MARK: - Questions

    mutating func lineQuery(lines: UInt64) -> LogQuery {
        var query = LogQuery(
            condition: isLucky(80) ? condition(depth: 3) : .all,
            isOldestFirst: isLucky(40),
            limit: pick([0, 1, 3, 50, 1_000, .max]),
            reach: pick([1, 2, 7, .max])
        )
        let last = Int(lines)
        if isLucky(20) { query.since = Instant(seconds: Int64(roll(0...last))) }
        if isLucky(20) { query.until = Instant(seconds: Int64(roll(0...last + 1))) }
        if isLucky(20) { query.minimumLevel = pick(Level.allCases) }
        if isLucky(15) { query.sources = Set((0..<roll(0...2)).map { _ in pick(sourceNames) }) }
        if isLucky(15) { query.resources = [pick(["web1", "web2", "nobody"])] }
        if isLucky(20) { query.after = UInt64(roll(0...last)) }
        if isLucky(20) { query.before = UInt64(roll(1...last + 1)) }
        if isLucky(15) { query.arrivedBy = Instant(seconds: Int64(roll(0...last))) }
        return query
    }

    private var sourceNames: [String] { Self.formatPlan.sources.map(\.name) }

    mutating func condition(depth: Int) -> LogCondition {
        if depth > 0, isLucky(50) {
            switch roll(1...5) {
            case 1, 2: return .and((0..<roll(1...3)).map { _ in condition(depth: depth - 1) })
            case 3, 4: return .or((0..<roll(1...3)).map { _ in condition(depth: depth - 1) })
            default: return .not(condition(depth: depth - 1))
            }
        }
        switch roll(1...9) {
        case 1, 2, 3: return .text(text(["connect", "fatal", "r c", "x", "ß", "", "absent", "}"]))
        case 4: return .pattern(pattern())
        case 5: return .level(pick(LogCondition.Comparison.allCases), pick(Level.allCases))
        case 6:
            return .time(
                pick([.less, .most, .least, .more]),
                Instant(seconds: Int64(roll(0...500)))
            )
        case 7:
            return isLucky(50)
                ? .source(test(of: sourceNames + ["w*", "*"]))
                : .resource(test(of: ["web1", "web*", "*2", "nobody"]))
        default: return field()
        }
    }

    private mutating func text(_ words: [String]) -> LogCondition.Text {
        let word = pick(words)
        return isLucky(50)
            ? LogCondition.Text(word) : LogCondition.Text(word, ignoresCase: isLucky(50))
    }

    private mutating func pattern() -> LogCondition.Pattern {
        LogCondition.Pattern(pick(NaiveLines.patterns.keys.sorted()), ignoresCase: isLucky(50))
    }

    private mutating func test(of values: [String]) -> LogCondition.FieldTest {
        switch roll(1...6) {
        case 1: .exists
        case 2: .like(text(values.map { $0.prefix(1) + "*" } + ["*", "*o*", "*y", "**"]))
        case 3: .matches(pattern())
        case 4: .holds(text(values))
        default: .equals(text(values))
        }
    }

    private mutating func field() -> LogCondition {
        switch roll(1...6) {
        case 1: return .field("message", test(of: ["connect", "x", "error"]))
        case 2: return .field("line", test(of: ["connect", "user"]))
        case 3: return .field(pick(["nothing", "use", "users"]), test(of: ["bob"]))
        case 4: return .field("user", test(of: Self.users + ["BOB", "nobody"]))
        default:
            let name = pick(Self.counted.keys.sorted())
            let bounds = ["200", "404", "0", "-2", "12", "10ms", "2s", "1h", "9k", "1MiB", "5%"]
            guard isLucky(70), let bound = Quantity(pick(bounds)) else {
                return .field(name, test(of: Self.counted[name] ?? []))
            }
            return .field(name, .number(pick(LogCondition.Comparison.allCases), bound))
        }
    }
}
