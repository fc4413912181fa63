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
            let opener = ChunkOpener()
            scan: while let row = try rows.next().map(ChunkRow.reading) {
                switch tally.judge(row.head) {
                case .pass: continue
                case .stop: break scan
                case .open:
                    tally.take(ChunkRow.Look(opened: try row.opened(db), opener: opener))
                }
            }
            return tally.finish(gaps: rows.gaps)
        }
    }
}
