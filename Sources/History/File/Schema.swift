internal import GRDB

/// The tables of a history file, and how an older file becomes a newer one.
///
/// Times are nanoseconds since the epoch. Documents are JSON with sorted keys of the Atlas type
/// that `kind` names. `codec` says how a blob or document is packed; 0 is not at all.
enum Schema {
    /// `PRAGMA application_id` ("Azmt"): tells a history from any other SQLite file.
    static let applicationID: Int32 = 0x417A_6D74

    /// The version that a file has after all `steps`, kept as `PRAGMA user_version`.
    static var version: Int { steps.count }

    /// Step `i` leads from version `i` to `i + 1`.
    ///
    /// Steps that were released never change.
    static let steps = [
        """
        -- A run of the writer under one plan. The run began before line `line`, observation `seq`
        -- and at row `state` of the state log.
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            line INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            state INTEGER NOT NULL,
            plan TEXT NOT NULL
        );
        CREATE TABLE source (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            resource TEXT
        );
        CREATE TABLE position (
            source TEXT PRIMARY KEY,
            document TEXT NOT NULL
        ) WITHOUT ROWID;

        -- `line` is the first line's number. What a query passes a chunk by stands before the
        -- blobs, so that those are not read. `sources` are ids, rising, with spaces between.
        -- The sums are XXH64 of the blobs as stored, seeded with `line`.
        CREATE TABLE chunk (
            line INTEGER PRIMARY KEY,
            count INTEGER NOT NULL,
            min_time INTEGER NOT NULL,
            max_time INTEGER NOT NULL,
            min_arrival INTEGER NOT NULL,
            max_arrival INTEGER NOT NULL,
            levels INTEGER NOT NULL,
            sources TEXT NOT NULL,
            codec INTEGER NOT NULL,
            columns_sum INTEGER NOT NULL,
            bytes_sum INTEGER NOT NULL,
            columns BLOB NOT NULL,
            bytes BLOB NOT NULL
        );

        -- Inputs that are no lines, in the order of the fold. `line` is the number of the first
        -- line that came after.
        CREATE TABLE observation (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            line INTEGER NOT NULL,
            kind TEXT NOT NULL,
            document TEXT NOT NULL
        );

        -- The newest picture. `version` is the row of the state log that holds the same.
        CREATE TABLE part (
            rank INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            version INTEGER NOT NULL,
            document TEXT NOT NULL,
            UNIQUE (kind, key)
        );
        CREATE INDEX part_version ON part (version);

        -- Every change of the picture. A row of kind 'keyframe' says that the rows behind it hold
        -- all of the picture. Codec 1: what changed against the row of the same part before.
        CREATE TABLE state (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            codec INTEGER NOT NULL,
            document BLOB NOT NULL
        );
        CREATE INDEX state_at ON state (at);
        CREATE INDEX state_keyframe ON state (seq) WHERE kind = 'keyframe';

        -- Failovers of all runs; they outlive the picture.
        CREATE TABLE failover (
            id TEXT NOT NULL,
            started INTEGER NOT NULL,
            run INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (id, started)
        ) WITHOUT ROWID;
        """,
        """
        -- A source has several files: each has its position, by device and inode (as text, since
        -- they may use all 64 bits).
        ALTER TABLE position RENAME TO position_1;
        CREATE TABLE position (
            source TEXT NOT NULL,
            device TEXT NOT NULL,
            inode TEXT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (source, device, inode)
        ) WITHOUT ROWID;
        INSERT INTO position (source, device, inode, document)
            SELECT source, CAST(json_extract(document, '$.device') AS TEXT),
                CAST(json_extract(document, '$.inode') AS TEXT), document
            FROM position_1;
        DROP TABLE position_1;
        """,
        """
        -- `size` is that of the lines' bytes before they were packed. Codec 1: `columns` and `bytes`
        -- are a frame of zstd each. What the table held before follows row by row (`Repacking`).
        ALTER TABLE chunk RENAME TO chunk_2;
        CREATE TABLE chunk (
            line INTEGER PRIMARY KEY,
            count INTEGER NOT NULL,
            size INTEGER NOT NULL,
            min_time INTEGER NOT NULL,
            max_time INTEGER NOT NULL,
            min_arrival INTEGER NOT NULL,
            max_arrival INTEGER NOT NULL,
            levels INTEGER NOT NULL,
            sources TEXT NOT NULL,
            codec INTEGER NOT NULL,
            columns_sum INTEGER NOT NULL,
            bytes_sum INTEGER NOT NULL,
            columns BLOB NOT NULL,
            bytes BLOB NOT NULL
        );
        -- Rows of `chunk` that are not what was written, put aside.
        CREATE TABLE quarantine AS SELECT * FROM chunk WHERE 0;

        -- What retention took away: how many, their bytes, and the newest of them.
        CREATE TABLE dropped (
            kind TEXT PRIMARY KEY,
            count INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            until INTEGER NOT NULL
        ) WITHOUT ROWID;
        """,
        """
        -- Numbers over time. All times of metrics are seconds since the epoch. What is before
        -- `minutes`, `fives` and `hours` is in the rows of tier 1, 2 and 3, too.
        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            name TEXT NOT NULL,
            unit TEXT NOT NULL,
            since INTEGER NOT NULL,
            minutes INTEGER NOT NULL,
            fives INTEGER NOT NULL,
            hours INTEGER NOT NULL,
            UNIQUE (kind, subject, name, unit)
        );
        -- A row for each series and span of a tier (MetricTier); those of one second, of 60, of 300 and
        -- of 3,600 are the tiers 0 to 3. The sum is XXH64 of `points` as stored, seeded with `start`.
        CREATE TABLE metric (
            id INTEGER PRIMARY KEY,
            series INTEGER NOT NULL,
            tier INTEGER NOT NULL,
            start INTEGER NOT NULL,
            count INTEGER NOT NULL,
            codec INTEGER NOT NULL,
            sum INTEGER NOT NULL,
            points BLOB NOT NULL,
            UNIQUE (series, tier, start)
        );
        -- What came in since `sealed` of tier 0: all series, a row a transaction. Seeded with 0.
        CREATE TABLE metric_open (
            seq INTEGER PRIMARY KEY,
            codec INTEGER NOT NULL,
            sum INTEGER NOT NULL,
            points BLOB NOT NULL
        );
        -- Since when a tier is complete, and (tier 0) until when it is in rows of `metric`.
        CREATE TABLE metric_tier (
            tier INTEGER PRIMARY KEY,
            held INTEGER NOT NULL,
            sealed INTEGER NOT NULL
        );
        """,
    ]

    /// Brings a file of any older version up to this program's, in one transaction.
    static func migrate(
        _ db: Database,
        from version: Int,
        _ progress: @escaping (HistoryMigration) -> Void
    ) throws {
        guard version < steps.count else { return }
        try db.inTransaction {
            for (index, step) in steps.enumerated().dropFirst(version) {
                try db.execute(sql: step)
                if index == 2 { try Repacking(from: version, progress).run(db) }
            }
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(steps.count)")
            return .commit
        }
    }
}
