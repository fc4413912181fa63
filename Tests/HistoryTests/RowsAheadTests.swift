import Atlas
import Chance
import Synchronization
import Testing

@testable import History
@testable import HistoryFormat

@Suite("Rows that are packed ahead")
struct RowsAheadTests {
    private let picture = Picture(at: Instant(seconds: 0), estate: Estate(name: "test"))

    private func opened(_ folder: Folder, _ plan: WatchPlan = testPlan) throws -> HistoryWriter {
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(plan, picture: picture, at: picture.at)
        return writer
    }

    /// Long enough to be packed ahead, or short, and sometimes with a number left out before it.
    private func chunk(_ dice: inout Dice, after line: UInt64) -> LogChunk {
        let first = line + (dice.isLucky(10) ? 3 : 0)
        if dice.isLucky(30) { return dice.chunk(firstLine: first, upTo: 200, sources: 3) }
        let text = dice.chunk(firstLine: first, upTo: 20, sources: 3).lines
        let lines = (0..<dice.roll(2_000...9_000)).map {
            text[$0 % text.count] + [UInt8]("\($0)".utf8)
        }
        return LogChunk.plain(lines, from: first, at: Instant(seconds: 7), of: [0, 1, 2])
    }

    @Test("hold the lines that those packed in time do", arguments: 0..<12)
    func same(seed: Int) throws {
        var dice = Dice(seed)
        let (ahead, inTime) = (try Folder(), try Folder())
        let writers = (try opened(ahead), try opened(inTime))
        var line: UInt64 = 0
        for _ in 0..<4 {
            // Prepared each for itself, and appended as one: so the keeper does it.
            let batches = (0..<dice.roll(1...3)).map { _ in
                let chunks = (0..<dice.roll(1...5)).map { _ in
                    let chunk = chunk(&dice, after: line + 1)
                    line = chunk.firstLine + UInt64(chunk.count) - 1
                    return chunk
                }
                return HistoryBatch(at: picture.at, chunks: chunks)
            }
            let whole = HistoryBatch(joining: batches, parts: [], at: picture.at)
            let prepared = HistoryBatch(
                joining: batches.map { writers.0.prepared($0) },
                parts: [],
                at: picture.at
            )
            try writers.0.append(prepared)
            try writers.1.append(whole)
        }
        let pages = try (
            HistoryReader(path: ahead.history).logs(LogQuery(limit: .max)),
            HistoryReader(path: inTime.history).logs(LogQuery(limit: .max))
        )
        let isSame = pages.0.lines == pages.1.lines
        #expect(isSame)
        #expect(pages.0.lines.last?.record.number == line)
        #expect(pages.0.damaged == 0)
    }

    @Test("are those that are long, of sources that are known")
    func which() throws {
        let folder = try Folder()
        let writer = try opened(folder)
        let row = [UInt8](repeating: 65, count: 1_000)
        let long = LogChunk.plain(Array(repeating: row, count: 300), from: 1, at: picture.at)
        let short = LogChunk.plain([row], from: 301, at: picture.at)
        let new = LogChunk.plain(
            Array(repeating: row, count: 300),
            from: 302,
            at: picture.at,
            of: [UInt16(testPlan.sources.count)],
            placed: [PlacedSource(source: testPlan.sources[0].name, resource: "elsewhere")]
        )
        let prepared = [long, short, new].map {
            writer.prepared(HistoryBatch(at: picture.at, chunks: [$0]))
        }
        let run = writer.meaning.withLock { $0.run }
        #expect(prepared[0].ahead.row(from: 1, in: run)?.count == 300)
        #expect(prepared[0].ahead.row(from: 1, in: run + 1) == nil)
        #expect(prepared[1].ahead.row(from: 301, in: run) == nil)
        #expect(prepared[2].ahead.row(from: 302, in: run) == nil)
        for batch in prepared { try writer.append(batch) }
        let page = try HistoryReader(path: folder.history).logs(LogQuery(limit: .max))
        #expect(page.lines.count == 601)
        #expect(page.lines.last?.resource == "elsewhere")
    }

    @Test("are packed again where the plan changed before they were written")
    func otherPlan() throws {
        let folder = try Folder()
        let writer = try opened(folder)
        let row = [UInt8](repeating: 65, count: 1_000)
        let chunk = LogChunk.plain(Array(repeating: row, count: 300), from: 1, at: picture.at)
        let prepared = writer.prepared(HistoryBatch(at: picture.at, chunks: [chunk]))
        var plan = testPlan
        plan.sources.reverse()
        try writer.begin(plan, picture: picture, at: picture.at)
        try writer.append(prepared)
        let page = try HistoryReader(path: folder.history).logs(LogQuery(limit: .max))
        let names = Set(page.lines.map(\.source))
        #expect(names == [plan.sources[0].name])
    }
}
