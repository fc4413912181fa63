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
                    guard let row = try rows.next() else {
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
                    guard search.take(finding) else { return search.finish() }
                }
                width = min(2 * width, Self.mostAtOnce)
            }
            return search.finish()
        }
    }

    /// The query made ready, for the sources that there are.
    func sieve(_ query: LogQuery, _ db: Database) throws -> LineSieve {
        let sources = try Row.fetchAll(db, sql: "SELECT id, name, resource FROM source")
            .map { LogSearch.Source(id: $0[0], name: $0[1], resource: $0[2]) }
        let needsFormats = query.condition.asksForFields
        return LineSieve(
            query,
            sources: sources,
            formats: needsFormats ? try formats.formats(db) : LineFormats()
        )
    }

    /// The chunks that may hold a match, in the order of the query.
    func rows(_ sieve: LineSieve, _ db: Database) throws -> RecordCursor<ChunkRow> {
        let query = sieve.query
        // The chunk that holds the line after `after` begins at it or before it.
        let first =
            try query.after.flatMap { after in
                try Int64.fetchOne(
                    db,
                    sql: "SELECT max(line) FROM chunk WHERE line <= ?",
                    arguments: [Int64(clamping: after)]
                )
            } ?? 0
        return try ChunkRow.fetchCursor(
            db,
            sql: """
                \(ChunkRow.select) FROM chunk
                WHERE line >= ? AND line < ? AND max_time >= ? AND min_time < ?
                    AND min_arrival <= ? AND (levels & ?) <> 0
                ORDER BY line \(query.isOldestFirst ? "ASC" : "DESC")
                """,
            arguments: [
                first,
                query.before.map { Int64(clamping: $0) } ?? Int64.max,
                sieve.since.nanoseconds,
                sieve.until?.nanoseconds ?? Int64.max,
                query.arrivedBy?.nanoseconds ?? Int64.max,
                Int64(sieve.levels.rawValue),
            ]
        )
    }
}
