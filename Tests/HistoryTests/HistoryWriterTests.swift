import Atlas
import Chance
import Foundation
import GRDB
import Synchronization
import Testing

@testable import History
@testable import HistoryFormat

@Suite("The writer of a history file")
struct HistoryWriterTests {
    private let picture = Picture(at: Instant(seconds: 0), estate: Estate(name: "test"))

    @Test("goes on with its numbers and positions after a restart")
    func restart() throws {
        let folder = try Folder()
        var dice = Dice(3)
        let chunk = dice.chunk(firstLine: 1, upTo: 50, sources: 3).with(offset: 123)
        let entry = JournalEntry(line: 1, input: Input(at: picture.at, event: .mark("a")))
        let first = try HistoryWriter(path: folder.history)
        try first.begin(testPlan, picture: picture, at: picture.at)
        try first.append(HistoryBatch(at: picture.at, chunks: [chunk], observations: [entry]))
        try first.close()

        let second = try HistoryWriter(path: folder.history)
        #expect(second.nextLine == UInt64(chunk.count) + 1)
        #expect(second.nextObservation == 2)
        #expect(try second.positions() == chunk.positions)
        try second.begin(testPlan, picture: picture, at: picture.at)
        let next = dice.chunk(firstLine: second.nextLine, upTo: 50, sources: 3)
        try second.append(HistoryBatch(at: picture.at, chunks: [next]))
        let lines = try HistoryReader(path: folder.history).logs(LogQuery()).lines
        let isWhole = lines.map(\.record.bytes) == chunk.lines + next.lines
        #expect(isWhole)
    }

