internal import Atlas
internal import Query

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
        /// The rest is not to be relied on.
        var isDamaged = false
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
        ///
        /// `undecided` are lines that a regular expression gave up on.
        case lines([StoredLine], undecided: Int = 0)
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

    /// Whether a chunk is worth opening, while `pending` others are open and not taken so far.
    mutating func judge(_ head: Head, pending: Int = 0) -> Verdict {
        if let after = query.after, head.lastLine <= after {
            return query.isOldestFirst ? .pass : .stop
        }
        guard head.isDamaged || sieve.isWanted(head.sources) else { return .pass }
        guard page.opened + pending < query.reach else {
            if query.isOldestFirst {
                page.newer = max(max(1, head.firstLine) - 1, query.after ?? 0)
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
        let finders = sieve.finders
        guard finders.isEmpty else {
            return open.text { bytes in
                guard sieve.test.mayMatch(bytes) else { return .lines([]) }
                guard let chunk = open.columns(), chunk.textSize == bytes.count else {
                    return .damaged
                }
                return lines(of: chunk, bytes, hits(finders[0], chunk, bytes))
            } ?? .damaged
        }
        guard let chunk = open.columns() else { return .damaged }
        let candidates = chunk.levels.indices.filter { sieve.isCandidate($0, of: chunk) }
        guard !candidates.isEmpty else { return .lines([]) }
        return open.text { bytes in
            guard chunk.textSize == bytes.count else { return .damaged }
            guard sieve.test.mayMatch(bytes) else { return .lines([]) }
            return lines(of: chunk, bytes, candidates)
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
            if place + finder.length <= range.upperBound, sieve.isCandidate(line, of: chunk) {
                hits.append(line)
            }
            from = range.upperBound
            line += 1
        }
        return hits
    }

    private func lines(
        of chunk: StoredChunk,
        _ bytes: UnsafeRawBufferPointer,
        _ candidates: [Int]
    ) -> Finding {
        let scratch = LineScratch()
        var lines: [StoredLine] = []
        var rest = candidates[...]
        while lines.count < query.limit,
            let index = query.isOldestFirst ? rest.popFirst() : rest.popLast()
        {
            let range = chunk.line(index)
            guard let wanted = sieve.wanted(index, of: chunk),
                sieve.matches(index, of: chunk, bytes, wanted.test, scratch)
            else { continue }
            let source = wanted.source
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
        return .lines(lines, undecided: scratch.undecided)
    }

    /// Adds what the next chunk holds; false when the page is full.
    mutating func take(_ finding: Finding) -> Bool {
        page.opened += 1
        guard case .lines(let lines, let undecided) = finding else {
            page.damaged += 1
            return true
        }
        page.undecided += undecided
        page.lines += lines.prefix(query.limit - page.lines.count)
        guard page.lines.count == query.limit, let last = page.lines.last else { return true }
        if query.isOldestFirst {
            page.newer = last.record.number
        } else {
            page.older = last.record.number
        }
        return false
    }

    /// `gaps` are places of the file that could not be read.
    func finish(gaps: Int = 0) -> LogPage {
        var page = page
        page.damaged += gaps
        if !query.isOldestFirst { page.lines.reverse() }
        return page
    }
}
