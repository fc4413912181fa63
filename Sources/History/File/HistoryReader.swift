package import Atlas
internal import GRDB

/// A reader of a history file; any number of them, in any process, while it is being written.
///
/// Each call sees one committed state of the whole file. Readers neither wait for the writer nor
/// keep it waiting.
package final class HistoryReader: History {
    let path: String
    let queue: DatabaseQueue
    let formats = KeptFormats()
    let crew = ScanCrew()
    let metricCodec = MetricCodec()

    /// `missing` when there is nothing to read.
    package init(path: String) throws(HistoryError) {
        self.path = path
        queue = try HistoryFile.openForReading(path)
    }

    /// The pid of the process that writes the history; nil when nobody does, 0 when somebody does
    /// whose pid cannot be read.
    package static func holder(of path: String) -> Int32? {
        HistoryLock.holder(of: path)
    }

    /// What the writer has to say while it can keep nothing; nil when it keeps, or there is none.
    package static func trouble(of path: String) -> Finding? {
        HistoryLock.finding(of: path)
    }

    /// The version of the file's format.
    package var version: Int {
        get throws(HistoryError) {
            try explaining(path) {
                try queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
            }
        }
    }

    /// Another number than before when something was committed since; costs next to nothing.
    ///
    /// https://sqlite.org/pragma.html#pragma_data_version
    package var dataVersion: Int64 {
        get throws(HistoryError) {
            try explaining(path) {
                try queue.unsafeRead { try Int64.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
            }
        }
    }

    package func picture() throws(HistoryError) -> Picture? {
        var picture: Picture?
        try update(since: 0).apply(to: &picture)
        return picture
    }

    package func update(since version: Int64) throws(HistoryError) -> PictureUpdate {
        try reading { db in
            let newest = try Int64.fetchOne(db, sql: "SELECT max(version) FROM part") ?? 0
            let began = try Int64.fetchOne(db, sql: "SELECT max(state) FROM run") ?? 0
            let isWhole = version < began || version == 0
            guard isWhole || version < newest else {
                return PictureUpdate(version: version, isWhole: false, parts: [])
            }
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: "SELECT kind, document FROM part WHERE version > ? ORDER BY rank"
                ),
                arguments: [isWhole ? 0 : version]
            )
            return PictureUpdate(
                version: newest,
                isWhole: isWhole,
                parts: try rows.map { try PicturePart(kind: $0[0], document: $0[1]) }
            )
        }
    }

    package func picture(at instant: Instant) throws(HistoryError) -> Picture? {
        try reading { db in
            // The row stamped latest, which is not the one written latest where the clock was set
            // back.
            let last = try Int64.fetchOne(
                db,
                sql: "SELECT seq FROM state WHERE at <= ? ORDER BY at DESC, seq DESC LIMIT 1",
                arguments: [instant.nanoseconds]
            )
            guard let last else { return nil }
            let keyframe = try Int64.fetchOne(
                db,
                sql: "SELECT max(seq) FROM state WHERE kind = 'keyframe' AND seq <= ?",
                arguments: [last]
            )
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT kind, key, codec, document FROM state
                    WHERE seq > ? AND seq <= ? ORDER BY seq
                    """,
                arguments: [keyframe ?? 0, last]
            )
            var replay = StateReplay()
            while let row = try rows.next() { try replay.take(row) }
            return try replay.picture()
        }
    }

    package func failovers(since instant: Instant) throws(HistoryError) -> [FailoverRun] {
        try reading { db in
            try String.fetchAll(db, sql: "SELECT document FROM failover ORDER BY started, id")
                .map { try Document.decode($0) }
                .filter { (run: FailoverRun) in run.started >= instant || run.state == .running }
        }
    }

    package func observations(
        after seq: Int64,
        limit: Int
    ) throws(HistoryError) -> [JournalEntry] {
        try reading { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT seq, at, line, kind, document FROM observation
                    WHERE seq > ? ORDER BY seq LIMIT ?
                    """,
                arguments: [seq, limit]
            )
            return try rows.map { row in
                let line: Int64 = row[2]
                let event = try InputEvent(kind: row[3], document: row[4])
                return JournalEntry(
                    seq: row[0],
                    line: UInt64(line),
                    input: Input(at: Instant(nanoseconds: row[1]), event: event)
                )
            }
        }
    }

    func reading<Result>(
        _ body: (Database) throws -> Result
    ) throws(HistoryError) -> Result {
        try explaining(path) { try queue.read(body) }
    }
}
