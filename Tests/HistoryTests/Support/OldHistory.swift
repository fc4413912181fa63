import Atlas
import Foundation
import GRDB
import Testing

@testable import History
@testable import HistoryFormat

/// A history file as older versions of the program left it.
enum OldHistory {
    static let position = ReadPosition(
        source: "db1 log",
        device: .max,
        inode: 7,
        offset: 99,
        head: .max,
        tail: 0
    )

    /// As a program of that version left it.
    static func make(
        _ path: String,
        version: Int,
        _ chunks: [LogChunk],
        damaging: Int? = nil
    ) throws {
        let database = try DatabaseQueue(path: path)
        try database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            for step in Schema.steps.prefix(version) { try db.execute(sql: step) }
            try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(version)")
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            for source in testPlan.sources {
                _ = try HistoryWriter.id(ofSource: source.name, at: source.resource, db)
            }
            let document = try Document.encode(position)
            try db.execute(
                sql: version == 1
                    ? "INSERT INTO position VALUES (?, ?)"
                    : "INSERT INTO position VALUES (?, '\(UInt64.max)', '7', ?)",
                arguments: [position.source, document]
            )
            let run = FailoverRun(
                id: "orders#1",
                service: "orders",
                kind: .outage,
                started: Instant(seconds: 1)
            )
            try db.execute(
                sql: "INSERT INTO failover VALUES (?, ?, 1, ?)",
                arguments: [run.id, run.started.nanoseconds, try Document.encode(run)]
            )
            for (index, chunk) in chunks.enumerated() {
                try insert(chunk, isDamaged: index == damaging, db)
            }
        }
        try database.close()
    }

    private static func insert(_ chunk: LogChunk, isDamaged: Bool, _ db: Database) throws {
        let stored = try #require(StoredChunk(chunk, ids: [1, 2, 3]))
        let columns = ChunkColumns.encode(stored)
        let levels = stored.levels.reduce(into: LevelMask()) { $0.insert(LevelMask($1)) }
        let sum = XXHash64.hash(stored.bytes, seed: stored.firstLine)
        try db.execute(
            sql: """
                INSERT INTO chunk (line, count, min_time, max_time, min_arrival, max_arrival,
                    levels, sources, codec, columns_sum, bytes_sum, columns, bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)
                """,
            arguments: [
                Int64(stored.firstLine), stored.count,
                stored.times.min()?.nanoseconds, stored.times.max()?.nanoseconds,
                stored.arrivals.min()?.nanoseconds, stored.arrivals.max()?.nanoseconds,
                Int64(levels.rawValue), stored.sources.map(String.init).joined(separator: " "),
                Int64(bitPattern: XXHash64.hash(columns, seed: stored.firstLine)),
                Int64(bitPattern: isDamaged ? ~sum : sum),
                Data(columns), Data(stored.bytes),
            ]
        )
    }
}
