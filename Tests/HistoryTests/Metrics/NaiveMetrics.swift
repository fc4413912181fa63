import Atlas
import Chance
import History

/// All values there ever were, and answers made of them anew each time.
struct NaiveMetrics {
    struct Value {
        var second: Int64
        var value: Double
    }

    var values: [MetricSeries: [Value]] = [:]

    mutating func add(_ value: Double, _ series: MetricSeries, _ second: Int64) {
        values[series, default: []].append(Value(second: second, value: value))
    }

    /// The values of each period that has one, in order of time, and whether older ones are left out.
    func periods(
        _ query: MetricQuery,
        of period: Span
    ) -> (periods: [(start: Instant, values: [Double])], isCut: Bool) {
        let all = values[query.series] ?? []
        let width = period.nanoseconds / 1_000_000_000
        func start(_ second: Int64) -> Int64 { Instant(seconds: second).floor(to: period).seconds }
        guard let first = all.map(\.second).min(), let last = all.map(\.second).max() else {
            return ([], false)
        }
        let to = Instant(nanoseconds: min(query.to.nanoseconds, 4_000_000_000_000_000_000))
        let end = min(last, (to - Span(nanoseconds: 1)).floor(to: .seconds(1)).seconds)
        let from = start(max(first, query.from.floor(to: .seconds(1)).seconds))
        guard from <= end else { return ([], false) }
        let count = (start(end) - from) / width + 1
        let isCut = count > Int64(query.limit)
        let oldest = isCut ? start(end) - (Int64(query.limit) - 1) * width : from
        var grouped: [Int64: [Double]] = [:]
        for value in all {
            let start = start(value.second)
            if start >= oldest, start <= end { grouped[start, default: []].append(value.value) }
        }
        let periods = grouped.sorted { $0.key < $1.key }
            .map { (Instant(seconds: $0.key), $0.value) }
        return (periods, isCut)
    }

    /// By nearest rank, exactly.
    static func value(_ statistic: MetricStatistic, of values: [Double]) -> Double {
        switch statistic {
        case .count: return Double(values.count)
        case .sum: return values.reduce(0, +)
        case .average: return values.reduce(0, +) / Double(values.count)
        case .least: return values.min() ?? .nan
        case .most: return values.max() ?? .nan
        case .percentile(let percent):
            let rank = (percent / 100 * Double(values.count)).rounded(.up)
            return values.sorted()[max(0, min(values.count - 1, Int(rank) - 1))]
        }
    }
}

extension Instant {
    var seconds: Int64 { floor(to: .seconds(1)).nanoseconds / 1_000_000_000 }
}

extension Dice {
    static let metricSeries = [
        MetricSeries(.resource, "db1", "connections"),
        MetricSeries(.resource, "db1", "used", unit: "%"),
        MetricSeries(.link, "db1 → db2", "lag", unit: "s"),
        MetricSeries(.canary, "orders", "latency", unit: "ms"),
    ]

    /// Whole numbers for the first two series, anything for the others.
    mutating func value(of series: MetricSeries) -> Double {
        guard series.kind != .resource else { return Double(roll(-5...1_000)) }
        switch roll(1...10) {
        case 1: return 0
        case 2: return -Double(roll(1...1_000_000)) / 7
        case 3: return Double(roll(1...9)) * 0x1p-340
        case 4: return Double(roll(1...9)) * 0x1p350
        case 5, 6: return Double(roll(1...90_000)) / 1_000
        default: return Double.random(in: 0.001...1_000, using: &self)
        }
    }

    mutating func metricQuery(_ span: ClosedRange<Int64>) -> MetricQuery {
        let length = Int(span.upperBound - span.lowerBound)
        let start = span.lowerBound + Int64(roll(-100...length + 100))
        var query = MetricQuery(
            pick(Self.metricSeries + [MetricSeries(.source, "nothing", "lines")]),
            from: Instant(seconds: start),
            to: Instant(seconds: start + Int64(roll(0...length + 200))),
            period: .seconds(pick([1, 7, 60, 90, 300, 1_800, 3_600, 5_400, 86_400, 604_800])),
            statistics: [.count, .sum, .average, .least, .most, .percentile(50), .percentile(99)]
        )
        if isLucky(20) { query.from = .distantPast }
        if isLucky(20) { query.to = Instant(nanoseconds: .max) }
        if isLucky(20) { query.from = query.from + .milliseconds(1) }
        if isLucky(20) { query.to = query.to + .milliseconds(1) }
        if isLucky(20) { query.limit = pick([0, 1, 3, 20]) }
        return query
    }
}
