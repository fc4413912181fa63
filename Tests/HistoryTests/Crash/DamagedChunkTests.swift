import Atlas
import Chance
import Foundation
import GRDB
import Testing

@testable import History
@testable import HistoryFormat

@Suite("A chunk that is not what was written")
struct HistoryDamageTests {
    @Test("is passed over and counted, the others are served", arguments: ["bytes", "columns"])
    func damaged(column: String) throws {
        let folder = try Folder()
        var dice = Dice(9)
        let picture = Picture(at: Instant(seconds: 0), estate: Estate())
        let chunks = try folder.makeChunks(&dice, picture: picture)
        try flip(column, ofChunkAt: chunks[1].firstLine, in: folder.history)

        let page = try HistoryReader(path: folder.history).logs(LogQuery(limit: .max))
        #expect(page.opened == 3)
        #expect(page.damaged == 1)
        let isRest = page.lines.map(\.record.bytes) == chunks[0].lines + chunks[2].lines
        #expect(isRest)

        // A writer leaves it alone, too.
        let again = try HistoryWriter(path: folder.history)
        try again.begin(testPlan, picture: picture, at: picture.at)
        let next = dice.chunk(firstLine: again.nextLine, upTo: 2_000, sources: 3)
        try again.append(HistoryBatch(at: picture.at, chunks: [next]))
        let after = try HistoryReader(path: folder.history).logs(LogQuery(limit: .max))
        #expect(after.damaged == 1)
        #expect(after.lines.count == page.lines.count + next.count)
    }

    private func flip(_ column: String, ofChunkAt line: UInt64, in path: String) throws {
        let database = try DatabaseQueue(path: path)
        try database.write { db in
            let blob = try Data.fetchOne(
                db,
                sql: "SELECT \(column) FROM chunk WHERE line = ?",
                arguments: [Int64(line)]
            )
            var bytes = try #require(blob)
            bytes[bytes.count / 2] ^= 0x10
            try db.execute(
                sql: "UPDATE chunk SET \(column) = ? WHERE line = ?",
                arguments: [bytes, Int64(line)]
            )
        }
        try database.close()
    }

    @Test("is an error with words where it is a page of the database")
    func tornPages() throws {
        let folder = try Folder()
        var dice = Dice(10)
        let picture = dice.picture(at: Instant(seconds: 0))
        let writer = try HistoryWriter(path: folder.history)
        try writer.begin(testPlan, picture: picture, at: picture.at)
        try writer.close()
        let url = URL(fileURLWithPath: folder.history)
        var file = try Data(contentsOf: url)
        for index in 4_096..<file.count { file[index] = 0xFF }
        try file.write(to: url)
        let error = #expect(throws: HistoryError.self) {
            _ = try HistoryReader(path: folder.history).picture()
        }
        guard case .damaged = error else {
            Issue.record("\(String(describing: error)) is not about damage")
            return
        }
    }
}
