import Atlas
import Chance
import Foundation
import GRDB
import Testing

@testable import History

/// What a writer is asked to keep, step by step, and whether a file holds it.
struct CrashLoad {
    private enum Step {
        case begin(WatchPlan, Picture, Instant)
        case append(HistoryBatch)
    }

    private var dice: Dice
    private var steps: [Step] = []
    private var picture: Picture
    private var clock = 1
    private var offset: UInt64 = 0

    init(_ seed: Int) {
        dice = Dice(seed)
        picture = dice.picture(at: Instant(seconds: 0))
    }

    var count: Int { steps.count }

    /// The load that has come as far as a file did.
    mutating func cut(to count: Int) {
        steps.removeLast(steps.count - count)
        for case .append(let batch) in steps {
            for chunk in batch.chunks { offset = chunk.positions.first?.offset ?? offset }
        }
    }

    /// The next step, still to be taken.
    mutating func begin() {
        clock += 1
        let at = Instant(seconds: Int64(clock))
        picture.at = at
        steps.append(.begin(testPlan, picture, at))
    }

    /// The next step, still to be taken: a batch of all that there is, from line `line` on.
    mutating func append(from first: UInt64) {
        clock += 1
        let at = Instant(seconds: Int64(clock))
        let old = picture.parts
        dice.change(&picture, at: at)
        let parts = picture.parts.filter { !old.contains($0) }
        var chunks: [LogChunk] = []
        var line = first
        for _ in 0..<dice.roll(0...2) {
            let most = dice.pick([3, 20, 90, 400])
            var chunk = dice.chunk(firstLine: line, upTo: most, sources: 3)
            offset += UInt64(chunk.bytes.count + chunk.count)
            chunk = chunk.with(offset: offset)
            chunks.append(chunk)
            line += UInt64(chunk.count)
        }
        let entries = (0...dice.roll(0...3)).map { _ in
            JournalEntry(line: line, input: Input(at: at, event: dice.event()))
        }
        let batch = HistoryBatch(at: at, chunks: chunks, observations: entries, parts: parts)
        steps.append(.append(batch))
    }

    /// Takes the newest step; again, where it failed.
    func take(_ sink: some HistorySink) throws(HistoryError) {
        if let step = steps.last { try Self.keep(step, in: sink) }
    }

    /// What a store does between batches: some of it goes, pages move.
    mutating func tidy(_ writer: HistoryWriter) throws(HistoryError) {
        switch dice.roll(1...4) {
        case 1: try retain(bytes: dice.pick([5_000, 20_000, 100_000]), writer)
        case 2: try Self.pragma("incremental_vacuum(3)", writer)
        case 3:
            try Self.pragma("wal_checkpoint(\(dice.pick(["PASSIVE", "TRUNCATE"])))", writer)
        default: break
        }
    }

    func retain(bytes: Int, _ writer: HistoryWriter) throws(HistoryError) {
        _ = try writer.retain(
            Retention(lines: .init(bytes: bytes), inputs: .init(age: .seconds(20))),
            at: Instant(seconds: Int64(clock))
        )
    }

    /// So that checkpoints come often.
    mutating func open(_ folder: Folder) throws(HistoryError) -> HistoryWriter {
        let writer = try HistoryWriter(path: folder.history)
        try Self.pragma("wal_autocheckpoint = \(dice.roll(8...60))", writer)
        return writer
    }

    static func pragma(_ text: String, _ writer: HistoryWriter) throws(HistoryError) {
        try explaining("") {
            try writer.queue.writeWithoutTransaction { db in
                _ = try Row.fetchAll(db, sql: "PRAGMA \(text)")
            }
        }
    }

    // MARK: - What has to be there

    /// How many steps the file holds; it holds them whole, and `counts` are the ones that may be.
    ///
    /// `writer` is its writer, where there is one.
    @discardableResult
    func expectWhole(
        _ folder: Folder,
        _ counts: ClosedRange<Int>,
        by writer: HistoryWriter? = nil,
        _ comment: Comment
    ) throws -> Int {
        // Of what is not worth a sync.
        let disk = writer == nil ? try CutDisk(folder) : nil
        defer { withExtendedLifetime(disk) {} }
        // A reader first: it must manage without a writer having tidied up.
        if FileManager.default.fileExists(atPath: folder.history) {
            let verdict = try HistoryReader(path: folder.history).verify()
            #expect(verdict.isWhole, "\(verdict): \(comment)")
        } else {
            #expect(counts.lowerBound == 0, "no history: \(comment)")
        }
        let opened = writer == nil ? try HistoryWriter(path: folder.history) : nil
        guard let writer = writer ?? opened else { return 0 }
        let reader = try HistoryReader(path: folder.history)
        let verdict = try reader.verify()
        #expect(verdict.isWhole, "\(verdict): \(comment)")

        let runs = try reader.reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") }
        let count = self.count(runs: runs ?? 0, observations: Int(writer.nextObservation) - 1)
        #expect(count.map(counts.contains) == true, "\(counts), not \(count ?? -1): \(comment)")
        guard let count else { return 0 }
        let model = ModelHistory()
        for step in steps[..<count] { try Self.keep(step, in: model) }
        #expect(writer.nextLine == model.nextLine, comment)
        #expect(try writer.positions() == model.positions(), comment)
        #expect(try reader.picture() == model.picture(), comment)
        #expect(
            try reader.failovers(since: .distantPast) == model.failovers(since: .distantPast),
            comment
        )
        try expectKept(reader, model, comment)
        try opened?.close()
        return count
    }

    /// All but what the retention says it took.
    private func expectKept(
        _ reader: HistoryReader,
        _ model: ModelHistory,
        _ comment: Comment
    ) throws {
        let stats = try reader.stats()
        var dropped: [HistoryStats.Kind: Int] = [:]
        for part in stats.parts { dropped[part.kind] = part.dropped.count }
        let lines = try model.logs(LogQuery(limit: .max)).lines.dropFirst(dropped[.lines] ?? 0)
        let isSame = try reader.logs(LogQuery(limit: .max)).lines == Array(lines)
        #expect(isSame, "lines: \(comment)")
        let entries = model.observations(after: 0, limit: .max).dropFirst(dropped[.inputs] ?? 0)
        let isJournal = try reader.observations(after: 0, limit: .max) == Array(entries)
        #expect(isJournal, "observations: \(comment)")
        for second in [clock, clock / 2, 3] {
            let at = Instant(seconds: Int64(second))
            #expect(try reader.picture(at: at) == model.picture(at: at), comment)
        }
    }

    private static func keep(_ step: Step, in sink: some HistorySink) throws(HistoryError) {
        switch step {
        case .begin(let plan, let picture, let at):
            try sink.begin(plan, picture: picture, at: at)
        case .append(let batch): try sink.append(batch)
        }
    }

    /// Each step begins a run or has an observation: so a file tells how many it holds.
    private func count(runs: Int, observations: Int) -> Int? {
        var (seenRuns, seenObservations) = (0, 0)
        for index in 0...steps.count {
            if (seenRuns, seenObservations) == (runs, observations) { return index }
            guard index < steps.count else { return nil }
            switch steps[index] {
            case .begin: seenRuns += 1
            case .append(let batch): seenObservations += batch.observations.count
            }
        }
        return nil
    }
}
