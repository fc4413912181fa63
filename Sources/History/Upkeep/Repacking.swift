internal import Atlas
internal import GRDB
internal import HistoryFormat

/// How far a history of an older version has become one of this.
package struct HistoryMigration: Hashable, Sendable {
    package var from: Int
    package var to: Int
    /// Of 100; 0 comes first where there is something to do, 100 last.
    package var percent: Int
}

/// From version 2 to 3: chunks that were kept as they came are packed, and moved row by row.
///
/// Each row goes as the packed one comes, so the file does not grow; what is not whole any more
/// moves as it is.
struct Repacking {
    private let version: Int
    private let progress: (HistoryMigration) -> Void
    private let opener = ChunkOpener()
    private let packer = ChunkPacker()

    init(from version: Int, _ progress: @escaping (HistoryMigration) -> Void) {
        self.version = version
        self.progress = progress
    }

    func run(_ db: Database) throws {
        let all = try Int.fetchOne(db, sql: "SELECT count(*) FROM chunk_2") ?? 0
        var done = 0
        var said = -10
        while let row = try ChunkRow.fetchOne(
            db.cachedStatement(sql: "\(ChunkRow.select) FROM chunk_2 ORDER BY line LIMIT 1")
        ) {
            let percent = 100 * done / max(1, all)
            if percent >= said + 10 {
                said = percent - percent % 10
                progress(HistoryMigration(from: version, to: Schema.version, percent: said))
            }
            try move(row, db)
            done += 1
        }
        if all > 0 { progress(HistoryMigration(from: version, to: Schema.version, percent: 100)) }
        try db.execute(sql: "DROP TABLE chunk_2")
    }

    private func move(_ row: ChunkRow, _ db: Database) throws {
        if let chunk = try row.opened(db, in: "chunk_2").whole(opener),
            let packed = packer.pack([chunk])
        {
            try ChunkRow.insert(packed, db)
        } else {
            try db.cachedStatement(
                sql: """
                    INSERT INTO chunk SELECT line, count, length(bytes), min_time, max_time,
                        min_arrival, max_arrival, levels, sources, codec, columns_sum, bytes_sum,
                        columns, bytes
                    FROM chunk_2 WHERE line = ?
                    """
            ).execute(arguments: [Int64(bitPattern: row.firstLine)])
        }
        try db.cachedStatement(sql: "DELETE FROM chunk_2 WHERE line = ?")
            .execute(arguments: [Int64(bitPattern: row.firstLine)])
    }
}
