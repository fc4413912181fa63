import Atlas
import Chance
import History
import HistoryFormat
import Testing

/// A history to write and to read, of either kind.
struct Subject {
    var sink: any HistorySink
    var history: any History
    /// Kept for as long as the file is used.
    var folder: Folder

    enum Kind: String, CaseIterable, Sendable {
        case file
        case model
    }

    init(_ kind: Kind) throws {
        folder = try Folder()
        switch kind {
        case .file:
            sink = try HistoryWriter(path: folder.history)
            history = try HistoryReader(path: folder.history)
        case .model:
            let model = ModelHistory()
            sink = model
            history = model
        }
    }

    /// All pages of an answer as one.
    func all(_ query: LogQuery) throws -> [StoredLine] {
        try Self.all(query, history.logs)
    }

    static func all(
        _ query: LogQuery,
        _ logs: (LogQuery) throws -> LogPage
    ) throws -> [StoredLine] {
        var lines: [StoredLine] = []
        var rest: LogQuery? = query
        while let query = rest {
            let page = try logs(query)
            lines = query.isOldestFirst ? lines + page.lines : page.lines + lines
            rest = query.behind(page)
        }
        return lines
    }
}

@Suite("Every history")
struct HistoryConformanceTests {
    @Test("begins empty, with line 1 and observation 1", arguments: Subject.Kind.allCases)
    func empty(kind: Subject.Kind) throws {
        let subject = try Subject(kind)
        #expect(subject.sink.nextLine == 1)
        #expect(subject.sink.nextObservation == 1)
        #expect(try subject.sink.positions().isEmpty)
        #expect(try subject.history.picture() == nil)
        #expect(try subject.history.picture(at: Instant(seconds: 9)) == nil)
        #expect(try subject.history.failovers(since: .distantPast).isEmpty)
        #expect(try subject.history.logs(LogQuery()).lines.isEmpty)
        #expect(try subject.history.observations(after: 0, limit: 10).isEmpty)
    }

    @Test("gives back lines, observations and the picture it was given", arguments: 0..<12)
    func sameAsModel(seed: Int) throws {
        var dice = Dice(seed)
        let file = try Subject(.file)
        let model = try Subject(.model)
        let log = LineLog(sources: testPlan.sources, capacity: .max)
        var picture = dice.picture(at: Instant(seconds: 0))
        for subject in [file, model] {
            try subject.sink.begin(testPlan, picture: picture, at: Instant(seconds: 0))
        }
        for second in 1...30 {
            let old = picture
            dice.change(&picture, at: Instant(seconds: Int64(second)))
            let batch = batch(&dice, at: picture.at, model.sink, picture.changes(since: old))
            try file.sink.append(batch)
            try model.sink.append(batch)
            for chunk in batch.chunks { log.add(chunk) }
        }
        #expect(file.sink.nextLine == model.sink.nextLine)
        #expect(file.sink.nextObservation == model.sink.nextObservation)
        #expect(try file.history.picture() == picture)
        #expect(
            try file.history.observations(after: 3, limit: 40)
                == model.history.observations(after: 3, limit: 40)
        )
        #expect(
            try file.history.failovers(since: Instant(seconds: 20))
                == model.history.failovers(since: Instant(seconds: 20))
        )
        for _ in 0..<25 {
            let query = dice.query(lines: model.sink.nextLine, sources: testPlan.sources)
            try expectSame(file, model, query)
            let isSame = try Subject.all(query, log.logs) == model.all(query)
            try #require(isSame, "\(query)")
        }
    }

    private func batch(
        _ dice: inout Dice,
        at instant: Instant,
        _ sink: any HistorySink,
        _ parts: [PicturePart]
    ) -> HistoryBatch {
        var next = sink.nextLine
        var chunks: [LogChunk] = []
        for _ in 0..<dice.roll(0...2) {
            if dice.isLucky(10) { next += 5 }
            let chunk = dice.chunk(firstLine: next, upTo: 40, sources: 3)
            next += UInt64(chunk.count)
            chunks.append(chunk)
        }
        let entries = (0..<dice.roll(0...3)).map { _ in
            JournalEntry(line: next, input: Input(at: instant, event: dice.event()))
        }
        return HistoryBatch(at: instant, chunks: chunks, observations: entries, parts: parts)
    }

    /// The first difference ends the test: lines of whole pages are no good reading.
    private func expectSame(_ file: Subject, _ model: Subject, _ query: LogQuery) throws {
        let isSame = try file.all(query) == model.all(query)
        try #require(isSame, "\(query)")
        var once = query
        once.reach = .max
        let isSameOnce = try file.history.logs(once).lines == model.history.logs(once).lines
        try #require(isSameOnce, "\(once)")
    }

    @Test(
        "refuses lines that were there, and keeps none of that batch",
        arguments: Subject.Kind.allCases
    )
    func again(kind: Subject.Kind) throws {
        var dice = Dice(1)
        let subject = try Subject(kind)
        let picture = dice.picture(at: Instant(seconds: 0))
        let chunk = dice.chunk(firstLine: 1, upTo: 9, sources: 3)
        let entry = JournalEntry(line: 1, input: Input(at: picture.at, event: .tick))
        let batch = HistoryBatch(at: picture.at, chunks: [chunk], observations: [entry])
        #expect(throws: HistoryError.self) { try subject.sink.append(batch) }
        try subject.sink.begin(testPlan, picture: picture, at: picture.at)
        try subject.sink.append(batch)
        #expect(throws: HistoryError.self) { try subject.sink.append(batch) }
        let twice = HistoryBatch(
            at: picture.at,
            chunks: [dice.chunk(firstLine: subject.sink.nextLine, upTo: 9, sources: 3), chunk],
            parts: [.clock(Instant(seconds: 77))]
        )
        #expect(throws: HistoryError.self) { try subject.sink.append(twice) }
        #expect(subject.sink.nextLine == UInt64(chunk.count) + 1)
        #expect(subject.sink.nextObservation == 2)
        #expect(try subject.all(LogQuery()).count == chunk.count)
        #expect(try subject.history.picture() == picture)
    }

    @Test(
        "forgets a resource that a new run has not, and keeps its failovers",
        arguments: Subject.Kind.allCases
    )
    func newRun(kind: Subject.Kind) throws {
        var dice = Dice(2)
        let subject = try Subject(kind)
        var picture = dice.picture(at: Instant(seconds: 0))
        picture.failovers = [
            FailoverRun(id: "orders#1", service: "orders", kind: .outage, started: picture.at)
        ]
        try subject.sink.begin(testPlan, picture: picture, at: picture.at)
        var seen = try subject.history.update(since: 0)
        var mirror: Picture?
        seen.apply(to: &mirror)
        #expect(mirror == picture)

        var next = picture
        next.at = Instant(seconds: 5)
        next.resources.removeFirst()
        next.failovers = []
        try subject.sink.begin(testPlan, picture: next, at: next.at)
        #expect(try subject.history.picture() == next)
        seen = try subject.history.update(since: seen.version)
        seen.apply(to: &mirror)
        #expect(mirror == next)
        #expect(try subject.history.picture(at: Instant(seconds: 4)) == picture)
        #expect(try subject.history.failovers(since: .distantPast) == picture.failovers)
    }
}
