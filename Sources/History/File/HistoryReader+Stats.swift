package import Atlas
internal import GRDB

/// What a history file holds, by kind.
package struct HistoryStats: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
        /// Log lines.
        case lines
        /// What probes, canaries and people said.
        case inputs
        /// Changes of the picture.
        case states
        /// Periods of all series, of all tiers.
        case metrics
    }

    package struct Part: Hashable, Sendable {
        package var kind: Kind
        package var count: Int
        /// In the file, without SQLite's own.
        package var bytes: Int
        /// Of lines, as they came.
        package var rawBytes: Int?
        /// Of its arrival; nil where there is none.
        package var oldest: Instant?
        package var newest: Instant?
        /// What retention has taken away since the file was made.
        package var dropped = Dropped()
    }

    package struct Dropped: Hashable, Sendable {
        package var count = 0
        package var bytes = 0
        /// Of the newest that is gone.
        package var until: Instant?
    }

    package var version: Int
    /// Of the file, its log (`PATH-wal`) not included.
    package var fileBytes: Int
    /// Inside the file, for what comes.
    package var freeBytes: Int
    package var chunks: Int
    package var failovers: Int
    /// Rows that were put aside since they were not what was written, and their lines.
    package var quarantinedChunks = 0
    package var quarantinedLines = 0
    package var parts: [Part]
}

extension HistoryReader {
    package func stats() throws(HistoryError) -> HistoryStats {
        try reading { db in
            func number(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
            let version = try number("PRAGMA user_version")
            let page = try number("PRAGMA page_size")
            let isPacked = version >= 3
            var stats = HistoryStats(
                version: version,
                fileBytes: page * (try number("PRAGMA page_count")),
                freeBytes: page * (try number("PRAGMA freelist_count")),
                chunks: try number("SELECT count(*) FROM chunk"),
                failovers: try number("SELECT count(*) FROM failover"),
                parts: [
                    try Self.lines(db, raw: isPacked ? "size" : "length(bytes)"),
                    try Self.part(.inputs, "observation", db),
                    try Self.part(.states, "state", db),
                ]
            )
            if try Self.hasMetrics(db) { stats.parts.append(try Self.metrics(db)) }
            guard isPacked else { return stats }
            stats.quarantinedChunks = try number("SELECT count(*) FROM quarantine")
            stats.quarantinedLines = try number("SELECT ifnull(sum(count), 0) FROM quarantine")
            for index in stats.parts.indices {
                stats.parts[index].dropped = try Self.dropped(stats.parts[index].kind, db)
            }
            return stats
        }
    }

    /// What retention has taken away since the file was made.
    package func dropped(_ kind: HistoryStats.Kind) throws(HistoryError) -> HistoryStats.Dropped {
        try reading { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            return version >= 3 ? try Self.dropped(kind, db) : HistoryStats.Dropped()
        }
    }

    private static func dropped(
        _ kind: HistoryStats.Kind,
        _ db: Database
    ) throws -> HistoryStats.Dropped {
        let row = try Row.fetchOne(
            db,
            sql: "SELECT count, bytes, until FROM dropped WHERE kind = ?",
            arguments: [kind.rawValue]
        )
        guard let row else { return HistoryStats.Dropped() }
        return HistoryStats.Dropped(
            count: try row.value(0),
            bytes: try row.value(1),
            until: Instant(nanoseconds: try row.value(2))
        )
    }

    /// The numbers of the first line and of the last; nil without any.
    package func lineNumbers() throws(HistoryError) -> ClosedRange<UInt64>? {
        try reading { db in
            let first = try Int64.fetchOne(db, sql: "SELECT min(line) FROM chunk")
            let end = try Int64.fetchOne(
                db,
                sql: "SELECT line + count FROM chunk ORDER BY line DESC LIMIT 1"
            )
            guard let first, let end, end > first else { return nil }
            return UInt64(first)...UInt64(end - 1)
        }
    }

    private static func lines(_ db: Database, raw: String) throws -> HistoryStats.Part {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT ifnull(sum(count), 0), ifnull(sum(length(columns) + length(bytes)), 0),
                    ifnull(sum(\(raw)), 0), min(min_arrival), max(max_arrival) FROM chunk
                """
        )
        return HistoryStats.Part(
            kind: .lines,
            count: try row?.value(0) ?? 0,
            bytes: try row?.value(1) ?? 0,
            rawBytes: try row?.value(2) ?? 0,
            oldest: (try row?.value(3) as Int64??)?.map(Instant.init(nanoseconds:)),
            newest: (try row?.value(4) as Int64??)?.map(Instant.init(nanoseconds:))
        )
    }

    /// What came in during the last minutes is counted in bytes only.
    private static func metrics(_ db: Database) throws -> HistoryStats.Part {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT ifnull(sum(count), 0), ifnull(sum(length(points)), 0)
                    + (SELECT ifnull(sum(length(points)), 0) FROM metric_open),
                    min(start), max(start) FROM metric
                """
        )
        return HistoryStats.Part(
            kind: .metrics,
            count: row?[0] ?? 0,
            bytes: row?[1] ?? 0,
            oldest: (row?[2] as Int64?).map(Instant.init(seconds:)),
            newest: (row?[3] as Int64?).map(Instant.init(seconds:))
        )
    }

    private static func part(
        _ kind: HistoryStats.Kind,
        _ table: String,
        _ db: Database
    ) throws -> HistoryStats.Part {
        let row = try Row.fetchOne(
            db,
            sql:
                "SELECT count(*), ifnull(sum(length(CAST(document AS BLOB))), 0), min(at), max(at) FROM \(table)"
        )
        return HistoryStats.Part(
            kind: kind,
            count: try row?.value(0) ?? 0,
            bytes: try row?.value(1) ?? 0,
            oldest: (try row?.value(2) as Int64??)?.map(Instant.init(nanoseconds:)),
            newest: (try row?.value(3) as Int64??)?.map(Instant.init(nanoseconds:))
        )
    }
}
