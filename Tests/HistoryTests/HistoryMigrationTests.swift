import Atlas
import Chance
import Foundation
import GRDB
import Synchronization
import Testing

@testable import History
@testable import HistoryFormat

@Suite("A history of an older version")
struct HistoryMigrationTests {
    @Test("is made by steps that never change once they were released")
    func released() {
        let sums = Schema.steps.map { XXHash64.hash(Array($0.utf8)) }
        #expect(
            sums == [
                4_816_567_896_690_737_736, 8_800_925_320_123_032_842, 5_282_272_750_527_163_615,
                11_942_719_842_236_332_296,
            ]
        )
    }

    @Test("becomes one of this version with every line, position and failover", arguments: [1, 2])
    func migrates(version: Int) throws {
        let folder = try Folder()
        var dice = Dice(version)
        var chunks: [LogChunk] = []
        for _ in 0..<25 {
            let first = chunks.last.map { $0.firstLine + UInt64($0.count) } ?? 1
            chunks.append(dice.chunk(firstLine: first, upTo: 90, sources: 3))
        }
        try OldHistory.make(folder.history, version: version, chunks)
        let lines = chunks.flatMap(\.lines)

        // Who only reads need not wait for that.
        let before = try HistoryReader(path: folder.history).logs(LogQuery(limit: .max))
        #expect(before.lines.map(\.record.bytes) == lines)
        #expect(before.damaged == 0)

        let told = Mutex<[HistoryMigration]>([])
        let writer = try HistoryWriter(path: folder.history) { step in
            told.withLock { $0.append(step) }
        }
        let steps = told.withLock(\.self)
        #expect(steps.map(\.percent) == [0] + (1...9).map { 10 * $0 } + [100])
        #expect(steps.allSatisfy { $0.from == version && $0.to == Schema.version })
        #expect(writer.nextLine == UInt64(lines.count) + 1)
        #expect(try writer.positions() == [OldHistory.position])

        let reader = try HistoryReader(path: folder.history)
        #expect(try reader.version == Schema.version)
        let after = try reader.logs(LogQuery(limit: .max))
        let isSame = after.lines == before.lines
        #expect(isSame)
        #expect(try reader.failovers(since: .distantPast).map(\.id) == ["orders#1"])
        #expect(
            try reader.reading {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM chunk WHERE codec = 0")
            }
                == 0
        )
        #expect(
            try reader.reading { try Int.fetchOne($0, sql: "SELECT sum(size) FROM chunk") }
                == lines.reduce(0) { $0 + $1.count }
        )
        try writer.begin(
            testPlan,
            picture: Picture(at: .distantPast, estate: Estate()),
            at: .distantPast
        )
        let next = dice.chunk(firstLine: writer.nextLine, upTo: 90, sources: 3)
        try writer.append(HistoryBatch(at: .distantPast, chunks: [next]))
        #expect(
            try reader.logs(LogQuery(limit: .max)).lines.map(\.record.bytes) == lines + next.lines
        )
    }

    @Test("takes over what is not whole as it is, and says so when it is read")
    func damaged() throws {
        let folder = try Folder()
        var dice = Dice(8)
        let first = dice.chunk(firstLine: 1, upTo: 50, sources: 3)
        let next = dice.chunk(firstLine: UInt64(first.count) + 1, upTo: 50, sources: 3)
        try OldHistory.make(folder.history, version: 2, [first, next], damaging: 0)
        try HistoryWriter(path: folder.history).close()
        let page = try HistoryReader(path: folder.history).logs(LogQuery(limit: .max))
        #expect(page.damaged == 1)
        #expect(page.lines.map(\.record.bytes) == next.lines)
    }
}
