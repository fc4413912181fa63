internal import Atlas
internal import GRDB
internal import Glibc
internal import HistoryFormat

/// What was saved of a history whose pages are damaged, and what was not.
package struct HistoryRepair: Hashable, Sendable {
    /// Where the damaged file is now.
    package var aside: String
    package var lines = 0
    package var chunks = 0
    /// Other rows: inputs, changes of the picture, positions, runs, failovers, metrics.
    package var rows = 0
    /// Chunks that could be reached and are damaged: in the table `quarantine` of the new file.
    package var quarantined = 0
    /// Other rows that cannot be read, and places where nothing can: at least so many are gone.
    package var lost = 0

    /// Writes what can be read of a history into a new file, which takes its place.
    ///
    /// The damaged file stays beside it, under another name. Readers that have it open go on
    /// reading that. Nobody may write the history meanwhile.
    ///
    /// - Throws: `HistoryError`; the history is as it was then.
    package static func rebuild(_ path: String) throws(HistoryError) -> HistoryRepair {
        let lock = try HistoryLock(for: path)
        defer { lock.release() }
        let length = try CutFile(path)?.fill()
        let old: DatabaseQueue
        do throws(HistoryError) {
            old = try HistoryFile.openForReading(path)
        } catch {
            length?.restore()
            throw error
        }
        let draft = path + ".repaired"
        for file in HistoryFile.names(of: draft) { unlink(file) }
        var repair = HistoryRepair(aside: unusedName(path))
        do throws(HistoryError) {
            let version = try explaining(path) {
                try old.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
            }
            guard version == Schema.version else {
                throw HistoryError.damaged(
                    path: path,
                    detail: "it has version \(version), and cannot become one of \(Schema.version)"
                )
            }
            try HistoryFile.make(draft)
            let new = try HistoryFile.open(draft, isReadOnly: false)
            try explaining(path) {
                try old.unsafeRead { old in
                    try new.writeWithoutTransaction { try repair.copy(from: old, to: $0) }
                }
                try new.close()
                try old.close()
            }
            try takePlace(of: path, by: draft, aside: repair.aside)
        } catch {
            for file in HistoryFile.names(of: draft) { unlink(file) }
            length?.restore()
            throw error
        }
        return repair
    }

    /// Makes room for a new history; where the old one is now.
    package static func putAside(_ path: String) throws(HistoryError) -> String {
        let lock = try HistoryLock(for: path)
        defer { lock.release() }
        let aside = unusedName(path)
        guard move(path + "-wal", aside + "-wal"), rename(path, aside) == 0 else {
            throw .failed(path: path, detail: String(cString: strerror(errno)))
        }
        unlink(path + "-shm")
        HistoryFile.syncFolder(of: path)
        return aside
    }

    private static func unusedName(_ path: String) -> String {
        var name = path + ".damaged"
        var number = 1
        while access(name, F_OK) == 0 {
            number += 1
            name = path + ".damaged-\(number)"
        }
        return name
    }

    /// The log of the old file goes first: it must never be taken for one of the new.
    private static func takePlace(
        of path: String,
        by draft: String,
        aside: String
    ) throws(HistoryError) {
        guard link(path, aside) == 0, move(path + "-wal", aside + "-wal"),
            rename(draft, path) == 0
        else {
            throw .failed(path: path, detail: String(cString: strerror(errno)))
        }
        unlink(path + "-shm")
        HistoryFile.syncFolder(of: path)
    }

    private static func move(_ old: String, _ new: String) -> Bool {
        rename(old, new) == 0 || errno == ENOENT
    }

    // MARK: - Copying

    /// A transaction holds so many rows at most.
    private static let mostRows = 256

    private mutating func copy(from old: Database, to new: Database) throws {
        try copyChunks(from: old, to: new)
        for table in StoredTable.documents + StoredTable.metrics + [.dropped, .quarantine] {
            let scan = table.rows(old)
            try new.inTransaction {
                while let row = try scan.next() {
                    let values = row.databaseValues.dropFirst(table.hasNumber ? 0 : 1)
                    if table.isReadable(row), try Self.insert(Array(values), into: table, new) {
                        rows += 1
                    } else {
                        lost += 1
                    }
                }
                return .commit
            }
            lost += scan.lost
        }
        // SQLite's own: what is gone has left its room.
        _ = try Row.fetchAll(new, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private mutating func copyChunks(from old: Database, to new: Database) throws {
        let table = StoredTable.chunks
        let opener = ChunkOpener()
        let scan = KeyScan(old, ChunkRow.columns, of: table.name, by: "line")
        var isOver = false
        while !isOver {
            try new.inTransaction {
                for _ in 0..<Self.mostRows {
                    guard let head = try scan.next().map(ChunkRow.reading) else {
                        isOver = true
                        break
                    }
                    let whole = ChunkRow.Look(opened: try head.opened(old), opener: opener).isWhole
                    try copy(head, isWhole: whole, from: old, to: new)
                }
                return .commit
            }
        }
        lost += scan.gaps
    }

    private mutating func copy(
        _ head: ChunkRow,
        isWhole: Bool,
        from old: Database,
        to new: Database
    ) throws {
        let columns = StoredTable.chunks.columns.joined(separator: ", ")
        let row: Row?
        do {
            row = try Row.fetchOne(
                old,
                sql: "SELECT line, \(columns) FROM chunk WHERE line = ?",
                arguments: [Int64(bitPattern: head.firstLine)]
            )
        } catch  where Damage.isOne(error) {
            row = nil
        }
        let values = row.map { Array($0.databaseValues) }
        if let values, isWhole, try Self.insert(values, into: .chunks, new) {
            chunks += 1
            lines += head.count
        } else if let values, try Self.insert(values, into: .quarantine, new) {
            quarantined += 1
        } else {
            lost += 1
        }
    }

    /// False where the table does not take it: twice the same key, or nothing where something is
    /// needed.
    private static func insert(
        _ values: [DatabaseValue],
        into table: StoredTable,
        _ db: Database
    ) throws -> Bool {
        let names = table.names
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO \(table.name) (\(names.joined(separator: ", ")))
                VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
                """
        ).execute(arguments: StatementArguments(Array(values.prefix(names.count))))
        return db.changesCount > 0
    }
}
