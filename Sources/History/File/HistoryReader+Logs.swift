package import Atlas
internal import GRDB
internal import HistoryFormat
internal import Query

/// Lines, newest chunk first, or oldest.
extension HistoryReader {
    package func logs(
        _ query: LogQuery,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(HistoryError) -> LogPage {
        try reading { db in
            var search = LogSearch(try sieve(query, nil, db))
            guard !search.isHopeless else { return LogPage() }
            let gaps = try make(&search, db, while: isWanted)
            return search.finish(gaps: gaps)
        }
    }

    package func histogram(
        _ query: LogQuery,
        bucket: Span,
        by grouping: LogGrouping,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(HistoryError) -> LogHistogram {
        var query = query
        query.isOldestFirst = false
        return try reading { db in
            let sieve = try sieve(query, grouping.key, db)
            var tally = LogTally(sieve, bucket: bucket, by: grouping)
            guard !sieve.isHopeless else { return tally.finish() }
            let gaps = try make(&tally, db, while: isWanted)
            return tally.finish(gaps: gaps)
        }
    }

    package func values(
        of key: LogKey,
        _ query: LogQuery,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(HistoryError) -> LogValues {
        var query = query
        query.isOldestFirst = false
        return try reading { db in
            let sieve = try sieve(query, key, db)
            var tally = ValueTally(sieve, of: key)
            guard !sieve.isHopeless else { return tally.finish() }
            let gaps = try make(&tally, db, while: isWanted)
            return tally.finish(gaps: gaps)
        }
    }

    /// Shows the page what there is, until it is full, all was looked at or nobody waits any more;
    /// how many places of the file could not be read.
    private func make<Maker: PageMaker>(
        _ maker: inout Maker,
        _ db: Database,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws -> Int {
        let rows = try rows(maker.tour.sieve, db)
        let asked = maker
        var given = 0
        try crew.workFromFirst {
            while let row = try rows.next().map(ChunkRow.reading) {
                let head = row.head
                guard isWanted() else {
                    maker.tour.giveUp(at: head)
                    return nil
                }
                switch maker.tour.judge(head, pending: given - maker.tour.opened) {
                case .pass: continue
                case .stop: return nil
                case .open:
                    given += 1
                    return (head, try row.opened(db, withText: asked.needsText(head)))
                }
            }
            return nil
        } work: { (item: (ChunkTour.Head, ChunkRow.Opened), opener, isNeeded) in
            let (head, opened) = item
            let look = ChunkRow.Look(opened: opened, opener: opener)
            return (head, asked.look(into: look, head) { isNeeded() && isWanted() })
        } take: { (found: (ChunkTour.Head, Maker.Finding)) in
            maker.take(found.1, of: found.0)
        }
        return rows.gaps
    }

    /// The query made ready, for the sources that there are.
    func sieve(_ query: LogQuery, _ key: LogKey?, _ db: Database) throws -> LineSieve {
        let sources = try db.readable("id, name, resource", of: "source", by: ["id"]) {
            LogSearch.Source(id: try $0.value(0), name: try $0.value(1), resource: try $0.value(2))
        }.values
        var needsFormats = query.condition.asksForFields
        if case .field = key { needsFormats = true }
        return LineSieve(
            query,
            sources: sources,
            formats: needsFormats ? try formats.formats(db) : LineFormats()
        )
    }

    /// The chunks that may hold a match, in the order of the query.
    func rows(_ sieve: LineSieve, _ db: Database) throws -> KeyScan {
        let query = sieve.query
        // The chunk that holds the line after `after` begins at it or before it.
        let first: Int64? = query.after.flatMap { after in
            try? Int64.fetchOne(
                db,
                sql: "SELECT max(line) FROM chunk WHERE line <= ?",
                arguments: [Int64(clamping: after)]
            )
        }
        let least = first ?? 0
        let most = query.before.map { Int64(clamping: $0) - 1 } ?? Int64.max
        return KeyScan(
            db,
            ChunkRow.columns,
            of: "chunk",
            by: "line",
            in: least...max(least, most),
            where: most < least
                ? "0"
                : "max_time >= ? AND min_time <= ? AND min_arrival <= ? AND (levels & ?) <> 0",
            most < least
                ? []
                : [
                    sieve.since.nanoseconds,
                    sieve.until.map { max(.min + 1, $0.nanoseconds) - 1 } ?? Int64.max,
                    query.arrivedBy?.nanoseconds ?? Int64.max,
                    Int64(sieve.levels.rawValue),
                ],
            isDescending: !query.isOldestFirst
        )
    }
}
