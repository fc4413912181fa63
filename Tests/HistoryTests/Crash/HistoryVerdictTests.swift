import Atlas
import Chance
import Foundation
import GRDB
import Testing

@testable import History
@testable import HistoryFormat

@Suite("Whether a history is whole")
struct HistoryVerdictTests {
    private let picture = Picture(at: Instant(seconds: 0), estate: Estate())

    private func make(_ folder: Folder) throws -> [LogChunk] {
        var dice = Dice(9)
        return try folder.makeChunks(&dice, picture: picture)
    }

    @Test("is said of one that is, with all that was looked into")
    func whole() throws {
        let folder = try Folder()
        let lines = try make(folder).reduce(0) { $0 + $1.count }
        let verdict = try HistoryReader(path: folder.history).verify()
        #expect(verdict.isWhole)
        #expect(verdict.lines == lines)
        #expect(verdict.chunks == 3)
    }

    @Test("names chunks that are not, and puts them aside", arguments: ["bytes", "columns"])
    func damaged(column: String) throws {
        let folder = try Folder()
        let chunks = try make(folder)
        let database = try DatabaseQueue(path: folder.history)
        try database.write { db in
            try db.execute(
                sql: "UPDATE chunk SET \(column) = zeroblob(length(\(column))) WHERE line = ?",
                arguments: [Int64(chunks[1].firstLine)]
            )
        }
        try database.close()
        let reader = try HistoryReader(path: folder.history)
        let verdict = try reader.verify()
        let damage = HistoryVerdict.Damage(line: chunks[1].firstLine, count: chunks[1].count)
        #expect(verdict.damaged == [damage])
        #expect(verdict.faults.isEmpty)

        let writer = try HistoryWriter(path: folder.history)
        try writer.quarantine(verdict.damaged)
        #expect(try reader.verify().isWhole)
        let page = try reader.logs(LogQuery(limit: .max))
        #expect(page.damaged == 0)
        #expect(page.lines.map(\.record.bytes) == chunks[0].lines + chunks[2].lines)
        let stats = try reader.stats()
        #expect(stats.quarantinedChunks == 1)
        #expect(stats.quarantinedLines == chunks[1].count)
    }

    @Test("says what SQLite says of pages that are not")
    func pages() throws {
        let folder = try Folder()
        _ = try make(folder)
        let database = try DatabaseQueue(path: folder.history)
        let page = try database.read { db in
            try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'state'")
        }
        try database.close()
        let start = (try #require(page) - 1) * 4_096
        let url = URL(fileURLWithPath: folder.history)
        var file = try Data(contentsOf: url)
        for index in start..<start + 4_096 { file[index] = 0xFF }
        try file.write(to: url)
        let reader = try HistoryReader(path: folder.history)
        let verdict = try reader.verify()
        #expect(!verdict.faults.isEmpty)
        #expect(verdict.chunks == 3)
    }
}
