package import Atlas

/// Kept numbers, as they can be asked for: in a file, in memory, or elsewhere.
///
/// Statistics travel with the question, and nothing answers with more than its limit. Calls block.
package protocol MetricHistory: Sendable {
    /// The series that there are, sorted.
    func series(_ filter: SeriesFilter) throws(HistoryError) -> [StoredSeries]

    /// One series over time.
    func range(_ query: MetricQuery) throws(HistoryError) -> MetricRange
}

/// Series that are meant; nil for any.
package struct SeriesFilter: Hashable, Sendable {
    package var kind: MetricSeries.Kind?
    package var subject: String?
    package var name: String?
    package var limit: Int

    package init(
        kind: MetricSeries.Kind? = nil,
        subject: String? = nil,
        name: String? = nil,
        limit: Int = 10_000
    ) {
        self.kind = kind
        self.subject = subject
        self.name = name
        self.limit = limit
    }

    func holds(_ series: MetricSeries) -> Bool {
        (kind ?? series.kind) == series.kind && (subject ?? series.subject) == series.subject
            && (name ?? series.name) == series.name
    }
}

package struct StoredSeries: Hashable, Sendable {
    package var series: MetricSeries
    /// When its first value was kept, as far as is known.
    package var since: Instant
    /// The start of the newest period with a value, and the mean of that; nil when all is gone.
    package var newest: Instant?
    package var last: Double?

    package init(
        _ series: MetricSeries,
        since: Instant,
        newest: Instant? = nil,
        last: Double? = nil
    ) {
        self.series = series
        self.since = since
        self.newest = newest
        self.last = last
    }
}

package struct MetricQuery: Hashable, Sendable {
    package var series: MetricSeries
    /// Rounded down to a whole period.
    package var from: Instant
    /// Periods that begin there or later are left out.
    package var to: Instant
    /// Whole seconds, at least one; periods begin at its multiples since the epoch.
    package var period: Span
    package var statistics: [MetricStatistic]
    /// At most so many periods, the newest; CloudWatch has 100,800 for a call.
    package var limit: Int

    package init(
        _ series: MetricSeries,
        from: Instant,
        to: Instant,
        period: Span,
        statistics: [MetricStatistic],
        limit: Int = 100_800
    ) {
        self.series = series
        self.from = from
        self.to = to
        self.period = period
        self.statistics = statistics
        self.limit = limit
    }
}

package struct MetricRange: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        /// Of the period.
        package var start: Instant
        /// One for each statistic asked for.
        package var values: [Double]

        package init(start: Instant, values: [Double]) {
            self.start = start
            self.values = values
        }
    }

    /// Longer than the one asked for where the past is kept no finer.
    package var period: Span
    /// Oldest first; a period without a value has none.
    package var points: [Point]
    /// There were more periods than the limit: the oldest are left out.
    package var isCut: Bool
    /// Rows that are not what was written, and were passed over.
    package var damaged: Int

    package init(period: Span, points: [Point] = [], isCut: Bool = false, damaged: Int = 0) {
        self.period = period
        self.points = points
        self.isCut = isCut
        self.damaged = damaged
    }
}
