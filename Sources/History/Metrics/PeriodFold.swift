internal import Atlas
internal import HistoryFormat

/// Makes an answer of points, which come in order of time, from the coarsest tier to the finest.
struct PeriodFold {
    /// What is looked at, in seconds: whole periods.
    let span: Range<Int64>
    let tier: MetricTier
    let isCut: Bool
    var damaged = 0
    private let period: Int64
    private let statistics: [MetricStatistic]
    private var open: MetricPoint?
    private var points: [MetricRange.Point] = []

    /// - Parameters:
    ///   - query: what is asked.
    ///   - first: nothing is older, in seconds; nil when there is nothing at all.
    ///   - last: nothing is younger.
    ///   - held: of each tier, since when it is complete.
    init(_ query: MetricQuery, first: Int64?, last: Int64, held: [Int64]) {
        let asked = Swift.max(1, query.period.nanoseconds / 1_000_000_000)
        let first = first ?? .max
        statistics = query.statistics
        (tier, period) = MetricTier.fit(
            query.from.wholeSeconds,
            asked,
            first: first,
            held: held
        )
        let isWhole = query.to.nanoseconds.isMultiple(of: 1_000_000_000)
        let end = Swift.min(query.to.wholeSeconds + (isWhole ? 0 : 1), last &+ 1)
        let from = Swift.max(query.from.wholeSeconds, first).floored(to: period)
        guard from < end, query.limit > 0 else {
            (span, isCut) = (0..<0, from < end)
            return
        }
        let to = (end - 1).floored(to: period) + period
        let count = (to - from) / period
        isCut = count > Int64(query.limit)
        span = (isCut ? to - Int64(query.limit) * period : from)..<to
    }

    mutating func take(_ point: MetricPoint) {
        guard span.contains(point.start) else { return }
        let start = point.start.floored(to: period)
        if open?.start == start {
            open?.set.merge(point.set)
        } else {
            close()
            open = MetricPoint(start: start, set: point.set)
        }
    }

    mutating func finish() -> MetricRange {
        close()
        return MetricRange(
            period: .seconds(period),
            points: points,
            isCut: isCut,
            damaged: damaged
        )
    }

    private mutating func close() {
        guard let open else { return }
        points.append(
            MetricRange.Point(
                start: Instant(seconds: open.start),
                values: statistics.map { $0.value(of: open.set) }
            )
        )
        self.open = nil
    }
}
