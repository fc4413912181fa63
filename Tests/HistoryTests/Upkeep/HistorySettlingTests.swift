import Atlas
import Chance
import Foundation
import GRDB
import Testing

@testable import History
@testable import HistoryFormat

@Suite("Short rows")
struct HistorySettlingTests {
    private let folder: Folder
    private let writer: HistoryWriter
    private let reader: HistoryReader

    init() throws {
        folder = try Folder()
        writer = try HistoryWriter(path: folder.history)
        let picture = Picture(at: Instant(seconds: 0), estate: Estate())
        try writer.begin(testPlan, picture: picture, at: picture.at)
        reader = try HistoryReader(path: folder.history)
    }

    private func keep(_ times: Int, upTo most: Int, _ dice: inout Dice) throws {
        for _ in 0..<times {
            let chunk = dice.chunk(firstLine: writer.nextLine, upTo: most, sources: 3)
            try writer.append(HistoryBatch(at: Instant(seconds: 1), chunks: [chunk]))
        }
    }

    private func settleAll() throws {
        while try writer.tidy() {}
    }

    private func lines() throws -> [StoredLine] {
        try reader.logs(LogQuery(limit: .max)).lines
    }

    /// First line, lines and bytes of each.
    private func rows() throws -> [(line: Int, count: Int, size: Int)] {
        try reader.reading { db in
            try Row.fetchAll(db, sql: "SELECT line, count, size FROM chunk ORDER BY line")
                .map { ($0[0], $0[1], $0[2]) }
        }
    }

    @Test("become full ones, and every line stays as it is", arguments: [1, 2])
    func joins(seed: Int) throws {
        var dice = Dice(seed)
        // Falling sizes, which are not joined as they come.
        for count in [9_000, 5_000, 4_000, 3_000, 2_000, 1_000, 9_000, 5_000, 4_000, 3_000] {
            let at = Instant(seconds: 1)
            let texts = (0..<count).map { [UInt8(truncatingIfNeeded: $0)] }
            try writer.append(
                HistoryBatch(at: at, chunks: [.plain(texts, from: writer.nextLine, at: at)])
            )
            for most in [300, 90, 20, 3] { try keep(1, upTo: most, &dice) }
        }
        let before = try lines()
        let many = try rows().count
        try settleAll()
        let after = try rows()
        #expect(after.count < many)
        #expect(try lines() == before)
        #expect(try reader.verify().isWhole)
        // No two that follow each other fit into one, but of the newest, to which lines may come.
        let end = Int(writer.nextLine) - RowDraft.mostLines
        for (left, right) in zip(after, after.dropFirst()) where right.line + right.count <= end {
            #expect(left.count + right.count > RowDraft.mostLines)
        }
    }

    @Test("of a source that writes ten lines a second are few")
    func slow() throws {
        var number = 0
        for second in 1...2_000 {
            let at = Instant(seconds: Int64(second))
            let texts = (0..<10).map { _ -> [UInt8] in
                number += 1
                return Array("Nov 26 08:15:42 web\(number % 7) app[\(number)]: took \(number)".utf8)
            }
            try writer.append(
                HistoryBatch(at: at, chunks: [.plain(texts, from: writer.nextLine, at: at)])
            )
            _ = try writer.tidy()
        }
        let rows = try rows()
        #expect(rows.count <= 2_000 * 10 / RowDraft.mostLines + 14)
        #expect(rows.map(\.count).reduce(0, +) == 20_000)
    }

    @Test("beside a gap or a damaged one are joined as far as they go, and it stays")
    func barriers() throws {
        var dice = Dice(4)
        for most in [300, 100, 30, 10] { try keep(1, upTo: most, &dice) }
        let before = try rows()
        try #require(before.count >= 3)
        let damaged = before[1].line
        try writer.queue.write { db in
            try db.execute(
                sql: "UPDATE chunk SET bytes = zeroblob(9) WHERE line = ?",
                arguments: [damaged]
            )
        }
        _ = try writer.compact()
        let after = try rows()
        #expect(after.contains { $0.line == damaged })
        #expect(after.map(\.count).reduce(0, +) == before.map(\.count).reduce(0, +))
        #expect(try reader.verify().damaged.map(\.line) == [UInt64(damaged)])
    }

    @Test("written by another run are made full by compacting, and the room is given back")
    func compacts() throws {
        var dice = Dice(5)
        for _ in 0..<10 { for most in [300, 100, 30, 10, 3] { try keep(1, upTo: most, &dice) } }
        let before = try lines()
        let next = writer.nextLine
        try writer.queue.write { db in
            // What retention frees.
            try db.execute(sql: "CREATE TABLE ballast AS SELECT zeroblob(5000000) AS bytes")
            try db.execute(sql: "DROP TABLE ballast")
        }
        #expect(try reader.stats().freeBytes > 4_000_000)
        var told: [Int] = []
        let result = try writer.compact { told.append($0) }
        #expect(result.rowsAfter == 1)
        #expect(result.rowsBefore > 1)
        #expect(result.bytesAfter < result.bytesBefore)
        #expect(told == told.sorted())
        #expect(told.last == 100)
        #expect(try lines() == before)
        #expect(writer.nextLine == next)
        #expect(try reader.stats().freeBytes == 0)
        let size = try FileManager.default.attributesOfItem(atPath: folder.history)[.size]
        #expect(size as? Int == result.bytesAfter)
        // What is compact stays as it is.
        #expect(try writer.compact().rowsBefore == 1)
        try keep(1, upTo: 10, &dice)
        #expect(try lines().count > before.count)
    }

    @Test("keep the size that is known the size that is in the file")
    func bytes() throws {
        var dice = Dice(6)
        let retention = Retention(lines: .init(bytes: 30_000))
        for step in 0..<40 {
            try keep(1, upTo: dice.pick([3, 40, 300]), &dice)
            _ = try writer.tidy()
            _ = try writer.retain(retention, at: Instant(seconds: Int64(step)))
            let bytes = try reader.stats().parts[0].bytes
            #expect(try writer.knownLineBytes() == bytes)
        }
    }

    @Test("and the log of SQLite stays short though readers never leave it alone")
    func log() throws {
        var dice = Dice(7)
        let readers = try OverlappingReaders(path: folder.history)
        defer { readers.stop() }
        for _ in 1...24 {
            try writer.append(
                HistoryBatch(
                    at: Instant(seconds: 1),
                    chunks: [.noise(100_000, from: writer.nextLine, &dice)]
                )
            )
            try writer.restrainLog(to: 400_000, waiting: 2_000)
        }
        let log = try FileManager.default.attributesOfItem(atPath: folder.history + "-wal")[.size]
        #expect((log as? Int).map { $0 < 800_000 } == true)
    }
}
