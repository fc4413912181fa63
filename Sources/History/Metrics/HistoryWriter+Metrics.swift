internal import Atlas
internal import GRDB
internal import HistoryFormat

/// Numbers over time: gathered as they come, sealed into rows of their series, rolled up.
///
///     batch ─► metric_open ─(5 min)─► seconds ─(1 h)─► minutes ─(1 d)─► 5 minutes ─(10 d)─► hours
///
/// Each row is written once, when its span is over; only what comes later than that changes it. A
/// query reads the newest part of a coarse tier from the finer ones.
extension HistoryWriter {
    /// A span is sealed so many seconds after its end.
    private static let patience: Int64 = 30
    /// Series that are rolled up, or looked through for what is past its time, in one transaction.
    private static let mostAtOnce = 64

    func put(
        _ rows: [MetricRow],
        at now: Instant,
        _ db: Database,
        _ cursor: inout MetricCursor
    ) throws {
        let table = MetricRows(db: db, codec: metricCodec)
        if !rows.isEmpty { try take(rows, table, &cursor) }
        guard let sealed = cursor.sealed else { return }
        let span = MetricTier.seconds.blockSpan
        let due = (now.wholeSeconds - Self.patience).floored(to: span)
        if due > sealed { try seal(until: due, table, &cursor) }
        try roll(table, &cursor)
    }

    // MARK: - Taking

    private func take(
        _ rows: [MetricRow],
        _ table: MetricRows,
        _ cursor: inout MetricCursor
    ) throws {
        if cursor.sealed == nil, let first = rows.map(\.start.wholeSeconds).min() {
            let sealed = first.floored(to: MetricTier.seconds.blockSpan)
            try keep(sealed: sealed, table.db, &cursor)
        }
        let sealed = cursor.sealed ?? .min
        var open: [(series: Int64, MetricPoint)] = []
        var late: [Int: [MetricPoint]] = [:]
        for row in rows {
            let point = MetricPoint(start: row.start.wholeSeconds, set: row.set)
            let index = try index(of: row.series, from: point.start, table.db, &cursor)
            if point.start < cursor.series[index].since {
                cursor.series[index].since = point.start
                try table.db.cachedStatement(sql: "UPDATE series SET since = ? WHERE id = ?")
                    .execute(arguments: [point.start, cursor.series[index].id])
            }
            if point.start < sealed {
                late[index, default: []].merge(point)
            } else {
                open.append((cursor.series[index].id, point))
            }
        }
        if !open.isEmpty { try table.putOpen(open) }
        for (index, points) in late.sorted(by: { $0.key < $1.key }) {
            try mend(index, points, table, cursor)
        }
    }

    /// Adds what comes late to each tier that has its time in rows already; what is not there yet
    /// follows from the finer one.
    private func mend(
        _ index: Int,
        _ points: [MetricPoint],
        _ table: MetricRows,
        _ cursor: MetricCursor
    ) throws {
        let series = cursor.series[index].id
        for tier in MetricTier.allCases {
            let sealed = cursor.sealed(tier, of: index)
            let coarser = tier.coarser.map { cursor.sealed($0, of: index) } ?? .max
            // Past its time in this tier: worth a row only if the next one is made of it.
            let own = points.filter { point in
                point.start < sealed
                    && (point.start >= cursor.held[tier.rawValue] || point.start >= coarser)
            }
            try table.merge(own.rolled(to: tier.width), series, tier)
        }
    }

