internal import Atlas
internal import FoundationEssentials
internal import GRDB

/// The head of a row of `chunk`: what tells whether its blobs are worth reading.
struct ChunkRow: FetchableRecord {
    static let select = """
        SELECT line, count, min_time, max_time, levels, sources, codec, columns_sum, bytes_sum, \
        length(bytes) FROM chunk
        """

    let firstLine: UInt64
    let count: Int
    let minTime: Instant
    let maxTime: Instant
    let levels: LevelMask
    let sources: [Int64]
    let codec: Int
    let columnsSum: UInt64
    let bytesSum: UInt64
    let byteCount: Int

    init(row: Row) {
        let line: Int64 = row[0]
        firstLine = UInt64(bitPattern: line)
        count = row[1]
        minTime = Instant(nanoseconds: row[2])
        maxTime = Instant(nanoseconds: row[3])
        let levels: Int64 = row[4]
        self.levels = LevelMask(rawValue: UInt8(truncatingIfNeeded: levels))
        let sources: String = row[5]
        self.sources = sources.split(separator: " ").compactMap { Int64($0) }
        codec = row[6]
        columnsSum = UInt64(bitPattern: row[7])
        bytesSum = UInt64(bitPattern: row[8])
        byteCount = row[9]
    }

    var lastLine: UInt64 { firstLine + UInt64(count) - 1 }

    /// The chunk without its bytes; nil when it is not what was written.
    func columns(_ db: Database) throws -> StoredChunk? {
        guard codec == ChunkColumns.plainCodec,
            let columns = try blob("columns", sum: columnsSum, db)
        else { return nil }
        return ChunkColumns.decode(columns, firstLine: firstLine, count: count, sources: sources)
    }

    /// The bytes that belong to the columns; nil when they are not what was written.
    func bytes(of columns: StoredChunk, _ db: Database) throws -> [UInt8]? {
        guard let bytes = try blob("bytes", sum: bytesSum, db),
            columns.ends.last.map(Int.init) == bytes.count
        else { return nil }
        return bytes
    }

    private func blob(_ column: String, sum: UInt64, _ db: Database) throws -> [UInt8]? {
        let data = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT \(column) FROM chunk WHERE line = ?"),
            arguments: [Int64(bitPattern: firstLine)]
        )
        let bytes = data.map([UInt8].init)
        return bytes.flatMap { XXHash64.hash($0, seed: firstLine) == sum ? $0 : nil }
    }

    static func insert(_ chunk: StoredChunk, _ db: Database) throws {
        let columns = ChunkColumns.encode(chunk)
        let levels = chunk.levels.reduce(into: LevelMask()) { $0.insert(LevelMask($1)) }
        try db.cachedStatement(
            sql: """
                INSERT INTO chunk (line, count, min_time, max_time, min_arrival, max_arrival, levels,
                    sources, codec, columns_sum, bytes_sum, columns, bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            Int64(chunk.firstLine), chunk.count,
            chunk.times.min()?.nanoseconds, chunk.times.max()?.nanoseconds,
            chunk.arrivals.min()?.nanoseconds, chunk.arrivals.max()?.nanoseconds,
            Int64(levels.rawValue),
            chunk.sources.map(String.init).joined(separator: " "),
            ChunkColumns.plainCodec,
            Int64(bitPattern: XXHash64.hash(columns, seed: chunk.firstLine)),
            Int64(bitPattern: XXHash64.hash(chunk.bytes, seed: chunk.firstLine)),
            Data(columns), Data(chunk.bytes),
        ])
    }
}
