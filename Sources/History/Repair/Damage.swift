internal import GRDB

/// Errors that say that a file is not what was written.
enum Damage {
    static func isOne(_ error: any Error) -> Bool {
        switch error {
        case let error as DatabaseError:
            [.SQLITE_CORRUPT, .SQLITE_FORMAT, .SQLITE_NOTADB].contains(error.resultCode)
        case is RowDecodingError, is DecodingError: true
        default: false
        }
    }
}

extension DatabaseQueue {
    /// One state of the file, for `body` to read around what is damaged.
    ///
    /// After a page that is none SQLite fails to commit even what was only read.
    func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try unsafeRead { db in
            try db.execute(sql: "BEGIN DEFERRED TRANSACTION")
            defer { try? db.rollback() }
            return try body(db)
        }
    }
}

extension Row {
    /// Throws where the row holds another type, as one that is damaged may.
    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ index: Int
    ) throws -> Value {
        try decode(Value.self, atIndex: index)
    }
}
