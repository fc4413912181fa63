internal import Atlas
internal import FoundationEssentials
internal import GRDB
internal import HistoryFormat

/// A table of the history, as far as it can be read where pages are damaged.
struct StoredTable: Sendable {
    let name: String
    /// Its integer key; nil for one without, whose key is of the columns `keys`.
    var key: String?
    var keys: [String] = []
    var columns: [String]
    /// Throws where the row, its key in column 0 and then `columns`, is not what was written.
    var read: @Sendable (Row) throws -> Void = { _ in }

    /// Tables of documents: whether a row is what was written shows in its being read.
    static let documents = [
        StoredTable(name: "run", key: "id", columns: ["at", "line", "seq", "state", "plan"]) {
            _ = try Document.decode($0.value(5)) as WatchPlan
            for column in 1...4 { _ = try $0.value(column) as Int64 }
        },
        StoredTable(name: "source", key: "id", columns: ["name", "resource"]) {
            _ = try $0.value(1) as String
            _ = try $0.value(2) as String?
        },
        StoredTable(
            name: "position",
            keys: ["source", "device", "inode"],
            columns: ["source", "device", "inode", "document"]
        ) { _ = try Document.decode($0.value(4)) as ReadPosition },
        StoredTable(
            name: "observation",
            key: "seq",
            columns: ["at", "line", "kind", "document"]
        ) { _ = try HistoryReader.entry($0) },
        StoredTable(name: "part", key: "rank", columns: ["kind", "key", "version", "document"]) {
            _ = try PicturePart(kind: $0.value(1), document: $0.value(4))
            _ = try $0.value(3) as Int64
        },
        StoredTable(
            name: "state",
            key: "seq",
            columns: ["at", "kind", "key", "codec", "document"]
        ) {
            _ = try $0.value(1) as Int64
            let kind: String = try $0.value(2)
            // What has changed can be read with its older self only.
            if kind != "keyframe", try $0.value(4) as Int == StateReplay.plainCodec {
                _ = try PicturePart(kind: kind, document: $0.value(5))
            }
        },
        StoredTable(
            name: "failover",
            keys: ["id", "started"],
            columns: ["id", "started", "run", "document"]
        ) {
            _ = try Document.decode($0.value(4)) as FailoverRun
            _ = try $0.value(2) as Int64
        },
    ]

    /// Numbers over time; a row tells by its sum whether it is what was written.
    static let metrics = [
        StoredTable(
            name: "series",
            key: "id",
            columns: ["kind", "subject", "name", "unit", "since", "minutes", "fives", "hours"]
        ) {
            for column in 1...4 { _ = try $0.value(column) as String }
            for column in 5...8 { _ = try $0.value(column) as Int64 }
        },
        StoredTable(
            name: "metric",
            key: "id",
            columns: ["series", "tier", "start", "count", "codec", "sum", "points"]
        ) { try checkSum($0, points: 7, sum: 6, seed: $0.value(3)) },
        StoredTable(name: "metric_open", key: "seq", columns: ["codec", "sum", "points"]) {
            try checkSum($0, points: 3, sum: 2, seed: 0)
        },
        StoredTable(name: "metric_tier", key: "tier", columns: ["held", "sealed"]) {
            for column in 1...2 { _ = try $0.value(column) as Int64 }
        },
    ]

    private static func checkSum(_ row: Row, points: Int, sum: Int, seed: Int64) throws {
        let bytes = [UInt8](try row.value(points) as Data)
        let found = XXHash64.hash(bytes, seed: UInt64(bitPattern: seed))
        guard try Int64(bitPattern: found) == row.value(sum) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "not what was written")
        }
    }

    static let dropped = StoredTable(
        name: "dropped",
        keys: ["kind"],
        columns: ["kind", "count", "bytes", "until"]
    )

    static let chunks = StoredTable(
        name: "chunk",
        key: "line",
        columns: [
            "count", "size", "min_time", "max_time", "min_arrival", "max_arrival", "levels",
            "sources", "codec", "columns_sum", "bytes_sum", "columns", "bytes",
        ]
    )

    static let quarantine = StoredTable(
        name: "quarantine",
        key: "rowid",
        columns: ["line"] + chunks.columns
    )

    /// Its key is a number that is kept.
    var hasNumber: Bool { key != nil && key != "rowid" }

    /// All that is kept of a row.
    var names: [String] { (hasNumber ? [key ?? ""] : []) + columns }

    func isReadable(_ row: Row) -> Bool {
        do {
            try read(row)
            return true
        } catch {
            return false
        }
    }

    func rows(_ db: Database) -> TableScan { TableScan(self, db) }
}

/// The rows of a table, from both ends where it has no integer key.
final class TableScan {
    private let scan: KeyScan?
    private var found: [Row] = []
    private var lostRows = 0

    fileprivate init(_ table: StoredTable, _ db: Database) {
        let columns = table.columns.joined(separator: ", ")
        if let key = table.key {
            scan = KeyScan(db, columns, of: table.name, by: key)
            return
        }
        scan = nil
        let read = try? db.readable("0, \(columns)", of: table.name, by: table.keys) { $0.copy() }
        found = read?.values.reversed() ?? []
        lostRows = read?.lost ?? 1
    }

    /// Places that could not be read, so far.
    var lost: Int { scan?.gaps ?? lostRows }

    func next() throws -> Row? {
        guard let scan else { return found.popLast() }
        return try scan.next()
    }
}