    private func index(
        of series: MetricSeries,
        from start: Int64,
        _ db: Database,
        _ cursor: inout MetricCursor
    ) throws -> Int {
        if let index = cursor.indexes[series] { return index }
        // All that is not sealed may still come, for an earlier second, too.
        let open = min(start, cursor.sealed ?? start)
        let rolled = MetricTier.allCases.dropFirst().map { open.floored(to: $0.blockSpan) }
        try db.cachedStatement(
            sql: """
                INSERT INTO series (kind, subject, name, unit, since, minutes, fives, hours)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            series.kind.rawValue, series.subject, series.name, series.unit, start, rolled[0],
            rolled[1], rolled[2],
        ])
        cursor.indexes[series] = cursor.series.count
        cursor.series.append(
            MetricCursor.Series(id: db.lastInsertedRowID, rolled: rolled, since: start)
        )
        return cursor.series.count - 1
    }

    // MARK: - Sealing

    private func seal(
        until end: Int64,
        _ table: MetricRows,
        _ cursor: inout MetricCursor
    ) throws {
        var sealed: [Int64: [MetricPoint]] = [:]
        var rest: [(series: Int64, MetricPoint)] = []
        var damaged = 0
        try table.open(&damaged) { series, point in
            if point.start < end {
                sealed[series, default: []].merge(point)
            } else {
                rest.append((series, point))
            }
        }
        for series in cursor.series {
            guard let points = sealed[series.id] else { continue }
            try table.merge(points, series.id, .seconds)
        }
        try table.db.execute(sql: "DELETE FROM metric_open")
        if !rest.isEmpty { try table.putOpen(rest) }
        try keep(sealed: end, table.db, &cursor)
        (cursor.nextRolled, cursor.nextRetired) = (0, 0)
    }

    private func keep(
        sealed: Int64,
        _ db: Database,
        _ cursor: inout MetricCursor
    ) throws {
        cursor.sealed = sealed
        try db.execute(
            sql: """
                INSERT INTO metric_tier (tier, held, sealed) VALUES (0, ?, ?)
                ON CONFLICT (tier) DO UPDATE SET sealed = excluded.sealed
                """,
            arguments: [cursor.held[0], sealed]
        )
    }

    // MARK: - Rolling up

    private func roll(_ table: MetricRows, _ cursor: inout MetricCursor) throws {
        let end = min(cursor.series.count, cursor.nextRolled + Self.mostAtOnce)
        for index in cursor.nextRolled..<max(end, cursor.nextRolled) {
            let before = cursor.series[index].rolled
            for tier in MetricTier.allCases.dropFirst() {
                try roll(index, to: tier, table, &cursor)
            }
            let series = cursor.series[index]
            guard series.rolled != before else { continue }
            try table.db.cachedStatement(
                sql: "UPDATE series SET minutes = ?, fives = ?, hours = ? WHERE id = ?"
            ).execute(arguments: [
                series.rolled[0], series.rolled[1], series.rolled[2], series.id,
            ])
        }
        cursor.nextRolled = max(end, cursor.nextRolled)
    }

    private func roll(
        _ index: Int,
        to tier: MetricTier,
        _ table: MetricRows,
        _ cursor: inout MetricCursor
    ) throws {
        guard let finer = tier.finer else { return }
        let place = tier.rawValue - 1
        let series = cursor.series[index]
        var done = series.rolled[place]
        let due = cursor.sealed(finer, of: index).floored(to: tier.blockSpan)
        while done < due {
            guard let next = try table.first(series.id, finer, from: done, to: due) else {
                done = due
                break
            }
            let start = next.floored(to: tier.blockSpan)
            var points: [MetricPoint] = []
            var damaged = 0
            try table.blocks(series.id, finer, start..<start + tier.blockSpan, &damaged) {
                points.append($0)
            }
            try table.merge(points.rolled(to: tier.width), series.id, tier)
            done = start + tier.blockSpan
        }
        cursor.series[index].rolled[place] = done
    }

    // MARK: - Retiring

    /// Takes away what is past its time in each tier, some series a call.
    func retire(_ retention: MetricRetention, at now: Instant) throws(HistoryError) {
        try change { db, cursor in
            guard cursor.metrics.nextRetired < cursor.metrics.series.count,
                cursor.metrics.nextRolled >= cursor.metrics.series.count
            else { return }
            try Self.retire(retention, now.wholeSeconds, db, &cursor.metrics)
        }
    }

    private static func retire(
        _ retention: MetricRetention,
        _ now: Int64,
        _ db: Database,
        _ cursor: inout MetricCursor
    ) throws {
        if cursor.nextRetired == 0 {
            for tier in MetricTier.allCases {
                let oldest = now - retention[tier].nanoseconds / 1_000_000_000
                let held = oldest.floored(to: tier.blockSpan)
                guard held > cursor.held[tier.rawValue] else { continue }
                cursor.held[tier.rawValue] = held
                try db.execute(
                    sql: """
                        INSERT INTO metric_tier (tier, held, sealed) VALUES (?, ?, 0)
                        ON CONFLICT (tier) DO UPDATE SET held = excluded.held
                        """,
                    arguments: [tier.rawValue, held]
                )
            }
        }
        let end = min(cursor.series.count, cursor.nextRetired + mostAtOnce)
        for index in cursor.nextRetired..<end {
            for tier in MetricTier.allCases {
                let coarser = tier.coarser.map { cursor.sealed($0, of: index) } ?? .max
                try db.cachedStatement(
                    sql: "DELETE FROM metric WHERE series = ? AND tier = ? AND start < ?"
                ).execute(arguments: [
                    cursor.series[index].id, tier.rawValue,
                    min(cursor.held[tier.rawValue], coarser),
                ])
            }
        }
        cursor.nextRetired = end
    }
}
