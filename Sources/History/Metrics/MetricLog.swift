package import Atlas
internal import HistoryFormat
internal import Synchronization

/// The newest numbers of a run, held in memory and asked like a history.
///
/// Each value goes into all tiers at once; each tier forgets what is past its time.
package final class MetricLog: MetricHistory {
    private struct Held {
        var since: Int64
        /// Of each tier, in order of time.
        var tiers: [[MetricPoint]]

        /// Of the finest tier that has any.
        var newest: MetricPoint? { tiers.lazy.compactMap(\.last).first }
        /// The last second of that.
        var last: Int64? {
            for tier in MetricTier.allCases {
                if let last = tiers[tier.rawValue].last { return last.start + tier.width - 1 }
            }
            return nil
        }
    }

    private struct State {
        var series: [MetricSeries: Held] = [:]
        /// The start of the newest point.
        var newest = Int64.min
        /// Of each tier, since when it is complete.
        var held = [Int64](repeating: .min, count: MetricTier.allCases.count)
        /// When what is past its time was looked for last.
        var retired = Int64.min
    }

    /// What is past its time is looked for so often, in seconds.
    private static let pace: Int64 = 60

    private let retention: MetricRetention
    private let state = Mutex(State())

    /// By default what fits into some MiB of a hundred series: seconds for a quarter of an hour,
    /// minutes for a day.
    package init(
        retention: MetricRetention = MetricRetention(
            seconds: .seconds(900),
            minutes: .seconds(86_400)
        )
    ) {
        self.retention = retention
    }

    package func add(_ rows: [MetricRow]) {
        state.withLock { state in
            for row in rows { Self.add(row, &state) }
            guard state.newest >= state.retired.addingReportingOverflow(Self.pace).partialValue
            else { return }
            state.retired = state.newest
            retire(&state)
        }
    }

    /// As before the first value: a replay that begins anew.
    package func removeAll() {
        state.withLock { $0 = State() }
    }

    package func series(_ filter: SeriesFilter) -> [StoredSeries] {
        state.withLock { state in
            state.series.keys.filter(filter.holds).sorted().prefix(filter.limit).map { series in
                let held = state.series[series]
                let last = held?.newest
                return StoredSeries(
                    series,
                    since: Instant(seconds: held?.since ?? 0),
                    newest: last.map { Instant(seconds: $0.start) },
                    last: last?.set.average
                )
            }
        }
    }

    package func range(_ query: MetricQuery) -> MetricRange {
        state.withLock { state in
            let held = state.series[query.series]
            var fold = PeriodFold(
                query,
                first: held?.since,
                last: held?.last ?? .min,
                held: state.held
            )
            for point in held?.tiers[fold.tier.rawValue] ?? [] { fold.take(point) }
            return fold.finish()
        }
    }

    private static func add(_ row: MetricRow, _ state: inout State) {
        let start = row.start.wholeSeconds
        state.newest = max(state.newest, start)
        var held =
            state.series.removeValue(forKey: row.series)
            ?? Held(since: start, tiers: state.held.map { _ in [] })
        held.since = min(held.since, start)
        for tier in MetricTier.allCases {
            let start = start.floored(to: tier.width)
            guard start >= state.held[tier.rawValue] else { continue }
            held.tiers[tier.rawValue].merge(MetricPoint(start: start, set: row.set))
        }
        state.series[row.series] = held
    }

    private func retire(_ state: inout State) {
        for tier in MetricTier.allCases {
            let keep = retention[tier].nanoseconds / 1_000_000_000
            let oldest = (state.newest - keep).floored(to: tier.width)
            guard oldest > state.held[tier.rawValue] else { continue }
            state.held[tier.rawValue] = oldest
            for series in state.series.keys {
                state.series[series]?.tiers[tier.rawValue].removeFirst(while: { $0.start < oldest })
            }
        }
    }
}

extension [MetricPoint] {
    /// Removes those from the start on that are meant.
    fileprivate mutating func removeFirst(while isMeant: (MetricPoint) -> Bool) {
        removeFirst(prefix(while: isMeant).count)
    }
}
