internal import Atlas
internal import GRDB
internal import HistoryFormat

/// Numbers over time.
extension HistoryReader {
    /// The first version of the file that has any.
    static let firstWithMetrics = 4

    package func series(_ filter: SeriesFilter) throws(HistoryError) -> [StoredSeries] {
        try reading { db in
            guard try Self.hasMetrics(db) else { return [] }
            let table = MetricRows(db: db, codec: metricCodec)
            var newest: [Int64: MetricPoint] = [:]
            var damaged = 0
            try table.open(&damaged) { series, point in
                if let last = newest[series], last.start > point.start { return }
                newest[series] = point
            }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT kind, subject, name, unit, id, since FROM series
                    ORDER BY kind, subject, name, unit
                    """
            )
            var found: [StoredSeries] = []
            for row in rows where found.count < filter.limit {
                guard let series = try MetricSeries(row), filter.holds(series) else { continue }
                let id: Int64 = try row.value(4)
                let last = try newest[id] ?? table.newest(of: id)?.point
                found.append(
                    StoredSeries(
                        series,
                        since: Instant(seconds: try row.value(5)),
                        newest: last.map { Instant(seconds: $0.start) },
                        last: last?.set.average
                    )
                )
            }
            return found
        }
    }

    package func range(_ query: MetricQuery) throws(HistoryError) -> MetricRange {
        try reading { db in
            let cursor = try Self.hasMetrics(db) ? Marks(query.series, db) : nil
            guard let cursor else { return MetricRange(period: query.period) }
            let table = MetricRows(db: db, codec: metricCodec)
            var damaged = 0
            var open: [MetricPoint] = []
            try table.open(&damaged) { series, point in
                if series == cursor.id { open.merge(point) }
            }
            let newest = try table.newest(of: cursor.id)
            let last = open.last?.start ?? newest.map { $0.point.start + $0.tier.width - 1 }
            var fold = PeriodFold(
                query,
                first: cursor.since,
                last: last ?? .min,
                held: cursor.held
            )
            var start = fold.span.lowerBound
            for tier in MetricTier.allCases.reversed() where tier <= fold.tier {
                let end = min(fold.span.upperBound, cursor.sealed[tier.rawValue])
                guard start < end else { continue }
                try table.blocks(cursor.id, tier, start..<end, &damaged) { fold.take($0) }
                start = end
            }
            for point in open where point.start >= start { fold.take(point) }
            fold.damaged = damaged
            return fold.finish()
        }
    }

    static func hasMetrics(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 >= firstWithMetrics
    }

    /// Where a series is kept.
    private struct Marks {
        var id: Int64
        var since: Int64
        /// Of each tier, since when it is complete.
        var held = MetricTier.allCases.map { _ in Int64.min }
        /// Of each tier, until when all is in its rows.
        var sealed: [Int64]

        /// Nil when there is no such series.
        init?(_ series: MetricSeries, _ db: Database) throws {
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT id, since, minutes, fives, hours FROM series
                    WHERE kind = ? AND subject = ? AND name = ? AND unit = ?
                    """,
                arguments: [series.kind.rawValue, series.subject, series.name, series.unit]
            )
            guard let row else { return nil }
            id = try row.value(0)
            since = try row.value(1)
            sealed = [Int64.min, try row.value(2), try row.value(3), try row.value(4)]
            for row in try Row.fetchAll(db, sql: "SELECT tier, held, sealed FROM metric_tier") {
                let tier: Int = try row.value(0)
                guard held.indices.contains(tier) else { continue }
                held[tier] = try row.value(1)
                if tier == 0 { sealed[0] = try row.value(2) }
            }
        }
    }
}
