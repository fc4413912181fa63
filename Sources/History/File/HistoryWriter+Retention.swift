package import Atlas
internal import GRDB

/// How long what is kept is kept, by kind; failovers and the newest picture are for ever.
package struct Retention: Hashable, Sendable {
    package struct Limit: Hashable, Sendable {
        /// Nil for no bound.
        package var age: Span?
        /// In the file, without SQLite's own; nil for no bound.
        package var bytes: Int?

        package init(age: Span? = nil, bytes: Int? = nil) {
            self.age = age
            self.bytes = bytes
        }

        var isEndless: Bool { age == nil && bytes == nil }
    }

    /// Goes by their arrival.
    package var lines: Limit
    package var inputs: Limit
    /// The past of the picture.
    package var states: Limit
    package var metrics: MetricRetention

    package init(
        lines: Limit = Limit(),
        inputs: Limit = Limit(),
        states: Limit = Limit(),
        metrics: MetricRetention = MetricRetention()
    ) {
        self.metrics = metrics
        self.lines = lines
        self.inputs = inputs
        self.states = states
    }
}

/// What one look of the retention took away; by kind, only those of which something went.
package typealias RetentionResult = [HistoryStats.Kind: HistoryStats.Dropped]

/// What is past its time goes, oldest first, a little with each call.
extension HistoryWriter {
    /// Of one call; above what comes in a second at full rate.
    private static let mostBytes = 64 << 20
    private static let mostChunks = 1_024
    private static let mostInputs = 5_000
    /// Free pages are used again; only what is more than a 32nd of the file goes back to the
    /// system, so many pages a call.
    private static let freeShare = 32
    private static let pagesBack = 1_024

    /// One step toward what `retention` allows; to be called again and again, `now` being the
    /// fold's time.
    ///
    /// The newest of each kind stays, whatever its age: numbers go on from it.
    package func retain(
        _ retention: Retention,
        at now: Instant
    ) throws(HistoryError) -> RetentionResult {
        let limits: [(HistoryStats.Kind, Retention.Limit)] = [
            (.lines, retention.lines), (.inputs, retention.inputs), (.states, retention.states),
        ].filter { !$0.1.isEndless }
        guard !limits.isEmpty else {
            try retire(retention.metrics, at: now)
            return [:]
        }
        var result: RetentionResult = [:]
        try change { db, cursor in
            for (kind, limit) in limits {
                let dropped = try Self.drop(kind, limit, at: now, db, &cursor)
                guard dropped.count > 0 else { continue }
                result[kind] = dropped
                try Self.note(dropped, kind, db)
            }
        }
        try explaining(path) { try queue.writeWithoutTransaction(giveBack) }
        try retire(retention.metrics, at: now)
        return result
    }

    private static func drop(
        _ kind: HistoryStats.Kind,
        _ limit: Retention.Limit,
        at now: Instant,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws -> HistoryStats.Dropped {
        let oldest = limit.age.map { now - $0 } ?? .distantPast
        let excess = try limit.bytes.map { try bytes(of: kind, db, &cursor) - $0 } ?? 0
        switch kind {
        case .lines:
            let dropped = try dropChunks(before: oldest, excess: excess, db)
            cursor.allLineBytes? -= dropped.bytes
            return dropped
        case .inputs:
            let dropped = try dropInputs(before: oldest, excess: excess, db)
            cursor.allInputBytes? -= dropped.bytes
            return dropped
        case .states:
            let dropped = try dropStates(before: oldest, excess: excess, db)
            cursor.allStateBytes? -= dropped.bytes
            return dropped
        case .metrics:
            return HistoryStats.Dropped()
        }
    }

    /// Asked of the file once, where that means to read it all; counted from then on.
    private static func bytes(
        of kind: HistoryStats.Kind,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws -> Int {
        func ask(_ sql: String) throws -> Int {
            try Int.fetchOne(db.cachedStatement(sql: sql)) ?? 0
        }
        switch kind {
        case .lines:
            let bytes =
                try cursor.allLineBytes
                ?? ask("SELECT sum(length(columns) + length(bytes)) FROM chunk")
            cursor.allLineBytes = bytes
            return bytes
        case .inputs:
            let bytes =
                try cursor.allInputBytes
                ?? ask("SELECT sum(length(CAST(document AS BLOB))) FROM observation")
            cursor.allInputBytes = bytes
            return bytes
        case .states:
            let bytes = try cursor.allStateBytes ?? ask("SELECT sum(length(document)) FROM state")
            cursor.allStateBytes = bytes
            return bytes
        case .metrics:
            return 0
        }
    }

    private static func dropChunks(
        before oldest: Instant,
        excess: Int,
        _ db: Database
    ) throws -> HistoryStats.Dropped {
        var dropped = HistoryStats.Dropped()
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT line, count, length(columns) + length(bytes), max_arrival FROM chunk
                    WHERE line < (SELECT max(line) FROM chunk) ORDER BY line LIMIT \(mostChunks)
                    """
            )
        )
        var end: Int64?
        while let row = try rows.next() {
            let arrival = Instant(nanoseconds: try row.value(3))
            guard arrival < oldest || dropped.bytes < excess, dropped.bytes < mostBytes else {
                break
            }
            dropped.count &+= try row.value(1) as Int
            dropped.bytes &+= try row.value(2) as Int
            dropped.until = max(dropped.until ?? arrival, arrival)
            end = try row.value(0)
        }
        if let end {
            try db.execute(sql: "DELETE FROM chunk WHERE line <= ?", arguments: [end])
        }
        return dropped
    }

    private static func dropInputs(
        before oldest: Instant,
        excess: Int,
        _ db: Database
    ) throws -> HistoryStats.Dropped {
        var dropped = HistoryStats.Dropped()
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT seq, at, length(CAST(document AS BLOB)) FROM observation
                    WHERE seq < (SELECT max(seq) FROM observation) ORDER BY seq LIMIT \(mostInputs)
                    """
            )
        )
        var end: Int64?
        while let row = try rows.next() {
            let at = Instant(nanoseconds: try row.value(1))
            guard at < oldest || dropped.bytes < excess else { break }
            dropped.count += 1
            dropped.bytes += try row.value(2) as Int
            dropped.until = max(dropped.until ?? at, at)
            end = try row.value(0)
        }
        if let end {
            try db.execute(sql: "DELETE FROM observation WHERE seq <= ?", arguments: [end])
        }
        return dropped
    }

