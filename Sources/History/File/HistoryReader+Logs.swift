internal import Atlas
internal import GRDB

/// Lines, newest chunk first.
extension HistoryReader {
    package func logs(_ query: LogQuery) throws(HistoryError) -> LogPage {
        try reading { db in
            var search = LogSearch(query, sources: try LogSearch.Source.fetchAll(db))
            guard !search.isHopeless else { return LogPage() }
            let rows = try ChunkRow.fetchCursor(
                db,
                sql: """
                    \(ChunkRow.select)
                    WHERE line < ? AND max_time >= ? AND min_time < ? AND (levels & ?) <> 0
                    ORDER BY line DESC
                    """,
                arguments: [
                    query.before.map { Int64(clamping: $0) } ?? Int64.max,
                    (query.since ?? .distantPast).nanoseconds,
                    query.until?.nanoseconds ?? Int64.max,
                    Int64(LevelMask.atLeast(query.minimumLevel).rawValue),
                ]
            )
            while let row = try rows.next(), try search.look(into: row, db) {}
            return search.finish()
        }
    }
}

/// One page in the making.
struct LogSearch {
    struct Source {
        var id: Int64
        var name: String
        var resource: String?

        static func fetchAll(_ db: Database) throws -> [Source] {
            try Row.fetchAll(db, sql: "SELECT id, name, resource FROM source")
                .map { Source(id: $0[0], name: $0[1], resource: $0[2]) }
        }
    }

    private let query: LogQuery
    private let finder: LiteralFinder
    /// Only those that the query asks for.
    private let sources: [Int64: Source]
    /// Newest first until `finish`.
    private var page = LogPage()

    init(_ query: LogQuery, sources: [Source]) {
        self.query = query
        finder = LiteralFinder(query.text, ignoresCase: query.ignoresCase)
        let wanted = sources.filter { source in
            (query.sources?.contains(source.name) ?? true)
                && (query.resources.map { source.resource.map($0.contains) ?? false } ?? true)
        }
        self.sources = Dictionary(
            wanted.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// True when no line can match.
    var isHopeless: Bool { sources.isEmpty || query.limit <= 0 }

    /// False when the page is full, or no older chunk can hold a match.
    mutating func look(into row: ChunkRow, _ db: Database) throws -> Bool {
        if let after = query.after, row.lastLine <= after { return false }
        guard row.sources.contains(where: { sources[$0] != nil }) else { return true }
        guard page.opened < query.reach else {
            page.older = min(row.lastLine + 1, query.before ?? .max)
            return false
        }
        page.opened += 1
        guard var chunk = try row.columns(db) else {
            page.damaged += 1
            return true
        }
        let candidates = chunk.levels.indices.reversed().filter { isCandidate($0, of: chunk) }
        guard !candidates.isEmpty else { return true }
        guard let bytes = try row.bytes(of: chunk, db) else {
            page.damaged += 1
            return true
        }
        chunk.bytes = bytes
        return collect(candidates, from: chunk)
    }

    private func isCandidate(_ index: Int, of chunk: StoredChunk) -> Bool {
        let number = chunk.firstLine + UInt64(index)
        return chunk.levels[index] >= query.minimumLevel
            && number > query.after ?? 0 && number < query.before ?? .max
            && query.since.map { chunk.times[index] >= $0 } ?? true
            && query.until.map { chunk.times[index] < $0 } ?? true
            && sources[chunk.sources[Int(chunk.slots[index])]] != nil
    }

    private mutating func collect(_ candidates: [Int], from chunk: StoredChunk) -> Bool {
        for index in candidates where finder.isIn(chunk.bytes, chunk.line(index)) {
            guard let source = sources[chunk.sources[Int(chunk.slots[index])]] else { continue }
            let record = LogRecord(
                number: chunk.firstLine + UInt64(index),
                source: UInt16(clamping: source.id - 1),
                arrival: chunk.arrivals[index],
                time: chunk.times[index],
                level: chunk.levels[index],
                messageStart: Int(chunk.messageStarts[index]),
                bytes: Array(chunk.bytes[chunk.line(index)])
            )
            page.lines.append(
                StoredLine(source: source.name, resource: source.resource, record: record)
            )
            if page.lines.count == query.limit {
                page.older = record.number
                return false
            }
        }
        return true
    }

    func finish() -> LogPage {
        var page = page
        page.lines.reverse()
        return page
    }
}
