import Atlas
import Chance
import History
import HistoryFormat
import Query
import Synchronization
import Testing

/// Lines kept in one way or another, and written to a batch at a time.
final class LineSubject {
    enum Kind: String, CaseIterable, Sendable {
        case file
        case memory
    }

    private let folder: Folder
    private let memory: LineLog?
    private var writer: HistoryWriter?
    private let picture = Picture(at: Instant(seconds: 0), estate: Estate(name: "test"))
    private(set) var logs: any LogHistory

    init(_ kind: Kind) throws {
        folder = try Folder()
        switch kind {
        case .memory:
            let log = LineLog(sources: Dice.formatPlan.sources, capacity: .max)
            memory = log
            logs = log
        case .file:
            memory = nil
            let writer = try HistoryWriter(path: folder.history)
            try writer.begin(Dice.formatPlan, picture: picture, at: picture.at)
            self.writer = writer
            logs = try HistoryReader(path: folder.history)
        }
    }

    func append(_ chunks: [LogChunk], at instant: Instant) throws {
        for chunk in chunks { memory?.add(chunk) }
        try writer?.append(HistoryBatch(at: instant, chunks: chunks))
    }

    /// As after a restart of the program; what is in memory only stays.
    func reopen() throws {
        guard let old = writer else { return }
        writer = nil
        try old.close()
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(Dice.formatPlan, picture: picture, at: picture.at)
        self.writer = writer
        logs = try HistoryReader(path: folder.history)
    }
}

@Suite("Lines of every history")
struct LogConformanceTests {
    static let seeds = 0..<64

    /// Writes a random history to a subject and to an array.
    private func made(
        _ kind: LineSubject.Kind,
        _ dice: inout Dice
    ) throws -> (LineSubject, NaiveLines) {
        let subject = try LineSubject(kind)
        var naive = NaiveLines()
        var next: UInt64 = 1
        for _ in 0..<dice.roll(2...14) {
            var chunks: [LogChunk] = []
            for _ in 0..<dice.roll(1...3) {
                // Numbers may be left out.
                if dice.isLucky(10) { next += UInt64(dice.roll(1...9)) }
                let (chunk, lines) = dice.lines(from: next, upTo: 30)
                naive.lines += lines
                next += UInt64(chunk.count)
                chunks.append(chunk)
            }
            try subject.append(chunks, at: Instant(seconds: Int64(next)))
            if dice.isLucky(10) { try subject.reopen() }
        }
        return (subject, naive)
    }

