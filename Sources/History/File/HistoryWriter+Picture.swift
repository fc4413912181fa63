internal import Atlas
internal import FoundationEssentials
internal import GRDB
internal import HistoryFormat

/// The picture: its newest parts, and the log of their changes.
extension HistoryWriter {
    /// A keyframe is due when the log since the last is so many times as long as that, and longer
    /// than the floor: keyframes then cost at most an eighth of the log, and a picture of the past
    /// is read from at most nine times its own size.
    private static let keyframeRatio = 8
    private static let keyframeFloor = 4 * 1_024

    /// Starts anew: parts of older runs are gone from the newest picture, not from the log.
    static func putWhole(
        _ picture: Picture,
        at instant: Instant,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws {
        try db.execute(sql: "DELETE FROM part")
        try logKeyframe(at: instant, db, &cursor)
        for part in picture.parts { try put(part, at: instant, db, &cursor) }
        cursor.keyframeBytes = cursor.stateBytes
        cursor.stateBytes = 0
    }

    static func put(
        _ parts: [PicturePart],
        at instant: Instant,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws {
        for part in parts { try put(part, at: instant, db, &cursor) }
        let due = max(keyframeFloor, keyframeRatio * cursor.keyframeBytes)
        if cursor.stateBytes > due { try putKeyframe(at: instant, db, &cursor) }
    }

    private static func put(
        _ part: PicturePart,
        at instant: Instant,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws {
        let document = try part.document()
        let old = try String.fetchOne(
            db.cachedStatement(sql: "SELECT document FROM part WHERE kind = ? AND key = ?"),
            arguments: [part.kind, part.key]
        )
        let bytes = Array(document.utf8)
        let oldBytes = old.map { Array($0.utf8) }
        guard bytes != oldBytes else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO part (kind, key, version, document) VALUES (?, ?, ?, ?)
                ON CONFLICT (kind, key)
                DO UPDATE SET version = excluded.version, document = excluded.document
                """
        ).execute(arguments: [part.kind, part.key, cursor.state, document])
        if case .failover(let run) = part { try put(run, document, db, cursor) }
        let delta = oldBytes.map { DocumentDelta.encode(bytes, from: $0) }
        if let delta, delta.count < bytes.count {
            try log(part.kind, part.key, StateReplay.deltaCodec, delta, at: instant, db, &cursor)
        } else {
            try log(part.kind, part.key, StateReplay.plainCodec, bytes, at: instant, db, &cursor)
        }
    }

    private static func log(
        _ kind: String,
        _ key: String,
        _ codec: Int,
        _ document: [UInt8],
        at instant: Instant,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO state (seq, at, kind, key, codec, document) VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            cursor.state, instant.nanoseconds, kind, key, codec, Data(document),
        ])
        cursor.state += 1
        cursor.stateBytes += document.count
        cursor.allStateBytes? += document.count
    }

    private static func logKeyframe(
        at instant: Instant,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws {
        try log("keyframe", "", StateReplay.plainCodec, [], at: instant, db, &cursor)
        cursor.stateBytes = 0
    }

    private static func putKeyframe(
        at instant: Instant,
        _ db: Database,
        _ cursor: inout Cursor
    ) throws {
        try logKeyframe(at: instant, db, &cursor)
        try db.cachedStatement(
            sql: """
                INSERT INTO state (seq, at, kind, key, codec, document)
                SELECT ? + row_number() OVER (ORDER BY rank) - 1, ?, kind, key, \(StateReplay.plainCodec),
                    CAST(document AS BLOB)
                FROM part ORDER BY rank
                """
        ).execute(arguments: [cursor.state, instant.nanoseconds])
        cursor.state += Int64(db.changesCount)
        cursor.keyframeBytes =
            try Int.fetchOne(db, sql: "SELECT sum(length(document)) FROM part") ?? 0
        cursor.allStateBytes? += cursor.keyframeBytes
    }

    /// A run's failover may still find an earlier beginning; then it takes its older self's place.
    private static func put(
        _ run: FailoverRun,
        _ document: String,
        _ db: Database,
        _ cursor: Cursor
    ) throws {
        try db.execute(
            sql: "DELETE FROM failover WHERE id = ? AND run = ?",
            arguments: [run.id, cursor.run]
        )
        try db.execute(
            sql: "INSERT OR REPLACE INTO failover (id, started, run, document) VALUES (?, ?, ?, ?)",
            arguments: [run.id, run.started.nanoseconds, cursor.run, document]
        )
    }
}
