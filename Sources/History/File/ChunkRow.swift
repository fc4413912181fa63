internal import Atlas
internal import FoundationEssentials
internal import GRDB
internal import HistoryFormat

/// The head of a row of `chunk`: what tells whether its blobs are worth reading.
struct ChunkRow: FetchableRecord, Sendable {
    /// Columns that there are in every version of the file, behind `line`.
    static let columns = """
        count, min_time, max_time, levels, sources, codec, columns_sum, bytes_sum
        """
    static let select = "SELECT line, \(columns)"
    /// Of a row whose head is not what was written.
    private static let damagedCodec = -1
    private static let mostLines = 1 << 24

    let firstLine: UInt64
    let count: Int
    let minTime: Instant
    let maxTime: Instant
    let levels: LevelMask
    let sources: [Int64]
    let codec: Int
    let columnsSum: UInt64
    let bytesSum: UInt64

    init(row: Row) throws {
        let line: Int64 = try row.value(0)
        firstLine = UInt64(bitPattern: line)
        count = try row.value(1)
        minTime = Instant(nanoseconds: try row.value(2))
        maxTime = Instant(nanoseconds: try row.value(3))
        let levels: Int64 = try row.value(4)
        self.levels = LevelMask(rawValue: UInt8(truncatingIfNeeded: levels))
        let sources: String = try row.value(5)
        self.sources = sources.split(separator: " ").compactMap { Int64($0) }
        codec = try row.value(6)
        columnsSum = UInt64(bitPattern: try row.value(7))
        bytesSum = UInt64(bitPattern: try row.value(8))
        guard line >= 0, line <= .max - Int64(Self.mostLines), 1...Self.mostLines ~= count else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a chunk of no lines")
        }
    }

    /// A row of which no more than the key can be read.
    private init(damagedAt line: Int64) {
        firstLine = UInt64(min(max(0, line), .max - 1))
        count = 1
        (minTime, maxTime, levels, sources) = (.distantPast, .distantPast, [], [])
        (codec, columnsSum, bytesSum) = (Self.damagedCodec, 0, 0)
    }

    /// The row, or what stands for it where it is damaged.
    static func reading(_ row: Row) throws -> ChunkRow {
        do {
            return try ChunkRow(row: row)
        } catch  where Damage.isOne(error) {
            return ChunkRow(damagedAt: try row.value(0))
        }
    }

    /// The row that begins with a line; nil where there is none.
    static func at(_ line: Int64, _ db: Database) throws -> ChunkRow? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "\(select) FROM chunk WHERE line = ?"),
            arguments: [line]
        )
        return try row.map(reading)
    }

    var lastLine: UInt64 { firstLine + UInt64(count) - 1 }

    var head: ChunkTour.Head {
        let isDamaged = codec == Self.damagedCodec
        return ChunkTour.Head(
            firstLine: firstLine,
            lastLine: lastLine,
            sources: sources,
            times: isDamaged ? nil : minTime...max(minTime, maxTime),
            isDamaged: isDamaged
        )
    }

    /// The row with its blobs, `table` being where it stands; without its text where none is asked
    /// for, and without both where they cannot be read.
    func opened(
        _ db: Database,
        in table: String = "chunk",
        withText: Bool = true
    ) throws -> Opened {
        let blobs = withText ? "columns, bytes" : "columns"
        do {
            // Not as a row of its own: that would be a copy more.
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: "SELECT \(blobs) FROM \(table) WHERE line = ?"),
                arguments: [Int64(bitPattern: firstLine)]
            )
            guard let row = try rows.next() else {
                return Opened(row: self, columns: [], bytes: [])
            }
            return Opened(
                row: self,
                columns: try Self.blob(0, of: row),
                bytes: withText ? try Self.blob(1, of: row) : []
            )
        } catch  where Damage.isOne(error) {
            return Opened(row: self, columns: [], bytes: [])
        }
    }

    private static func blob(_ index: Int, of row: Row) throws -> [UInt8] {
        try row.withUnsafeData(atIndex: index) { [UInt8]($0 ?? Data()) }
    }

    /// A row with all it holds, which any thread can look into.
    struct Opened: Sendable {
        let row: ChunkRow
        let columns: [UInt8]
        let bytes: [UInt8]

        /// The chunk with its lines' bytes; nil when it is not what was written.
        func whole(_ opener: ChunkOpener) -> StoredChunk? {
            let look = Look(opened: self, opener: opener)
            guard var chunk = look.columns(.all), let parts = look.parts(),
                chunk.textSize == parts.last?.text.upperBound
            else { return nil }
            chunk.bytes.reserveCapacity(chunk.textSize)
            for part in parts {
                guard let text = look.text(of: part, { [UInt8]($0) }),
                    chunk.lines(in: part) != nil
                else { return nil }
                chunk.bytes += text
            }
            return chunk
        }
    }

    /// An open row and who unpacks it.
    struct Look: OpenChunk {
        let opened: Opened
        let opener: ChunkOpener

        func columns(_ wanted: ColumnSet) -> StoredChunk? {
            let (row, columns) = (opened.row, opened.columns)
            switch row.codec {
            case ChunkColumns.plainCodec:
                guard XXHash64.hash(columns, seed: row.firstLine) == row.columnsSum else {
                    return nil
                }
                return ChunkColumns.decode(
                    columns,
                    firstLine: row.firstLine,
                    count: row.count,
                    sources: row.sources
                )
            case PackedChunk.singleFrameCodec, PackedChunk.codec:
                return opener.columns(
                    columns,
                    sum: row.columnsSum,
                    firstLine: row.firstLine,
                    count: row.count,
                    sources: row.sources,
                    wanted: wanted
                )
            default: return nil
            }
        }

        func parts() -> [TextPart]? {
            let (row, bytes) = (opened.row, opened.bytes)
            guard XXHash64.hash(bytes, seed: row.firstLine) == row.bytesSum else { return nil }
            switch row.codec {
            case ChunkColumns.plainCodec:
                return [TextPart(stored: bytes.indices, text: bytes.indices)]
            case PackedChunk.singleFrameCodec, PackedChunk.codec:
                return ChunkOpener.parts(of: bytes)
            default: return nil
            }
        }

        func text<Result: Sendable>(
            of part: TextPart,
            _ body: (UnsafeRawBufferPointer) -> Result
        ) -> Result? {
            opened.row.codec == ChunkColumns.plainCodec
                ? opened.bytes.withUnsafeBytes { body($0) }
                : opener.text(of: part, in: opened.bytes, body)
        }
    }

    static func insert(_ chunk: PackedChunk, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO chunk (line, count, size, min_time, max_time, min_arrival, max_arrival,
                    levels, sources, codec, columns_sum, bytes_sum, columns, bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            Int64(chunk.firstLine), chunk.count, chunk.size,
            chunk.times.lowerBound.nanoseconds, chunk.times.upperBound.nanoseconds,
            chunk.arrivals.lowerBound.nanoseconds, chunk.arrivals.upperBound.nanoseconds,
            Int64(chunk.levels.rawValue),
            chunk.sources.map(String.init).joined(separator: " "),
            PackedChunk.codec,
            Int64(bitPattern: XXHash64.hash(chunk.columns, seed: chunk.firstLine)),
            Int64(bitPattern: XXHash64.hash(chunk.bytes, seed: chunk.firstLine)),
            Data(chunk.columns), Data(chunk.bytes),
        ])
    }
}
