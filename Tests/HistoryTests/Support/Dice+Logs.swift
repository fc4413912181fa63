import Atlas
import Chance
import History
import Query

extension Dice {
    static let words = ["connect", "FATAL", "Error", "checkpoint", "ß", "\u{1b}[31m", "暗い", "x"]

    /// Lines of random sources, levels and times; some empty, some no UTF-8, some long ago.
    mutating func chunk(firstLine: UInt64, upTo most: Int, sources: Int) -> LogChunk {
        let count = roll(1...most)
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        var starts: [UInt32] = []
        for _ in 0..<count {
            let line = line()
            bytes += line
            ends.append(UInt32(bytes.count))
            starts.append(UInt32(roll(0...line.count)))
        }
        let arrivals = (0..<count).map { _ in
            Instant(nanoseconds: Int64(firstLine) * 1_000_000_000 + Int64(roll(0...999_999_999)))
        }
        return LogChunk(
            firstLine: firstLine,
            bytes: bytes,
            ends: ends,
            sources: (0..<count).map { _ in UInt16(roll(0...sources - 1)) },
            arrivals: arrivals,
            times: arrivals.map { isLucky(90) ? $0 : $0 - .seconds(Int64(roll(0...50))) },
            levels: (0..<count).map { _ in pick(Level.allCases) },
            messageStarts: starts,
            positions: []
        )
    }

    private mutating func line() -> [UInt8] {
        switch roll(1...20) {
        case 1: []
        case 2: (0..<roll(1...30)).map { _ in UInt8(roll(0...255)) }
        default: Array((0..<roll(1...6)).map { _ in pick(Self.words) }.joined(separator: " ").utf8)
        }
    }

    mutating func query(lines: UInt64, sources: [LogSource]) -> LogQuery {
        var query = LogQuery(limit: pick([1, 3, 50, 1_000]), reach: pick([1, 2, .max]))
        if isLucky(40) { query.since = Instant(seconds: Int64(roll(0...Int(lines)))) }
        if isLucky(40) { query.until = Instant(seconds: Int64(roll(0...Int(lines) + 1))) }
        if isLucky(40) { query.minimumLevel = pick(Level.allCases) }
        if isLucky(30) { query.sources = Set((0..<roll(0...2)).map { _ in pick(sources).name }) }
        if isLucky(30) { query.resources = Set([pick(["db1", "db2", "nobody"])]) }
        let ignoresCase = isLucky(50)
        if isLucky(40) {
            let text = pick(Self.words + ["fatal", "r c", "t FA", "absent"])
            query.condition = .text(.init(text, ignoresCase: ignoresCase))
        }
        if isLucky(20) { query.after = UInt64(roll(0...Int(lines))) }
        if isLucky(20) {
            query.condition = query.condition.and(.text(.init(pick(Self.words))))
        }
        if isLucky(20) {
            query.condition = query.condition.and(.not(.text(.init(pick(Self.words)))))
        }
        if isLucky(20) { query.arrivedBy = Instant(seconds: Int64(roll(0...Int(lines)))) }
        query.isOldestFirst = isLucky(30)
        if isLucky(20) { query.before = UInt64(roll(1...Int(lines) + 1)) }
        return query
    }

    mutating func event() -> InputEvent {
        let at = Instant(nanoseconds: Int64(roll(0...Int.max / 2)))
        switch roll(1...5) {
        case 1: return .tick
        case 2: return .mark(pick(Self.words))
        case 3: return .source(SourceEvent(source: 1, kind: .rotated, detail: pick(Self.words)))
        case 4:
            let outcome: ProbeReply.Outcome =
                isLucky(50)
                ? .answered(pick(Self.words))
                : .failed(ProbeFailure(kind: .timeout, detail: pick(Self.words)))
            return .reply(
                ProbeReply(target: 0, question: .status, started: at, ended: at, outcome: outcome)
            )
        default:
            return .attempt(CanaryTry(canary: 0, number: 7, started: at, ended: at, target: 1))
        }
    }
}

/// A plan whose sources belong to db1, db2, or to nobody.
let testPlan = WatchPlan(sources: [
    LogSource(name: "db1 log", path: "/1", format: "plain", resource: "db1"),
    LogSource(name: "db2 log", path: "/2", format: "plain", resource: "db2"),
    LogSource(name: "kernel", path: "/k", format: "plain"),
])
