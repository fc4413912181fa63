internal import Atlas

/// One page in the making.
struct LogSearch: Sendable {
    struct Source: Sendable {
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

    /// What to do with a chunk.
    enum Verdict {
        case pass
        case open
        /// No chunk after it is wanted, nor is it.
        case stop
    }

    /// What a chunk holds of the page.
    enum Finding: Sendable {
        /// What is on disk is not what was written.
        case damaged
        /// In the order of the search, at most as many as the page may have.
        case lines([StoredLine])
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

    /// Whether a chunk is worth opening, while `pending` others are open and not taken so far.
    mutating func judge(_ head: Head, pending: Int = 0) -> Verdict {
        if let after = query.after, head.lastLine <= after {
            return query.isOldestFirst ? .pass : .stop
        }
        guard head.sources.contains(where: { sources[$0] != nil }) else { return .pass }
        guard page.opened + pending < query.reach else {
            if query.isOldestFirst {
                page.newer = max(head.firstLine - 1, query.after ?? 0)
            } else {
                page.older = min(head.lastLine + 1, query.before ?? .max)
            }
            return .stop
        }
        return .open
    }

    /// What an open chunk holds, on any thread.
    ///
    /// A text is looked for in all lines at once, so that a chunk without it costs no more.
    func find(in open: some OpenChunk) -> Finding {
        guard finders.isEmpty else {
            return open.text { bytes in
                let all = 0..<bytes.count
                guard finders.allSatisfy({ $0.first(in: bytes, all) != nil }) else {
                    return .lines([])
                }
                guard let chunk = open.columns(), chunk.textSize == bytes.count else {
                    return .damaged
                }
                return .lines(lines(of: chunk, bytes, hits(finders[0], chunk, bytes)))
            } ?? .damaged
        }
        guard let chunk = open.columns() else { return .damaged }
        let candidates = chunk.levels.indices.filter { isCandidate($0, of: chunk) }
        guard !candidates.isEmpty else { return .lines([]) }
        return open.text { bytes in
            guard chunk.textSize == bytes.count else { return .damaged }
            return .lines(lines(of: chunk, bytes, candidates))
        } ?? .damaged
    }

    /// The lines that hold the literal and meet the conditions of columns.
    private func hits(
        _ finder: LiteralFinder,
        _ chunk: StoredChunk,
        _ bytes: UnsafeRawBufferPointer
    ) -> [Int] {
        var hits: [Int] = []
        var from = 0
        var line = 0
        while let place = finder.first(in: bytes, from..<bytes.count) {
            line = chunk.index(ofByte: place, from: line)
            let range = chunk.line(line)
            // What begins in a line and ends in the next is none.
            if place + finder.length <= range.upperBound, isCandidate(line, of: chunk) {
                hits.append(line)
            }
            from = range.upperBound
            line += 1
        }
        return hits
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

    private func lines(
        of chunk: StoredChunk,
        _ bytes: UnsafeRawBufferPointer,
        _ candidates: [Int]
    ) -> [StoredLine] {
        var lines: [StoredLine] = []
        var rest = candidates[...]
        while lines.count < query.limit,
            let index = query.isOldestFirst ? rest.popFirst() : rest.popLast()
        {
            let range = chunk.line(index)
            guard isWanted(bytes, range),
                let source = sources[chunk.sources[Int(chunk.slots[index])]]
            else { continue }
            let record = LogRecord(
                number: chunk.firstLine + UInt64(index),
                source: UInt16(clamping: source.id - 1),
                arrival: chunk.arrivals[index],
                time: chunk.times[index],
                level: chunk.levels[index],
                messageStart: Int(chunk.messageStarts[index]),
                bytes: Array(bytes[range])
            )
            lines.append(
                StoredLine(source: source.name, resource: source.resource, record: record)
            )
        }
        return lines
    }

    private func isWanted(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) -> Bool {
        finders.allSatisfy { $0.isIn(bytes, line) } && !(unwanted?.isIn(bytes, line) ?? false)
    }

    /// Adds what the next chunk holds; false when the page is full.
    mutating func take(_ finding: Finding) -> Bool {
        page.opened += 1
        guard case .lines(let lines) = finding else {
            page.damaged += 1
            return true
        }
        page.lines += lines.prefix(query.limit - page.lines.count)
        guard page.lines.count == query.limit, let last = page.lines.last else { return true }
        if query.isOldestFirst {
            page.newer = last.record.number
        } else {
            page.older = last.record.number
        }
        return false
    }

    func finish() -> LogPage {
        var page = page
        if !query.isOldestFirst { page.lines.reverse() }
        return page
    }
}
