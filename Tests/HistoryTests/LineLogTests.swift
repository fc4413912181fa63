import Atlas
import History
import HistoryFormat
import Testing

@Suite("The newest lines in memory")
struct LineLogTests {
    /// A log of chunks of ten lines each.
    private func log(chunks: Int, capacity: Int) -> LineLog {
        let log = LineLog(sources: testPlan.sources, capacity: capacity)
        for number in 0..<chunks {
            log.add(
                .plain(
                    Array(repeating: [0x61], count: 10),
                    from: UInt64(number * 10 + 1),
                    at: Instant(seconds: Int64(number))
                )
            )
        }
        return log
    }

    private func numbers(_ log: LineLog) -> [UInt64] {
        log.logs(LogQuery(limit: .max)).lines.map(\.record.number)
    }

    @Test("holds what it is asked to hold, and forgets whole chunks, the oldest first")
    func forgets() {
        let log = log(chunks: 5, capacity: 25)
        #expect(numbers(log) == Array(21...50))
        #expect(log.hasForgotten)
    }

    /// One line of the plan's first source, and one of each part of it so far.
    private func placed(_ firstLine: UInt64, _ resources: [String]) -> LogChunk {
        let planned = UInt16(testPlan.sources.count)
        return .plain(
            Array(repeating: [0x61], count: resources.count + 1),
            from: firstLine,
            at: Instant(seconds: 1),
            of: [0] + resources.indices.map { planned + UInt16($0) },
            placed: resources.map { PlacedSource(source: testPlan.sources[0].name, resource: $0) }
        )
    }

    private func check(_ logs: (LogQuery) throws -> LogPage) throws {
        let name = testPlan.sources[0].name
        #expect(
            try logs(LogQuery()).lines.map(\.source) == [
                name, "\(name): x", name, "\(name): x", "\(name): y",
            ]
        )
        #expect(try logs(LogQuery(resources: ["y"])).lines.map(\.record.number) == [5])
        #expect(try logs(LogQuery(sources: [name])).lines.count == 5)
        #expect(try logs(LogQuery(sources: ["\(name): x"])).lines.map(\.record.number) == [2, 4])
    }

    @Test("of a source in parts are found by the resource, by the part and by the whole")
    func parts() throws {
        let log = LineLog(sources: testPlan.sources)
        log.add(placed(1, ["x"]))
        log.add(placed(3, ["x", "y"]))
        try check { log.logs($0) }
    }

    @Test("of a source in parts are found in a history as well")
    func partsInHistory() throws {
        let folder = try Folder()
        let picture = Picture(at: Instant(seconds: 0), estate: Estate(name: "test"))
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        try writer.append(HistoryBatch(at: picture.at, chunks: [placed(1, ["x"])]))
        try writer.append(HistoryBatch(at: picture.at, chunks: [placed(3, ["x", "y"])]))
        let reader = try HistoryReader(path: folder.history)
        try check { try reader.logs($0) }
    }

    @Test("begins anew when told so")
    func anew() {
        let log = log(chunks: 5, capacity: 25)
        log.removeAll()
        #expect(numbers(log).isEmpty)
        #expect(!log.hasForgotten)
    }

    @Test("knows only what had arrived at a moment of the past")
    func past() {
        let log = log(chunks: 3, capacity: 100)
        let page = log.logs(LogQuery(arrivedBy: Instant(seconds: 1), limit: .max))
        #expect(page.lines.map(\.record.number) == Array(1...20))
    }

    @Test("gives the oldest first, page by page, when asked")
    func oldestFirst() {
        let log = log(chunks: 3, capacity: 100)
        let page = log.logs(LogQuery(after: 8, isOldestFirst: true, limit: 4))
        #expect(page.lines.map(\.record.number) == [9, 10, 11, 12])
        #expect(page.newer == 12 && page.older == nil)
        let rest = log.logs(LogQuery(after: 12, isOldestFirst: true, limit: 40, reach: 1))
        #expect(rest.lines.map(\.record.number) == Array(13...20))
        #expect(rest.newer == 20)
    }
}
