internal import Atlas
internal import GRDB

/// What compacting a history made of it.
package struct HistoryCompaction: Hashable, Sendable {
    package var rowsBefore = 0
    package var rowsAfter = 0
    /// Of the file.
    package var bytesBefore = 0
    package var bytesAfter = 0
}

/// All rows made full, and all free room given back to the file system.
///
/// In place, in short transactions, not by a new file beside: readers elsewhere have this one open,
/// a second one takes as much room again, and after a crash or on a full disk what was done so far
/// stays.
extension HistoryWriter {
    /// Pages that are given back in one transaction.
    private static let pagesOfStep = 2_048

    /// `progress` is told how much of the work is done, of 100.
    package func compact(
        progress: (Int) -> Void = { _ in }
    ) throws(HistoryError) -> HistoryCompaction {
        var result = HistoryCompaction()
        (result.rowsBefore, result.bytesBefore) = try extent()
        try change { _, cursor in cursor.settledLine = 0 }
        let end = max(1, nextLine)
        var hasMore = true
        while hasMore {
            var done: UInt64 = 0
            try change { db, cursor in
                hasMore = try settle(db, &cursor, isFinal: true)
                done = cursor.settledLine
            }
            // Joining takes most of the time.
            progress(Int(min(80, 80 * (done / 1_024) / max(1, end / 1_024))))
        }
        try giveAllBack { share in progress(80 + 20 * share / 100) }
        try restrainLog(to: 0, waiting: 5_000)
        progress(100)
        (result.rowsAfter, result.bytesAfter) = try extent()
        return result
    }

    private func giveAllBack(progress: (Int) -> Void) throws(HistoryError) {
        var before = Int.max
        var most = 1
        while true {
            let free = try explaining(path) {
                try queue.writeWithoutTransaction { db in
                    try Self.giveBack(Self.pagesOfStep, db)
                    return try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
                }
            }
            // One that something else made without `auto_vacuum` gives nothing back.
            guard free > 0, free < before else { return }
            before = free
            most = max(most, free)
            progress(100 - 100 * free / most)
        }
    }

    private func extent() throws(HistoryError) -> (rows: Int, bytes: Int) {
        try explaining(path) {
            try queue.read { db in
                let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
                let page = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
                return (
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM chunk") ?? 0, pages * page
                )
            }
        }
    }
}
