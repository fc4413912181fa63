internal import Atlas
internal import Query

/// Which lines of chunks a query is about: its conditions made ready, for all threads.
struct LineSieve: Sendable {
    struct Wanted: Sendable {
        var source: LogSearch.Source
        var test: SourceTest
    }

    let query: LogQuery
    /// Of the condition alone; chunks whose bytes cannot match are passed over by it.
    let test: LineTest
    /// Only the sources that the query asks for, by their ids.
    let wanted: [Int64: Wanted]
    let levels: LevelMask
    /// No bound where it is the most distant one.
    let since: Instant
    let until: Instant?
    /// Literals that stand in every line that matches.
    let finders: [LiteralFinder]

    init(_ query: LogQuery, sources: [LogSearch.Source], formats: LineFormats) {
        self.query = query
        let test = LineTest(query.condition)
        self.test = test
        levels = LevelMask.atLeast(query.minimumLevel).intersection(test.levels)
        since = max(query.since ?? .distantPast, test.since ?? .distantPast)
        until = [query.until, test.until].compactMap(\.self).min()
        finders = test.literals.compactMap { $0.count == 1 ? $0[0] : nil }
        let named = sources.filter { source in
            (query.sources.map { Self.isOne(source.name, of: $0) } ?? true)
                && (query.resources.map { source.resource.map($0.contains) ?? false } ?? true)
        }
        let tested = named.compactMap { source -> (Int64, Wanted)? in
            let facts = SourceFacts(
                name: source.name,
                resource: source.resource,
                format: formats.format(of: source.name)
            )
            return test.test(of: facts).map { (source.id, Wanted(source: source, test: $0)) }
        }
        wanted = Dictionary(tested, uniquingKeysWith: { first, _ in first })
    }

    /// A placed source is part of the one that its name begins with.
    private static func isOne(_ name: String, of wanted: Set<String>) -> Bool {
        wanted.contains(name) || wanted.contains { name.hasPrefix($0 + ": ") }
    }

    /// True when no line can match.
    var isHopeless: Bool { wanted.isEmpty || levels.isEmpty }

    func isWanted(_ sources: [Int64]) -> Bool { sources.contains { wanted[$0] != nil } }

    /// What the columns say: everything but the condition.
    func isCandidate(_ index: Int, of chunk: StoredChunk) -> Bool {
        isInBounds(index, of: chunk) && wanted[chunk.sources[Int(chunk.slots[index])]] != nil
    }

    /// What the columns say, all but the source.
    func isInBounds(_ index: Int, of chunk: StoredChunk) -> Bool {
        let number = chunk.firstLine + UInt64(index)
        return levels.contains(LevelMask(chunk.levels[index]))
            && number > query.after ?? 0 && number < query.before ?? .max
            && query.arrivedBy.map { chunk.arrivals[index] <= $0 } ?? true
            && chunk.times[index] >= since && until.map { chunk.times[index] < $0 } ?? true
    }

    func wanted(_ index: Int, of chunk: StoredChunk) -> Wanted? {
        wanted[chunk.sources[Int(chunk.slots[index])]]
    }

    /// Whether a line matches the condition; `bytes` are those of the whole chunk.
    func matches(
        _ index: Int,
        of chunk: StoredChunk,
        _ bytes: UnsafeRawBufferPointer,
        _ test: SourceTest,
        _ scratch: LineScratch
    ) -> Bool {
        let line = TestedLine(
            bytes: UnsafeRawBufferPointer(rebasing: bytes[chunk.line(index)]),
            level: chunk.levels[index],
            time: chunk.times[index],
            messageStart: Int(chunk.messageStarts[index])
        )
        return test.matches(line, scratch)
    }
}
