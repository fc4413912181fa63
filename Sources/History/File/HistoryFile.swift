internal import Atlas
internal import GRDB
internal import Glibc

/// Opens history files, and refuses with words what is none.
enum HistoryFile {
    /// True when there is a history at `path`; false when there is nothing, or an empty file.
    ///
    /// Asks through SQLite: opening and closing the file any other way would take away the locks
    /// that this process may hold on it (https://sqlite.org/howtocorrupt.html section 2.2).
    static func isHistory(_ path: String) throws(HistoryError) -> Bool {
        do throws(HistoryError) {
            _ = try openForReading(path)
            return true
        } catch .missing {
            return false
        }
    }

    static func openForReading(_ path: String) throws(HistoryError) -> DatabaseQueue {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT
                ? .missing(path: path)
                : .unreadable(path: path, detail: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, detail: "not a regular file")
        }
        guard status.st_size > 0 else { throw .missing(path: path) }
        // SQLite takes a file of less than its smallest page for an empty database.
        guard status.st_size >= 512 else {
            throw .foreign(path: path, detail: "it is no database")
        }
        let queue = try open(path, isReadOnly: true)
        try explaining(path) { _ = try queue.unsafeRead { try check($0, path) } }
        return queue
    }

    /// Makes the file where there is none; to be called by the holder of the lock only.
    static func openForWriting(
        _ path: String,
        _ progress: @escaping (HistoryMigration) -> Void
    ) throws(HistoryError) -> DatabaseQueue {
        if try !isHistory(path) { try create(path) }
        let queue = try open(path, isReadOnly: false)
        try explaining(path) {
            try queue.writeWithoutTransaction { db in
                let version = try check(db, path)
                try useLog(db, path)
                // WAL and FULL: a commit has returned only after an fsync of the log that holds it.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
                try Schema.migrate(db, from: version, progress)
            }
        }
        return queue
    }

    /// Under another name first, so that nobody ever sees half a schema at `path`.
    private static func create(_ path: String) throws(HistoryError) {
        let draft = path + ".new"
        for leftover in names(of: draft) { unlink(leftover) }
        do {
            try make(draft)
        } catch {
            for leftover in names(of: draft) { unlink(leftover) }
            throw error.moved(from: draft, to: path)
        }
        guard rename(draft, path) == 0 else {
            throw .unreadable(path: path, detail: String(cString: strerror(errno)))
        }
        syncFolder(of: path)
    }

    /// A history of nothing at `path`, where no file is.
    static func make(_ path: String) throws(HistoryError) {
        let queue = try open(path, isReadOnly: false)
        try explaining(path) {
            try queue.writeWithoutTransaction { db in
                // To be set before the first table; lets retention give pages back later.
                try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
                try Schema.migrate(db, from: 0) { _ in }
                try useLog(db, path)
            }
            try queue.close()
        }
    }

    /// The file's, and those that SQLite may have beside it.
    static func names(of path: String) -> [String] {
        [path, path + "-journal", path + "-wal", path + "-shm"]
    }

    /// Where it cannot be switched, SQLite says no more than which mode it has instead.
    private static func useLog(_ db: Database, _ path: String) throws {
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw HistoryError.failed(
                path: path,
                detail: "SQLite cannot use a log (WAL) here, which takes shared memory and room"
            )
        }
    }

    static func syncFolder(of path: String) {
        let descriptor = Glibc.open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func open(
        _ path: String,
        isReadOnly: Bool
    ) throws(HistoryError) -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(5)
        configuration.label = "history"
        return try explaining(path) {
            try DatabaseQueue(path: path, configuration: configuration)
        }
    }

    private static func check(_ db: Database, _ path: String) throws -> Int {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard application == Schema.applicationID, version > 0 else {
            throw HistoryError.foreign(path: path, detail: "it is another program's database")
        }
        guard version <= Schema.version else {
            throw HistoryError.newer(path: path, version: version, known: Schema.version)
        }
        return version
    }
}

/// Turns what the body throws into this module's words.
func explaining<Result>(
    _ path: String,
    _ body: () throws -> Result
) throws(HistoryError) -> Result {
    do {
        return try body()
    } catch let error as HistoryError {
        throw error
    } catch let error as DatabaseError {
        throw HistoryError(error, path)
    } catch let error as DecodingError {
        throw .damaged(path: path, detail: "\(error)")
    } catch let error as RowDecodingError {
        throw .damaged(path: path, detail: "\(error)")
    } catch {
        throw .failed(path: path, detail: "\(error)")
    }
}

extension HistoryError {
    /// The same of another file.
    fileprivate func moved(from old: String, to path: String) -> HistoryError {
        switch self {
        case .full(old, let detail): .full(path: path, detail: detail)
        case .failed(old, let detail): .failed(path: path, detail: detail)
        case .unreadable(old, let detail): .unreadable(path: path, detail: detail)
        default: self
        }
    }

    // https://sqlite.org/rescode.html
    fileprivate init(_ error: DatabaseError, _ path: String) {
        let code = error.extendedResultCode.rawValue
        let detail = "\(error.message ?? "SQLite error") (SQLite \(code))"
        self =
            switch error.resultCode {
            case _ where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE,
                .SQLITE_FULL:
                .full(path: path, detail: detail)
            case .SQLITE_NOTADB: .foreign(path: path, detail: "it is no database")
            // What is asked is always the same: only a damaged schema makes it an error.
            case .SQLITE_CORRUPT, .SQLITE_FORMAT, .SQLITE_ERROR:
                .damaged(path: path, detail: detail)
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path, detail: detail)
            case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG: .misused(detail: detail)
            case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
                .unreadable(path: path, detail: detail)
            default: .failed(path: path, detail: detail)
            }
    }
}
