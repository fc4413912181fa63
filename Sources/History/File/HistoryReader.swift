package import Atlas
internal import GRDB
internal import HistoryFormat

/// A reader of a history file; any number of them, in any process, while it is being written.
///
/// Each call sees one committed state of the whole file. Readers neither wait for the writer nor
/// keep it waiting.
package final class HistoryReader: History {
    let path: String
    let queue: DatabaseQueue
    let formats = KeptFormats()
    /// Each thread holds a part of a chunk's text.
    let crew = WorkCrew(ofAtMost: 4) { ChunkOpener() }
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
            let rows = KeyScan(
                db,
                "kind, document",
                of: "part",
                by: "rank",
                where: "version > ?",
                [isWhole ? 0 : version]
            )
            var parts: [PicturePart] = []
            while let row = try rows.next() {
                let part = try? PicturePart(kind: row.value(1), document: row.value(2))
                if let part { parts.append(part) }
            }
            return PictureUpdate(version: newest, isWhole: isWhole, parts: parts)
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
            let first = min(keyframe ?? 0, last - 1) + 1
            let rows = KeyScan(
                db,
                "kind, key, codec, document",
                of: "state",
                by: "seq",
                in: first...last
            )
            var replay = StateReplay()
            while let row = try rows.next() {
                do {
                    try replay.take(row)
                } catch  where Damage.isOne(error) {}
            }
            return replay.picture()
        }
    }

    package func failovers(since instant: Instant) throws(HistoryError) -> [FailoverRun] {
        try reading { db in
            let keys = ["started", "id"]
            let runs = try db.readable("document", of: "failover", by: keys) {
                try Document.decode($0.value(0)) as FailoverRun
            }
            return runs.values.filter { $0.started >= instant || $0.state == .running }
        }
    }

    package func observations(
        after seq: Int64,
        limit: Int
    ) throws(HistoryError) -> [JournalEntry] {
        try reading { db in
            guard seq < .max else { return [] }
            let rows = KeyScan(
                db,
                "at, line, kind, document",
                of: "observation",
                by: "seq",
                in: (seq + 1)...Int64.max
            )
            var entries: [JournalEntry] = []
            while entries.count < limit, let row = try rows.next() {
                if let entry = try? Self.entry(row) { entries.append(entry) }
            }
            return entries
        }
    }

    static func entry(_ row: Row) throws -> JournalEntry {
        let event = try InputEvent(kind: row.value(3), document: row.value(4))
        let line: Int64 = try row.value(2)
        return JournalEntry(
            seq: try row.value(0),
            line: UInt64(max(0, line)),
            input: Input(at: Instant(nanoseconds: try row.value(1)), event: event)
        )
    }

    func reading<Result>(
        _ body: (Database) throws -> Result
    ) throws(HistoryError) -> Result {
        try explaining(path) { try queue.reading(body) }
    }
}
