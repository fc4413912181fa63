package import Atlas
internal import GRDB

extension HistoryReader {
    package func histogram(
        _ query: LogQuery,
        bucket: Span
    ) throws(HistoryError) -> LogHistogram {
        var query = query
        query.isOldestFirst = false
        return try reading { db in
            let sieve = try sieve(query, db)
            var tally = LogTally(sieve, bucket: bucket)
            guard !sieve.isHopeless else { return tally.finish() }
            let rows = try rows(sieve, db)
            while let row = try rows.next() {
                let head = LogSearch.Head(
                    firstLine: row.firstLine,
                    lastLine: row.lastLine,
                    sources: row.sources
                )
                guard
                    try tally.look(
                        into: head,
                        columns: { try row.columns(db) },
                        bytes: { try row.bytes(of: $0, db) }
                    )
                else { break }
            }
            return tally.finish()
        }
    }
}
