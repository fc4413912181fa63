internal import Atlas
internal import GRDB
internal import HistoryFormat

/// Short rows become full ones: they pack better, and a search opens fewer.
///
/// Rows come as the fold seals: each second where little is logged, each 256 KiB otherwise. What is
/// written again is behind the newest rows, keeps its numbers, and is whole in every transaction.
extension HistoryWriter {
    /// Lines' bytes that are written again in one transaction; some 30 ms of work.
    private static let mostOfStep = 4 << 20
    /// So many of the newest rows are looked at after a start; older ones a run before settled.
    private static let mostUnsettled = 1_024
    /// So many rows that need nothing are passed in one transaction.
    private static let mostPassed = 4_096

    /// SQLite's log is emptied when it is longer, though that means to wait for readers.
    private static let mostOfLog = 16 << 20
    private static let patience = 50

    /// A step of what keeps the file in order, to be called again and again; false when nothing is
    /// left to do now.
    package func tidy() throws(HistoryError) -> Bool {
        var hasMore = false
        try change { db, cursor in
            hasMore = try settle(db, &cursor, isFinal: false)
        }
        try restrainLog(to: Self.mostOfLog, waiting: Self.patience)
        return hasMore
    }

    /// Empties the log into the file where it has more bytes than that.
    ///
    /// A log is begun anew only when no reader looks into it, which never happens where one comes
    /// before the last has gone: those that come are held off meanwhile, for so many milliseconds
    /// at most.
    func restrainLog(to limit: Int, waiting milliseconds: Int) throws(HistoryError) {
        try explaining(path) {
            try queue.writeWithoutTransaction { db in
                // https://sqlite.org/pragma.html#pragma_wal_checkpoint
                let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(PASSIVE)")
                let pages: Int = row?[1] ?? 0
                let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
                guard pages * size > limit else { return }
                try db.execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
                defer { try? db.execute(sql: "PRAGMA busy_timeout = \(HistoryFile.busyTimeout)") }
                try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        }
    }

    static func firstUnsettled(_ db: Database) throws -> UInt64 {
        let line = try Int64.fetchOne(
            db,
            sql: "SELECT line FROM chunk ORDER BY line DESC LIMIT 1 OFFSET \(mostUnsettled)"
        )
        return UInt64(line ?? 0)
    }

    /// Rows that follow each other, and fit into one.
    private struct Run {
        var lines: [Int64] = []
        var end: UInt64 = 0
        var count = 0
        var bytes = 0

        func hasRoom(for line: Int64, _ count: Int, _ bytes: Int) -> Bool {
            lines.isEmpty
                || UInt64(line) == end && self.count + count <= RowDraft.mostLines
                    && self.bytes + bytes <= RowDraft.mostBytes
        }

        mutating func add(_ line: Int64, _ count: Int, _ bytes: Int) {
            lines.append(line)
            end = UInt64(line) + UInt64(count)
            self.count += count
            self.bytes += bytes
        }
    }

    /// Goes on behind `settledLine`; the newest run, to which lines may still come, is left alone
    /// unless it is `isFinal`.
    func settle(_ db: Database, _ cursor: inout Cursor, isFinal: Bool) throws -> Bool {
        var runs: [Run] = []
        var run = Run()
        var bytes = 0
        var passed = 0
        var isAtEnd = false
        // Ends before anything is written: what a cursor goes over must not change.
        do {
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: "SELECT line, count, size FROM chunk WHERE line >= ? ORDER BY line"
                ),
                arguments: [Int64(cursor.settledLine)]
            )
            while true {
                guard let row = try rows.next() else {
                    isAtEnd = true
                    break
                }
                let line: Int64 = try row.value(0)
                let count: Int = try row.value(1)
                let size: Int = try row.value(2)
                passed += 1
                if !run.hasRoom(for: line, count, size) {
                    cursor.settledLine = UInt64(line)
                    if run.lines.count > 1 {
                        runs.append(run)
                        bytes += run.bytes
                    }
                    run = Run()
                    if bytes >= Self.mostOfStep || passed >= Self.mostPassed { break }
                }
                run.add(line, count, size)
            }
        }
        if isAtEnd, isFinal {
            cursor.settledLine = max(cursor.settledLine, run.end)
            if run.lines.count > 1 { runs.append(run) }
        }
        for run in runs { try join(run, db, &cursor) }
        return !isAtEnd
    }

    /// Writes the rows of a run as one; a damaged one stays as it is, and those on its sides apart.
    private func join(_ run: Run, _ db: Database, _ cursor: inout Cursor) throws {
        var draft = RowDraft()
        var rows: [ChunkRow.Opened] = []
        func finish() throws {
            if rows.count > 1 {
                for row in rows { try delete(row, db, &cursor) }
                try write([draft], db, &cursor)
            }
            (draft, rows) = (RowDraft(), [])
        }
        for line in run.lines {
            guard let opened = try ChunkRow.at(line, db)?.opened(db),
                let chunk = opened.whole(opener)
            else {
                try finish()
                continue
            }
            rows.append(opened)
            draft.add(chunk)
        }
        try finish()
    }
}