    @Test(
        "are those that an array of them holds, whatever is asked",
        arguments: seeds,
        LineSubject.Kind.allCases
    )
    func same(seed: Int, kind: LineSubject.Kind) throws {
        var dice = Dice(seed)
        let (subject, naive) = try made(kind, &dice)
        for _ in 0..<25 {
            let query = dice.lineQuery(lines: naive.last)
            let found = try subject.logs.all(query)
            let wanted = naive.lines(query)
            // The first difference ends the test: lines of whole pages are no good reading.
            let isSame = found == wanted
            try #require(
                isSame,
                """
                seed \(seed), \(kind): \(query)
                found \(found.map(\.record.number)), wanted \(wanted.map(\.record.number))
                """
            )
        }
    }

    @Test(
        "come in pages that hold no more than they may, and each line once",
        arguments: 100..<120,
        LineSubject.Kind.allCases
    )
    func pages(seed: Int, kind: LineSubject.Kind) throws {
        var dice = Dice(seed)
        let (subject, naive) = try made(kind, &dice)
        for _ in 0..<20 {
            var query = dice.lineQuery(lines: naive.last)
            query.limit = dice.pick([1, 2, 5])
            let wanted = naive.matches(query).map(\.record.number)
            var found: [UInt64] = []
            for round in 1... {
                try #require(round < 10_000, "seed \(seed), \(kind): no end of \(query)")
                let page = try subject.logs.logs(query)
                let numbers = page.lines.map(\.record.number)
                try #require(numbers == numbers.sorted() && numbers.count <= query.limit)
                try #require(page.opened <= query.reach)
                found += query.isOldestFirst ? numbers : numbers.reversed()
                guard let next = query.behind(page) else { break }
                query = next
            }
            let isSame = found == wanted
            try #require(isSame, "seed \(seed), \(kind): \(query)\n\(found)\n\(wanted)")
        }
    }

    @Test(
        "are counted by time and level, also a page at a time",
        arguments: 200..<220,
        LineSubject.Kind.allCases
    )
    func histogram(seed: Int, kind: LineSubject.Kind) throws {
        var dice = Dice(seed)
        let (subject, naive) = try made(kind, &dice)
        for _ in 0..<15 {
            var query = dice.lineQuery(lines: naive.last)
            let bucket = dice.pick([Span.seconds(1), .seconds(7), .seconds(60), .milliseconds(250)])
            let wanted = naive.histogram(query, bucket: bucket)
            var whole = try subject.logs.histogram(query, bucket: bucket)
            while let older = whole.older {
                query.before = older
                whole.add(try subject.logs.histogram(query, bucket: bucket))
            }
            let isSame = whole.bars == wanted
            try #require(
                isSame,
                """
                seed \(seed), \(kind): \(query)
                found \(whole.bars.map(\.total)), wanted \(wanted.map(\.total))
                """
            )
        }
    }

    @Test(
        "are told apart by their values, and counted by time and value, also a page at a time",
        arguments: 400..<420,
        LineSubject.Kind.allCases
    )
    func values(seed: Int, kind: LineSubject.Kind) throws {
        var dice = Dice(seed)
        let (subject, naive) = try made(kind, &dice)
        let keys: [LogKey] = [
            .level, .source, .resource, .field("user"), .field("status"), .field("message"),
            .field("nothing"),
        ]
        for _ in 0..<12 {
            var query = dice.lineQuery(lines: naive.last)
            let key = dice.pick(keys)
            let asked = query
            let (wanted, missing) = naive.values(of: key, query)
            var whole = try subject.logs.values(of: key, query)
            while let older = whole.older {
                query.before = older
                whole.add(try subject.logs.values(of: key, query))
            }
            let isSame = whole.values == wanted && whole.missing == missing && whole.other == 0
            try #require(
                isSame,
                """
                seed \(seed), \(kind): \(key) of \(asked)
                found \(whole.values.map(\.lines)), wanted \(wanted.map(\.lines))
                """
            )
            query = asked
            let chosen = wanted.prefix(dice.roll(0...3)).map(\.text)
            let grouping = LogGrouping.values(key, chosen)
            let bars = naive.histogram(query, bucket: .seconds(7), by: grouping)
            var histogram = try subject.logs.histogram(query, bucket: .seconds(7), by: grouping)
            while let older = histogram.older {
                query.before = older
                let next = try subject.logs.histogram(query, bucket: .seconds(7), by: grouping)
                histogram.add(next)
            }
            let isCounted = histogram.bars == bars
            try #require(isCounted, "seed \(seed), \(kind): \(grouping) of \(asked)")
        }
    }

    @Test(
        "of which nobody wants to know any more are left where a next page begins",
        arguments: 500..<510,
        LineSubject.Kind.allCases
    )
    func givesUp(seed: Int, kind: LineSubject.Kind) throws {
        var dice = Dice(seed)
        let (subject, naive) = try made(kind, &dice)
        for _ in 0..<10 {
            var query = dice.lineQuery(lines: naive.last)
            query.limit = .max
            let wanted = naive.matches(query).map(\.record.number)
            var found: [UInt64] = []
            for round in 1... {
                try #require(round < 10_000, "seed \(seed), \(kind): no end of \(query)")
                // Each page is wanted a little longer than the one before.
                let looks = Looks(most: round)
                let page = try subject.logs.logs(query, while: { looks.isLeft() })
                let numbers = page.lines.map(\.record.number)
                found += query.isOldestFirst ? numbers : numbers.reversed()
                guard let next = query.behind(page) else { break }
                query = next
            }
            let isSame = found == wanted
            try #require(isSame, "seed \(seed), \(kind): \(query)\n\(found)\n\(wanted)")
        }
    }

    @Test(
        "have neighbours: those before and after one that a query chose",
        arguments: 300..<310,
        LineSubject.Kind.allCases
    )
    func context(seed: Int, kind: LineSubject.Kind) throws {
        var dice = Dice(seed)
        let (subject, naive) = try made(kind, &dice)
        for _ in 0..<20 {
            let number = dice.pick(naive.lines).stored.record.number
            let query = LogQuery(
                sources: dice.isLucky(50) ? ["api"] : nil,
                reach: dice.pick([1, 3, .max])
            )
            let count = dice.roll(0...8)
            let all = naive.lines(LogQuery(sources: query.sources, limit: .max))
            let (before, after) = try subject.logs.context(of: number, count, in: query)
            let wantedBefore = all.filter { $0.record.number < number }.suffix(count)
            let wantedAfter = all.filter { $0.record.number > number }.prefix(count)
            let isSame = before == Array(wantedBefore) && after == Array(wantedAfter)
            try #require(isSame, "seed \(seed), \(kind), line \(number)")
        }
    }

    @Test("that a regular expression gave up on are counted", arguments: LineSubject.Kind.allCases)
    func undecided(kind: LineSubject.Kind) throws {
        let subject = try LineSubject(kind)
        let line = Array(String(repeating: "a", count: 60).utf8)
        let chunk = LogChunk.plain(
            [line, line, line],
            from: 1,
            at: Instant(seconds: 1),
            levels: [.info, .info, .warn]
        )
        try subject.append([chunk], at: Instant(seconds: 1))
        let condition = try QueryReader.read("/^(a|aa)+$(?<!a)/ level:info")
        let page = try subject.logs.logs(LogQuery(condition: condition))
        #expect(page.lines.isEmpty && page.undecided == 2)
        let histogram = try subject.logs.histogram(
            LogQuery(condition: condition),
            bucket: .seconds(1)
        )
        #expect(histogram.total == 0 && histogram.undecided == 2)
    }
}

/// Somebody who waits for so many looks.
private final class Looks: Sendable {
    private let left: Atomic<Int>

    init(most: Int) {
        left = Atomic(most)
    }

    func isLeft() -> Bool { left.wrappingSubtract(1, ordering: .relaxed).oldValue > 0 }
}
