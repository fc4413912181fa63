internal import Atlas
internal import Query

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
    private let sieve: LineSieve
    /// In the order of the search until `finish`.
    private var page = LogPage()

    init(_ sieve: LineSieve) {
        self.sieve = sieve
        query = sieve.query
    }

    /// True when no line can match.
    var isHopeless: Bool { sieve.isHopeless || query.limit <= 0 }

    /// False when the page is full, or no chunk after this one can hold a match.
    ///
    /// `columns` and `bytes` open the chunk; nil from either means that it is damaged.
    mutating func look(
        into head: Head,
        columns: () throws -> StoredChunk?,
        bytes: (StoredChunk) throws -> [UInt8]?
    ) rethrows -> Bool {
        if let after = query.after, head.lastLine <= after { return query.isOldestFirst }
        guard sieve.isWanted(head.sources) else { return true }
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
        let found = chunk.levels.indices.filter { sieve.isCandidate($0, of: chunk) }
        guard !found.isEmpty else { return true }
        guard let opened = try bytes(chunk) else {
            page.damaged += 1
            return true
        }
        chunk.bytes = opened
        return collect(query.isOldestFirst ? found : found.reversed(), from: chunk)
    }

    private mutating func collect(_ candidates: [Int], from chunk: StoredChunk) -> Bool {
        let scratch = LineScratch()
        defer { page.undecided += scratch.undecided }
        guard chunk.bytes.withUnsafeBytes(sieve.test.mayMatch) else { return true }
        for index in candidates {
            guard let wanted = sieve.wanted(index, of: chunk) else { continue }
            let isMatch = chunk.bytes.withUnsafeBytes { bytes in
                sieve.matches(index, of: chunk, bytes, wanted.test, scratch)
            }
            guard isMatch else { continue }
            let source = wanted.source
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
}
