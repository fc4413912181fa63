import Atlas
import History
import Pipeline
import Screens
import Testing

@testable import azimuth

@Suite("The lines of a replay")
struct LineLogReplayTests {
    private func chunk(_ first: UInt64, _ count: Int = 10) -> LogChunk {
        LogChunk((0..<count).map { KeptLine(text: "line \($0)") }, firstLine: first)
    }

    @Test("are those that the fold wants kept, and nothing else of what it wants")
    func takesChunks() {
        let log = MemoryLog(WatchPlan(sources: KeptLine.sources))
        let tick = Input(at: Instant(seconds: 1), event: .tick)
        log.take([.note(tick, line: 1), .keep(chunk(1)), .show([]), .keep(chunk(11))])
        let answer = log.lines.answer(LogQuestion(limit: 100))
        #expect(answer.rows.map(\.number) == Array(1...20))
        #expect(!answer.isCut && !answer.hasOlder)
    }

    @Test("are told to be cut only where the oldest that is held is shown")
    func tellsTheCut() {
        let log = LineLog(sources: KeptLine.sources, capacity: 20)
        for part in 0..<4 { log.add(chunk(UInt64(part * 10 + 1))) }
        let some = log.answer(LogQuestion(limit: 5))
        #expect(some.rows.map(\.number) == Array(36...40))
        #expect(some.hasOlder && !some.isCut)
        let all = log.answer(LogQuestion(limit: 100))
        #expect(all.rows.map(\.number) == Array(21...40))
        #expect(!all.hasOlder && all.isCut)
    }

    @Test("are looked through only as long as somebody wants them")
    func givesUp() {
        let log = LineLog(sources: KeptLine.sources)
        log.add(chunk(1))
        let answer = log.answer(LogQuestion(), LineWish(isWanted: { false }))
        #expect(answer.rows.isEmpty)
    }
}
