internal import Atlas
internal import GRDB
internal import HistoryFormat

/// Whether a history holds what was written.
package struct HistoryVerdict: Hashable, Sendable {
    package struct Damage: Hashable, Sendable {
        /// Number of the first line, and how many there are.
        package var line: UInt64
        package var count: Int
    }

    /// Chunks that were looked into, and their lines.
    package var chunks = 0
    package var lines = 0
    /// Chunks that are not what was written.
    package var damaged: [Damage] = []
    /// What SQLite says of its own pages; empty when all is well.
    package var faults: [String] = []
    /// Places where chunks cannot be reached at all.
    package var gaps = 0
    /// Inputs, changes of the picture, positions of files, runs and failovers that cannot be read.
    package var unreadable = 0
    /// Rows of metrics that are not what was written: of `metric`, and of `metric_open`.
    package var damagedMetrics: [Int64] = []
    package var damagedOpen: [Int64] = []

    package var isWhole: Bool {
        damaged.isEmpty && damagedMetrics.isEmpty && damagedOpen.isEmpty && !needsRebuilding
    }

    /// Putting chunks and metrics aside is not enough.
    package var needsRebuilding: Bool { !faults.isEmpty || gaps > 0 || unreadable > 0 }
}

extension HistoryReader {
    private static let mostFaults = 20

    /// Reads all of it: every checksum, every chunk, and SQLite's `integrity_check`.
    ///
    /// `progress` is told how many of all chunks were looked into.
    package func verify(
        progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws(HistoryError) -> HistoryVerdict {
        var verdict = HistoryVerdict()
        try note(in: &verdict) { verdict, db in
            let said = try String.fetchAll(db, sql: "PRAGMA integrity_check(\(Self.mostFaults))")
            if said != ["ok"] { verdict.faults = said }
        }
        // What can be reached is looked into all the same.
        try note(in: &verdict) { verdict, db in try look(into: &verdict, db, progress) }
        try note(in: &verdict) { verdict, db in
            for table in StoredTable.documents {
                let rows = table.rows(db)
                while let row = try rows.next() {
                    if !table.isReadable(row) { verdict.unreadable += 1 }
                }
                verdict.unreadable += rows.lost
            }
        }
        try note(in: &verdict) { verdict, db in
            guard try Self.hasMetrics(db) else { return }
            let table = MetricRows(db: db, codec: metricCodec)
            (verdict.damagedMetrics, verdict.damagedOpen) = try table.damaged()
        }
        return verdict
    }

    private func note(
        in verdict: inout HistoryVerdict,
        _ look: (inout HistoryVerdict, Database) throws -> Void
    ) throws(HistoryError) {
        do throws(HistoryError) {
            try reading { db in try look(&verdict, db) }
        } catch .damaged(_, let detail) {
            if !verdict.faults.contains(detail) { verdict.faults.append(detail) }
        }
    }

    private func look(
        into verdict: inout HistoryVerdict,
        _ db: Database,
        _ progress: (Int, Int) -> Void
    ) throws {
        let all = try Int.fetchOne(db, sql: "SELECT count(*) FROM chunk") ?? 0
        let rows = KeyScan(db, ChunkRow.columns, of: "chunk", by: "line")
        try crew.work {
            try rows.next().map { try ChunkRow.reading($0).opened(db) }
        } work: { (opened: ChunkRow.Opened, opener, _) in
            let look = ChunkRow.Look(opened: opened, opener: opener)
            let damage = HistoryVerdict.Damage(line: opened.row.firstLine, count: opened.row.count)
            return (damage, look.isWhole)
        } take: { (found: (HistoryVerdict.Damage, Bool)) in
            verdict.chunks += 1
            verdict.lines += found.0.count
            if !found.1 { verdict.damaged.append(found.0) }
            if verdict.chunks % 16 == 0 || verdict.chunks == all { progress(verdict.chunks, all) }
            return true
        }
        verdict.gaps = rows.gaps
    }
}

extension ChunkRow.Look {
    /// What columns and text hold, where they agree with each other and with the head.
    var isWhole: Bool {
        guard let chunk = columns(.all), let parts = parts(),
            chunk.textSize == parts.last?.text.upperBound,
            chunk.times.min() == opened.row.minTime, chunk.times.max() == opened.row.maxTime,
            chunk.levels.reduce(into: LevelMask(), { $0.insert(LevelMask($1)) })
                == opened.row.levels
        else { return false }
        return parts.allSatisfy { part in
            chunk.lines(in: part) != nil && text(of: part) { $0.count } == part.text.count
        }
    }
}

extension HistoryWriter {
    /// Puts aside what is damaged: chunks, as below, and rows of metrics for good, each some minutes
    /// to days of one series.
    package func quarantine(_ verdict: HistoryVerdict) throws(HistoryError) {
        try quarantine(verdict.damaged)
        try explaining(path) {
            try queue.write { db in
                for id in verdict.damagedMetrics {
                    try db.execute(sql: "DELETE FROM metric WHERE id = ?", arguments: [id])
                }
                for seq in verdict.damagedOpen {
                    try db.execute(sql: "DELETE FROM metric_open WHERE seq = ?", arguments: [seq])
                }
            }
        }
    }

    /// Puts chunks that are damaged aside, into the table `quarantine`: they are neither served
    /// nor counted any more, and not lost for who can mend them.
    package func quarantine(_ damaged: [HistoryVerdict.Damage]) throws(HistoryError) {
        try explaining(path) {
            try queue.write { db in
                for damage in damaged {
                    let line = Int64(bitPattern: damage.line)
                    try db.execute(
                        sql: "INSERT INTO quarantine SELECT * FROM chunk WHERE line = ?",
                        arguments: [line]
                    )
                    try db.execute(sql: "DELETE FROM chunk WHERE line = ?", arguments: [line])
                }
            }
        }
    }
}
