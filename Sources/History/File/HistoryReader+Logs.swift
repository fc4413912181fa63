internal import Atlas
internal import GRDB
internal import Query

/// Lines, newest chunk first, or oldest.
extension HistoryReader {
    /// So many chunks are opened at once at most; a page begins with one, since that may be enough.
    private static let mostAtOnce = 16

    package func logs(_ query: LogQuery) throws(HistoryError) -> LogPage {
        try reading { db in
            let sieve = try sieve(query, db)
            var search = LogSearch(sieve)
            guard !search.isHopeless else { return LogPage() }
            let rows = try rows(sieve, db)
            var isOver = false
            var width = 1
            while !isOver {
                var open: [ChunkRow.Opened] = []
                while open.count < width, !isOver {
                    guard let row = try rows.next().map(ChunkRow.reading) else {
                        isOver = true
                        break
                    }
                    switch search.judge(row.head, pending: open.count) {
                    case .pass: continue
                    case .stop: isOver = true
                    case .open: open.append(try row.opened(db))
                    }
                }
                let asked = search
                for finding in crew.map(
                    open,
                    { asked.find(in: ChunkRow.Look(opened: $0, opener: $1)) }
                ) {
                    guard search.take(finding) else { return search.finish(gaps: rows.gaps) }
                }
                width = min(2 * width, Self.mostAtOnce)
            }
            return search.finish(gaps: rows.gaps)
        }
    }

    /// The query made ready, for the sources that there are.
    func sieve(_ query: LogQuery, _ db: Database) throws -> LineSieve {
        let sources = try db.readable("id, name, resource", of: "source", by: ["id"]) {
            LogSearch.Source(id: try $0.value(0), name: try $0.value(1), resource: try $0.value(2))
        }.values
        let needsFormats = query.condition.asksForFields
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
                : "max_time >= ? AND min_time < ? AND min_arrival <= ? AND (levels & ?) <> 0",
            most < least
                ? []
                : [
                    sieve.since.nanoseconds,
                    sieve.until?.nanoseconds ?? Int64.max,
                    query.arrivedBy?.nanoseconds ?? Int64.max,
                    Int64(sieve.levels.rawValue),
                ],
            isDescending: !query.isOldestFirst
        )
    }
}