    /// Up to a keyframe, so that what is left can be read: the last one of before `oldest`, or the
    /// second where there is too much.
    private static func dropStates(
        before oldest: Instant,
        excess: Int,
        _ db: Database
    ) throws -> HistoryStats.Dropped {
        let first = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT min(seq) FROM state WHERE kind = 'keyframe'")
        )
        let byAge = try Int64.fetchOne(
            db.cachedStatement(
                sql: "SELECT max(seq) FROM state WHERE kind = 'keyframe' AND at <= ?"
            ),
            arguments: [oldest.nanoseconds]
        )
        let bySize =
            excess <= 0
            ? nil
            : try Int64.fetchOne(
                db.cachedStatement(
                    sql: "SELECT min(seq) FROM state WHERE kind = 'keyframe' AND seq > ?"
                ),
                arguments: [first ?? 0]
            )
        guard let end = [byAge, bySize].compactMap(\.self).max(), end > first ?? 0 else {
            return HistoryStats.Dropped()
        }
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql:
                    "SELECT count(*), ifnull(sum(length(document)), 0), max(at) FROM state WHERE seq < ?"
            ),
            arguments: [end]
        )
        try db.execute(sql: "DELETE FROM state WHERE seq < ?", arguments: [end])
        return HistoryStats.Dropped(
            count: try row?.value(0) ?? 0,
            bytes: try row?.value(1) ?? 0,
            until: (try row?.value(2) as Int64??)?.map(Instant.init(nanoseconds:))
        )
    }

    private static func note(
        _ dropped: HistoryStats.Dropped,
        _ kind: HistoryStats.Kind,
        _ db: Database
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO dropped (kind, count, bytes, until) VALUES (?, ?, ?, ?)
                ON CONFLICT (kind) DO UPDATE SET count = count + excluded.count,
                    bytes = bytes + excluded.bytes, until = max(until, excluded.until)
                """,
            arguments: [
                kind.rawValue, dropped.count, dropped.bytes,
                (dropped.until ?? .distantPast).nanoseconds,
            ]
        )
    }

    /// What the lines take in the file, as it is counted.
    func knownLineBytes() throws(HistoryError) -> Int {
        var bytes = 0
        try change { db, cursor in bytes = try Self.bytes(of: .lines, db, &cursor) }
        return bytes
    }

    private func giveBack(_ db: Database) throws {
        let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        let all = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        guard free > Self.pagesBack, free > all / Self.freeShare else { return }
        try Self.giveBack(Self.pagesBack, db)
    }

    /// Moves the file's last pages to free places before them, and cuts it; so many at most.
    static func giveBack(_ pages: Int, _ db: Database) throws {
        // Each row is a page: they have to be fetched.
        let rows = try Row.fetchCursor(db, sql: "PRAGMA incremental_vacuum(\(pages))")
        while try rows.next() != nil {}
    }
}
