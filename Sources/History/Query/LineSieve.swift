internal import Atlas
internal import Query

/// Which lines of chunks a query is about: its conditions made ready, for all threads.
struct LineSieve: Sendable {
    /// A source whose lines may match; a class, since each line asks for one.
    final class Wanted: Sendable {
        let source: LogSearch.Source
        let test: SourceTest
        let facts: SourceFacts

        init(_ source: LogSearch.Source, _ test: SourceTest, _ facts: SourceFacts) {
            self.source = source
            self.test = test
            self.facts = facts
        }
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
            return test.test(of: facts).map {
                (source.id, Wanted(source, $0, facts))
            }
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
}
