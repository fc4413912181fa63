internal import Atlas

/// One page in the making.
struct LogSearch {
    struct Source {
        var id: Int64
        var name: String
        var resource: String?
    }

    /// What a chunk says of itself before it is opened.
    struct Head {
        var firstLine: UInt64
        var lastLine: UInt64
        var sources: [Int64]
    }

    private let query: LogQuery
    private let finders: [LiteralFinder]
    private let unwanted: LiteralFinder?
    /// Only those that the query asks for.
    private let sources: [Int64: Source]
    /// In the order of the search until `finish`.
    private var page = LogPage()

    init(_ query: LogQuery, sources: [Source]) {
        self.query = query
        finders = [query.text, query.alsoText].filter { !$0.isEmpty }
            .map { LiteralFinder($0, ignoresCase: query.ignoresCase) }
        unwanted =
            query.notText.isEmpty
            ? nil : LiteralFinder(query.notText, ignoresCase: query.ignoresCase)
        let wanted = sources.filter { source in
            (query.sources.map { Self.isOne(source.name, of: $0) } ?? true)
                && (query.resources.map { source.resource.map($0.contains) ?? false } ?? true)
        }
        self.sources = Dictionary(
            wanted.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// A placed source is part of the one that its name begins with.
    private static func isOne(_ name: String, of wanted: Set<String>) -> Bool {
        wanted.contains(name) || wanted.contains { name.hasPrefix($0 + ": ") }
    }

    /// True when no line can match.
    var isHopeless: Bool { sources.isEmpty || query.limit <= 0 }

    /// False when the page is full, or no chunk after this one can hold a match.
    ///
    /// `columns` and `bytes` open the chunk; nil from either means that it is damaged.
    mutating func look(
        into head: Head,
        columns: () throws -> StoredChunk?,
        bytes: (StoredChunk) throws -> [UInt8]?
    ) rethrows -> Bool {
        if let after = query.after, head.lastLine <= after { return query.isOldestFirst }
        guard head.sources.contains(where: { sources[$0] != nil }) else { return true }
        guard page.opened < query.reach else {
            if query.isOldestFirst {
                page.newer = max(head.firstLine - 1, query.after ?? 0)
            } else {
                page.older = min(head.lastLine + 1, query.before ?? .max)
            }
            return false
        }
        page.opened += 1
        guard var chunk = try columns() else {
            page.damaged += 1
            return true
        }
        let found = chunk.levels.indices.filter { isCandidate($0, of: chunk) }
        guard !found.isEmpty else { return true }
        guard let opened = try bytes(chunk) else {
            page.damaged += 1
            return true
        }
        chunk.bytes = opened
        return collect(query.isOldestFirst ? found : found.reversed(), from: chunk)
    }

    private func isCandidate(_ index: Int, of chunk: StoredChunk) -> Bool {
        let number = chunk.firstLine + UInt64(index)
        return chunk.levels[index] >= query.minimumLevel
            && number > query.after ?? 0 && number < query.before ?? .max
            && query.arrivedBy.map { chunk.arrivals[index] <= $0 } ?? true
            && query.since.map { chunk.times[index] >= $0 } ?? true
            && query.until.map { chunk.times[index] < $0 } ?? true
            && sources[chunk.sources[Int(chunk.slots[index])]] != nil
    }

    private mutating func collect(_ candidates: [Int], from chunk: StoredChunk) -> Bool {
        for index in candidates where isWanted(chunk.bytes, chunk.line(index)) {
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
                if query.isOldestFirst {
                    page.newer = record.number
                } else {
                    page.older = record.number
                }
                return false
            }
        }
        return true
    }

    func finish() -> LogPage {
        var page = page
        if !query.isOldestFirst { page.lines.reverse() }
        return page
    }

    private func isWanted(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        finders.allSatisfy { $0.isIn(bytes, line) } && !(unwanted?.isIn(bytes, line) ?? false)
    }
}
