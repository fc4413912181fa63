import Atlas
import Chance
import History
import Testing

/// Numbers kept in one way or another, and written to a batch at a time.
final class MetricSubject {
    enum Kind: String, CaseIterable, Sendable {
        case file
        case memory
    }

    private let folder: Folder
    private let memory: MetricLog?
    private let retention: MetricRetention
    private var writer: HistoryWriter?
    private let picture = Picture(at: Instant(seconds: 0), estate: Estate(name: "test"))
    private(set) var metrics: any MetricHistory

    init(_ kind: Kind, _ retention: MetricRetention) throws {
        folder = try Folder()
        self.retention = retention
        switch kind {
        case .memory:
            let log = MetricLog(retention: retention)
            (memory, metrics) = (log, log)
        case .file:
            memory = nil
            let writer = try HistoryWriter(path: folder.history)
            try writer.begin(testPlan, picture: picture, at: picture.at)
            self.writer = writer
            metrics = try HistoryReader(path: folder.history)
        }
    }

    func append(_ rows: [MetricRow], at instant: Instant) throws {
        memory?.add(rows)
        try writer?.append(HistoryBatch(at: instant, metrics: rows))
        _ = try writer?.retain(Retention(metrics: retention), at: instant)
    }

    /// As after a restart of the program; what is in memory only stays.
    func reopen() throws {
        guard let old = writer else { return }
        writer = nil
        try old.close()
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        self.writer = writer
        metrics = try HistoryReader(path: folder.history)
    }
}

@Suite("Metrics of every history")
struct MetricConformanceTests {
    private static let endless = Span.seconds(100 * 365 * 86_400)
    /// Half of a bucket: of 32 between a number and its double.
    private static let error = 1.0 / 64 + 1e-12

    /// Writes random values to a subject and to an array; some late, some after a long silence.
    private func made(
        _ kind: MetricSubject.Kind,
        _ retention: MetricRetention,
        _ dice: inout Dice
    ) throws -> (MetricSubject, NaiveMetrics, ClosedRange<Int64>) {
        let subject = try MetricSubject(kind, retention)
        var naive = NaiveMetrics()
        let begin: Int64 = 1_700_000_000 + Int64(dice.roll(0...10_000_000))
        var now = begin
        let steps = [1, 20, 400, 5_000, 100_000, 900_000].prefix(dice.roll(1...6))
        for _ in 0..<dice.roll(2...30) {
            var rows: [MetricRow] = []
            for _ in 0..<dice.roll(0...30) {
                let series = dice.pick(Dice.metricSeries)
                let age =
                    dice.isLucky(80) ? dice.roll(0...3) : dice.roll(0...dice.pick(Array(steps)))
                let second = max(begin, now - Int64(age))
                var set: StatisticSet?
                for _ in 0..<(dice.isLucky(70) ? 1 : dice.roll(1...12)) {
                    let value = dice.value(of: series)
                    naive.add(value, series, second)
                    let next = try #require(StatisticSet(value))
                    set?.merge(next)
                    set = set ?? next
                }
                guard let set else { continue }
                rows.append(MetricRow(series, start: Instant(seconds: second), set: set))
            }
            try subject.append(rows, at: Instant(seconds: now))
            now += Int64(dice.roll(0...dice.pick(Array(steps))))
            if dice.isLucky(10) { try subject.reopen() }
        }
        return (subject, naive, begin...now)
    }

    private func expectSame(
        _ found: MetricRange,
        _ naive: NaiveMetrics,
        _ query: MetricQuery,
        _ note: String
    ) throws {
        let (wanted, isCut) = naive.periods(query, of: found.period)
        try #require(found.points.map(\.start) == wanted.map(\.start), "\(note)\n\(query)")
        try #require(found.isCut == isCut, "\(note)\n\(query)")
        try #require(found.damaged == 0, "\(note)")
        for (point, period) in zip(found.points, wanted) {
            for (statistic, value) in zip(query.statistics, point.values) {
                let exact = NaiveMetrics.value(statistic, of: period.values)
                let isWhole = query.series.kind == .resource
                let isSame =
                    switch statistic {
                    case .count, .least, .most: value == exact
                    case .sum, .average:
                        isWhole
                            ? value == exact
                            : abs(value - exact)
                                <= period.values.reduce(0) { $0 + abs($1) } * 1e-12
                    case .percentile: abs(value - exact) <= abs(exact) * Self.error
                    }
                try #require(
                    isSame,
                    "\(note): \(statistic) \(value), not \(exact), at \(point.start)\n\(query)"
                )
            }
        }
    }

    @Test(
        "are what an array of all values comes to, by any period and statistic",
        arguments: 0..<64,
        MetricSubject.Kind.allCases
    )
    func same(seed: Int, kind: MetricSubject.Kind) throws {
        var dice = Dice(seed)
        let retention = MetricRetention(seconds: Self.endless, minutes: Self.endless)
        let (subject, naive, span) = try made(kind, retention, &dice)
        for _ in 0..<30 {
            let query = dice.metricQuery(span)
            let found = try subject.metrics.range(query)
            #expect(found.period == query.period)
            try expectSame(found, naive, query, "seed \(seed), \(kind)")
        }
    }

    @Test(
        "past the time of a tier come from the next, whole, by a longer period where need be",
        arguments: 100..<132,
        MetricSubject.Kind.allCases
    )
    func retired(seed: Int, kind: MetricSubject.Kind) throws {
        var dice = Dice(seed)
        let retention = MetricRetention(
            seconds: .seconds(Int64(dice.roll(60...20_000))),
            minutes: .seconds(Int64(dice.roll(600...400_000))),
            fiveMinutes: .seconds(Int64(dice.roll(3_000...4_000_000))),
            hours: Self.endless
        )
        let (subject, naive, span) = try made(kind, retention, &dice)
        for _ in 0..<30 {
            var query = dice.metricQuery(span)
            query.limit = .max
            let found = try subject.metrics.range(query)
            #expect(found.period >= query.period)
            try expectSame(found, naive, query, "seed \(seed), \(kind)")
        }
    }

    @Test("are listed with their first and newest", arguments: 0..<8, MetricSubject.Kind.allCases)
    func listed(seed: Int, kind: MetricSubject.Kind) throws {
        var dice = Dice(seed)
        let retention = MetricRetention(seconds: Self.endless, minutes: Self.endless)
        let (subject, naive, _) = try made(kind, retention, &dice)
        let found = try subject.metrics.series(SeriesFilter())
        #expect(found.map(\.series) == naive.values.keys.sorted())
        for series in found {
            let values = naive.values[series.series] ?? []
            #expect(series.since.seconds == values.map(\.second).min())
            #expect(series.newest?.seconds == values.map(\.second).max())
            #expect(series.last != nil)
        }
        #expect(
            try subject.metrics.series(SeriesFilter(kind: .resource, name: "used")).map(\.series)
                == naive.values.keys.filter { $0.name == "used" }
        )
        #expect(try subject.metrics.series(SeriesFilter(limit: 1)).count <= 1)
    }
}
