import Atlas
import Chance
import Foundation
import Testing

@testable import History
@testable import HistoryFormat

@Suite("A history of which a part is missing", .timeLimit(.minutes(3)))
struct TornFileTests {
    /// Of many rows of lines: one is not joined with the next where a number is left out.
    private func rows(_ dice: inout Dice) throws -> DiskImage {
        let folder = try Folder()
        let disk = try CutDisk(folder)
        let writer = try HistoryWriter(path: folder.history)
        let picture = dice.picture(at: Instant(seconds: 0))
        try writer.begin(testPlan, picture: picture, at: picture.at)
        for _ in 0..<80 {
            let chunk = dice.chunk(firstLine: writer.nextLine + 1, upTo: 40, sources: 3)
            try writer.append(HistoryBatch(at: picture.at, chunks: [chunk]))
        }
        try writer.close()
        withExtendedLifetime(disk) {}
        return try DiskImage(of: folder)
    }

    private func sample(_ load: inout CrashLoad) throws -> DiskImage {
        let folder = try Folder()
        let disk = try CutDisk(folder)
        let writer = try HistoryWriter(path: folder.history)
        load.begin()
        try load.take(writer)
        for _ in 0..<10 {
            load.append(from: writer.nextLine)
            try load.take(writer)
        }
        let image = try DiskImage(of: folder)
        try writer.close()
        withExtendedLifetime(disk) {}
        return image
    }

    @Test("holds whole batches of the beginning where its log is cut off anywhere")
    func log() throws {
        var load = CrashLoad(21)
        let image = try sample(&load)
        var dice = Dice(21)
        var held: Set<Int> = []
        for _ in 0..<16 {
            var torn = image
            let size = torn.files["history.db-wal"]?.count ?? 0
            #expect(size > 0)
            torn.files["history.db-wal"]?.removeLast(dice.roll(0...size))
            held.insert(try load.expectWhole(torn.written(), 0...load.count, "torn log"))
        }
        #expect(held.count > 3)
    }

    @Test("is opened, or refused with words, where it is cut off anywhere; a repair saves the rest")
    func file() throws {
        var dice = Dice(22)
        let image = try rows(&dice)
        var saved = 0
        for _ in 0..<16 {
            var torn = image
            let size = torn.files["history.db"]?.count ?? 0
            torn.files["history.db"]?.removeLast(dice.roll(1...size - 1))
            let folder = try torn.written()
            let disk = try CutDisk(folder)
            #expect(throws: HistoryError.self) {
                let verdict = try HistoryReader(path: folder.history).verify()
                if !verdict.isWhole { throw HistoryError.damaged(path: "", detail: "") }
            }
            do throws(HistoryError) {
                _ = try HistoryRepair.rebuild(folder.history)
                let reader = try HistoryReader(path: folder.history)
                #expect(try reader.verify().isWhole)
                saved += try reader.logs(LogQuery(limit: .max)).lines.count
            } catch {
                // Not even the names of its tables are left.
                guard case .damaged = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(
                    try DiskImage(of: folder).files["history.db"] == torn.files["history.db"],
                    "\(error)"
                )
            }
            withExtendedLifetime(disk) {}
        }
        #expect(saved > 1_000)
    }

    @Test("makes room for a new one, and is kept beside it")
    func aside() throws {
        let folder = try Folder()
        try HistoryWriter(path: folder.history).close()
        for name in ["history.db.damaged", "history.db.damaged-2"] {
            let aside = try HistoryRepair.putAside(folder.history)
            #expect(aside == folder.file(name).path)
            #expect(try HistoryReader(path: aside).verify().isWhole)
            let writer = try HistoryWriter(path: folder.history)
            #expect(writer.nextLine == 1)
            // Who writes it keeps it.
            #expect(throws: HistoryError.self) { try HistoryRepair.putAside(folder.history) }
            #expect(throws: HistoryError.self) { try HistoryRepair.rebuild(folder.history) }
            try writer.close()
        }
    }
}