    @Test("keeps a source's name when its index in the plan changes")
    func renumbered() throws {
        let folder = try Folder()
        var dice = Dice(4)
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        let chunk = dice.chunk(firstLine: 1, upTo: 5, sources: 3)
        try writer.append(HistoryBatch(at: picture.at, chunks: [chunk]))
        var plan = testPlan
        plan.sources.reverse()
        try writer.begin(plan, picture: picture, at: picture.at)
        let next = dice.chunk(firstLine: writer.nextLine, upTo: 5, sources: 3)
        try writer.append(HistoryBatch(at: picture.at, chunks: [next]))
        let names =
            chunk.sources.map { testPlan.sources[Int($0)].name }
            + next.sources.map { plan.sources[Int($0)].name }
        #expect(
            try HistoryReader(path: folder.history).logs(LogQuery()).lines.map(\.source) == names
        )
    }

    @Test("keeps lines of the first time that there is, and of the last, and finds them")
    func anyTime() throws {
        let folder = try Folder()
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        let times: [Int64] = [.min, 0, .max - 1, .max]
        for (index, time) in times.enumerated() {
            // Each alone in its row: the next one is too long to be joined.
            let chunk = LogChunk.plain(
                Array(repeating: Array("\(time)".utf8), count: 1 << (times.count - index)),
                from: writer.nextLine,
                at: Instant(nanoseconds: time)
            )
            try writer.append(HistoryBatch(at: picture.at, chunks: [chunk]))
        }
        let reader = try HistoryReader(path: folder.history)
        func found(_ query: LogQuery) throws -> Set<Int64> {
            Set(try reader.logs(query).lines.map(\.record.time.nanoseconds))
        }
        #expect(try found(LogQuery()) == Set(times))
        #expect(try found(LogQuery(until: Instant(nanoseconds: .max))) == [.min, 0, .max - 1])
        #expect(try found(LogQuery(until: .distantPast)) == [])
        #expect(try found(LogQuery(since: Instant(nanoseconds: .max))) == [.max])
    }

    @Test("moves a position only together with the lines before it")
    func positionIsAtomic() throws {
        let folder = try Folder()
        var dice = Dice(5)
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        let chunk = dice.chunk(firstLine: 1, upTo: 5, sources: 3).with(offset: 10)
        try writer.append(HistoryBatch(at: picture.at, chunks: [chunk]))
        let next = dice.chunk(firstLine: writer.nextLine, upTo: 5, sources: 3).with(offset: 20)
        // The chunk is fine, what comes behind it in the same batch is not.
        let lines = InputEvent.lines(LineBatch(source: 0, bytes: [], ends: []))
        let entry = JournalEntry(line: 1, input: Input(at: picture.at, event: lines))
        #expect(throws: HistoryError.self) {
            try writer.append(
                HistoryBatch(at: picture.at, chunks: [next], observations: [entry])
            )
        }
        #expect(try writer.positions().map(\.offset) == [10])
        #expect(try HistoryReader(path: folder.history).logs(LogQuery()).lines.count == chunk.count)
        try writer.append(HistoryBatch(at: picture.at, chunks: [next]))
        #expect(try writer.positions().map(\.offset) == [20])
    }

    @Test("joins small chunks, so that a slow source leaves few")
    func joins() throws {
        let folder = try Folder()
        var dice = Dice(6)
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        var lines: [[UInt8]] = []
        for _ in 0..<200 {
            let chunk = dice.chunk(firstLine: writer.nextLine, upTo: 3, sources: 3)
            lines += chunk.lines
            try writer.append(HistoryBatch(at: picture.at, chunks: [chunk]))
        }
        let reader = try HistoryReader(path: folder.history)
        let page = try reader.logs(LogQuery(limit: 10_000))
        let isWhole = page.lines.map(\.record.bytes) == lines
        #expect(isWhole)
        #expect(page.opened <= 12)
        #expect(try reader.logs(LogQuery(limit: 10)).opened <= 6)
    }

    @Test("serves two readers whole batches while it writes", .timeLimit(.minutes(1)))
    func readersBeside() throws {
        let folder = try Folder()
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        let isDone = Atomic(false)
        let failure = Mutex<(any Error)?>(nil)
        let thread = Thread {
            do {
                var dice = Dice(7)
                for _ in 0..<300 {
                    let chunk = dice.chunk(firstLine: writer.nextLine, upTo: 40, sources: 3)
                    var intake = Intake()
                    intake.lines = Int(writer.nextLine) + chunk.count - 1
                    try writer.append(
                        HistoryBatch(
                            at: Instant(seconds: 1),
                            chunks: [chunk],
                            parts: [.intake(intake)]
                        )
                    )
                }
            } catch {
                failure.withLock { $0 = error }
            }
            isDone.store(true, ordering: .releasing)
        }
        thread.start()
        let readers = [
            try HistoryReader(path: folder.history), try HistoryReader(path: folder.history),
        ]
        var newest = [UInt64](repeating: 0, count: readers.count)
        var isLast = false
        while !isLast {
            isLast = isDone.load(ordering: .acquiring)
            for (index, reader) in readers.enumerated() {
                let known = UInt64(try reader.picture()?.intake.lines ?? 0)
                let lines = try reader.logs(LogQuery(limit: 1)).lines
                let line = lines.last?.record.number ?? 0
                // The lines were asked for later, so there are at least as many as it counted.
                #expect(line >= known && line >= newest[index])
                newest[index] = line
            }
        }
        #expect(failure.withLock { $0 == nil })
        #expect(newest == readers.map { _ in writer.nextLine - 1 })
    }

    @Test("changes what readers see as the data version")
    func dataVersion() throws {
        let folder = try Folder()
        let writer = try HistoryWriter(path: folder.history)
        let reader = try HistoryReader(path: folder.history)
        let before = try reader.dataVersion
        #expect(try reader.dataVersion == before)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        #expect(try reader.dataVersion != before)
    }
}

extension LogChunk {
    var lines: [[UInt8]] { (0..<count).map { Array(line($0)) } }

    /// The same with a position of the first source.
    func with(offset: UInt64) -> LogChunk {
        LogChunk(
            firstLine: firstLine,
            bytes: bytes,
            ends: ends,
            sources: sources,
            arrivals: arrivals,
            times: times,
            levels: levels,
            messageStarts: messageStarts,
            positions: [
                ReadPosition(
                    source: "db1 log",
                    device: .max,
                    inode: 7,
                    offset: offset,
                    head: .max,
                    tail: 0
                )
            ]
        )
    }
}
