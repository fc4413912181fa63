internal import Atlas
internal import GRDB

/// Where the writer of metrics stands; changes only with a commit.
struct MetricCursor {
    struct Series {
        var id: Int64
        /// Before it all is in rows of the minutes, five minutes and hours.
        var rolled: [Int64]
        /// The start of its first point.
        var since: Int64
    }

    /// Of each tier, since when it is complete.
    var held: [Int64]
    /// All before it is in rows of the tier of seconds; nil before the first value.
    var sealed: Int64?
    /// In the order of their ids.
    var series: [Series] = []
    var indexes: [MetricSeries: Int] = [:]
    /// Of `series`, the first that may have to be rolled up since the last sealing.
    var nextRolled = 0
    /// The same of what is past its time.
    var nextRetired = 0

    init() {
        held = MetricTier.allCases.map { _ in .min }
    }

    init(_ db: Database) throws {
        self.init()
        for row in try Row.fetchAll(db, sql: "SELECT tier, held, sealed FROM metric_tier") {
            let tier: Int = try row.value(0)
            guard held.indices.contains(tier) else { continue }
            held[tier] = try row.value(1)
            if tier == 0 { sealed = try row.value(2) }
        }
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT kind, subject, name, unit, id, minutes, fives, hours, since FROM series
                ORDER BY id
                """
        )
        while let row = try rows.next() {
            guard let key = try MetricSeries(row) else { continue }
            indexes[key] = series.count
            series.append(
                Series(
                    id: try row.value(4),
                    rolled: [try row.value(5), try row.value(6), try row.value(7)],
                    since: try row.value(8)
                )
            )
        }
    }

    /// Until when all of a series is in rows of the tier.
    func sealed(_ tier: MetricTier, of index: Int) -> Int64 {
        tier == .seconds ? sealed ?? .min : series[index].rolled[tier.rawValue - 1]
    }
}

extension MetricSeries {
    /// Of a row that begins with kind, subject, name and unit; nil when a newer program knows it.
    init?(_ row: Row) throws {
        guard let kind = Kind(rawValue: try row.value(0)) else { return nil }
        self.init(kind, try row.value(1), try row.value(2), unit: try row.value(3))
    }
}
