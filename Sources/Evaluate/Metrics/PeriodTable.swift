package import Atlas

/// Gathers values into statistic sets, one for each series and second.
///
/// What comes out depends on the order of the values alone.
package struct PeriodTable: Sendable {
    private struct Open: Sendable {
        var start: Instant
        var set: StatisticSet
    }

    private static let width = Span.seconds(1)

    private let limit: Int
    private var indexes: [MetricSeries: Int] = [:]
    /// In the order of their first values.
    private var series: [MetricSeries] = []
    /// Of each series the seconds that are not closed, in the order of their first values.
    private var open: [[Open]] = []
    /// Series that have one.
    private var touched: [Int] = []
    /// Values of series beyond the limit.
    package private(set) var refused = 0

    /// `limit` is how many series there may be.
    package init(limit: Int = 10_000) {
        self.limit = limit
    }

    /// Takes a value; one that is no number, or beyond `StatisticSet.limit`, is passed over.
    package mutating func add(_ value: Double, to series: MetricSeries, at instant: Instant) {
        guard let set = StatisticSet(value) else { return }
        guard let index = index(of: series) else {
            refused += 1
            return
        }
        let start = instant.floor(to: Self.width)
        if open[index].isEmpty { touched.append(index) }
        if let place = open[index].firstIndex(where: { $0.start == start }) {
            open[index][place].set.merge(set)
        } else {
            open[index].append(Open(start: start, set: set))
        }
    }

    /// The seconds that are over at an instant: by their start, those of one start by series.
    package mutating func close(before end: Instant) -> [MetricRow] {
        var closed: [(start: Instant, index: Int, set: StatisticSet)] = []
        for index in touched {
            for period in open[index] where period.start + Self.width <= end {
                closed.append((period.start, index, period.set))
            }
            open[index].removeAll { $0.start + Self.width <= end }
        }
        touched.removeAll { open[$0].isEmpty }
        closed.sort { ($0.start, $0.index) < ($1.start, $1.index) }
        return closed.map { MetricRow(series[$0.index], start: $0.start, set: $0.set) }
    }

    private mutating func index(of series: MetricSeries) -> Int? {
        if let index = indexes[series] { return index }
        guard self.series.count < limit else { return nil }
        indexes[series] = self.series.count
        self.series.append(series)
        open.append([])
        return self.series.count - 1
    }
}
