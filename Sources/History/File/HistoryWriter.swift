package import Atlas
internal import GRDB
internal import HistoryFormat
internal import Synchronization

/// The one writer of a history file.
///
/// A call that returns has reached the disk (WAL, synchronous=FULL: one fsync a call), and a call
/// that throws has changed nothing. Ended at any moment, even by kill -9, the file opens with all
/// that calls had returned for. Calls block and come one after the other; the store's thread owns
/// it.
package final class HistoryWriter: HistorySink {
    let path: String
    let queue: DatabaseQueue
    /// More would be too many beside the threads that read and parse.
    let packers = WorkCrew(ofAtMost: 2) { ChunkPacker() }
    let opener = ChunkOpener()
    let metricCodec = MetricCodec()
    private let lock: HistoryLock
    private let cursor: Mutex<Cursor>
    /// Of the last commit, for who does not wait for the one under way.
    let meaning = Mutex(RowsAhead.Meaning())

    /// Where the next of everything goes; changes only with a commit.
    struct Cursor {
        var line: UInt64
        var observation: Int64
        var state: Int64
        /// 0 before `begin`.
        var run: Int64 = 0
        /// Ids in the history of the plan's sources, by their index.
        ///
        /// Behind those: of the placed ones, as chunks name them.
        var sourceIDs: [Int64] = []
        /// How many of them are the plan's.
        var plannedSources = 0
        /// Length of the newest keyframe's documents, and of the state log's since then.
        var keyframeBytes = 0
        var stateBytes = 0
        /// Of all that is in the file, for the retention; nil before it asked.
        var allLineBytes: Int?
        var allInputBytes: Int?
        var allStateBytes: Int?
        /// Rows of lines before this one are as full as they get.
        var settledLine: UInt64 = 0
        var metrics = MetricCursor()
    }

    /// Opens or makes the history; `locked` when another process, or this one, already writes it.
    ///
    /// A file of an older version becomes one of this in a transaction; `progress` is told how far
    /// that is, where it takes its time.
    package init(
        path: String,
        progress: @escaping (HistoryMigration) -> Void = { _ in }
    ) throws(HistoryError) {
        self.path = path
        // Before the lock, so that what is no history gets no lock file either.
        _ = try HistoryFile.isHistory(path)
        let lock = try HistoryLock(for: path)
        let queue = try HistoryFile.openForWriting(path, progress)
        self.lock = lock
        self.queue = queue
        cursor = Mutex(try explaining(path) { try queue.read(Self.readCursor) })
    }

    package var nextLine: UInt64 { cursor.withLock { $0.line } }

    package var nextObservation: Int64 { cursor.withLock { $0.observation } }

    package func positions() throws(HistoryError) -> [ReadPosition] {
        try explaining(path) { try queue.reading(HistoryFile.positions).values }
    }

    /// How many positions cannot be read; those files have none.
    package var unreadablePositions: Int {
        get throws(HistoryError) {
            try explaining(path) { try queue.reading(HistoryFile.positions).lost }
        }
    }

    package func begin(
        _ plan: WatchPlan,
        picture: Picture,
        at instant: Instant
    ) throws(HistoryError) {
        try commit { db, cursor in
            try Self.insertRun(plan, at: instant, db, &cursor)
            try Self.putWhole(picture, at: instant, db, &cursor)
        }
    }

    package func append(_ batch: HistoryBatch) throws(HistoryError) {
        try commit { db, cursor in
            guard cursor.run > 0 else {
                throw HistoryError.misused(detail: "it came before a run began")
            }
            try put(batch.chunks, batch.ahead, db, &cursor)
            for entry in batch.observations { try Self.put(entry, db, &cursor) }
            try Self.put(batch.parts, at: batch.at, db, &cursor)
            try put(batch.metrics, at: batch.at, db, &cursor.metrics)
        }
    }

    /// Says beside the file what is wrong with keeping (nil: nothing); needs no room on the disk.
    ///
    /// Readers find it by `HistoryReader.trouble(of:)`, and who waits for a change is woken.
    package func tell(_ finding: Finding?) { lock.tell(finding) }

    /// Lets go of the file and its lock; nothing more can be kept then.
    package func close() throws(HistoryError) {
        defer { lock.release() }
        try explaining(path) { try queue.close() }
    }

    func commit(
        _ body: (Database, inout Cursor) throws -> Void
    ) throws(HistoryError) {
        try change(body)
        lock.touch()
    }

    /// A transaction that nobody is told of.
    func change(
        _ body: (Database, inout Cursor) throws -> Void
    ) throws(HistoryError) {
        try cursor.withLock { (cursor) throws(HistoryError) in
            var next = cursor
            try explaining(path) { try queue.write { try body($0, &next) } }
            cursor = next
            meaning.withLock { meaning in
                if next.run != meaning.run || next.sourceIDs.count != meaning.ids.count {
                    meaning = .init(run: next.run, ids: next.sourceIDs)
                }
            }
        }
    }

    /// A million a second for a hundred thousand years.
    private static let mostNumber: Int64 = 1 << 62

    private static func readCursor(_ db: Database) throws -> Cursor {
        let line = try Int64.fetchOne(
            db,
            sql: """
                SELECT max(
                    ifnull((SELECT line + count FROM chunk ORDER BY line DESC LIMIT 1), 1),
                    ifnull((SELECT max(line) FROM run), 1))
                """
        )
        let observation = try Int64.fetchOne(
            db,
            sql: """
                SELECT max(
                    ifnull((SELECT max(seq) + 1 FROM observation), 1),
                    ifnull((SELECT max(seq) FROM run), 1))
                """
        )
        let state = try Int64.fetchOne(db, sql: "SELECT ifnull(max(seq) + 1, 1) FROM state")
        let numbers = [line, observation, state].map { $0 ?? 1 }
        guard numbers.allSatisfy({ 1...mostNumber ~= $0 }) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT,
                message: "numbers that were never given"
            )
        }
        var cursor = Cursor(
            line: UInt64(numbers[0]),
            observation: numbers[1],
            state: numbers[2],
            metrics: try MetricCursor(db)
        )
        cursor.settledLine = try firstUnsettled(db)
        return cursor
    }

    private static func insertRun(
        _ plan: WatchPlan,
        at instant: Instant,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws {
        try db.execute(
            sql: "INSERT INTO run (at, line, seq, state, plan) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                instant.nanoseconds, Int64(cursor.line), cursor.observation, cursor.state,
                try Document.encode(plan),
            ]
        )
        cursor.run = db.lastInsertedRowID
        cursor.sourceIDs = try plan.sources.map { try id(ofSource: $0.name, at: $0.resource, db) }
        cursor.plannedSources = plan.sources.count
    }

    /// The id of a source, which is new or belongs to this resource from now on.
    static func id(
        ofSource name: String,
        at resource: String?,
        _ db: Database
    ) throws -> Int64 {
        let id = try Int64.fetchOne(
            db,
            sql: """
                INSERT INTO source (name, resource) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET resource = excluded.resource
                RETURNING id
                """,
            arguments: [name, resource]
        )
        return id ?? 0
    }
}
