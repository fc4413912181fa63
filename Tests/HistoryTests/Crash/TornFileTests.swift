import Atlas
import Foundation
import Testing

@testable import History

@Suite("A history of which a part is missing", .timeLimit(.minutes(3)))
struct TornFileTests {
    private func sample(_ load: inout CrashLoad, hasLog: Bool) throws -> DiskImage {
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
        return hasLog ? image : try DiskImage(of: folder)
    }

    @Test("holds whole batches of the beginning where its log is cut off anywhere")
    func log() throws {
        var load = CrashLoad(21)
        let image = try sample(&load, hasLog: true)
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
        var load = CrashLoad(22)
        let image = try sample(&load, hasLog: false)
        var dice = Dice(22)
        var saved = 0
        for _ in 0..<16 {
            var torn = image
            let size = torn.files["history.db"]?.count ?? 0
            torn.files["history.db"]?.removeLast(dice.roll(1...size - 1))
            let folder = try torn.written()
            let disk = try CutDisk(folder)
            do throws(HistoryError) {
                let verdict = try HistoryReader(path: folder.history).verify()
                #expect(!verdict.isWhole)
                _ = try HistoryRepair.rebuild(folder.history)
                #expect(try HistoryReader(path: folder.history).verify().isWhole)
                saved += 1
            } catch {
                switch error {
                case .damaged, .foreign: break
                default: Issue.record("\(error)")
                }
            }
            withExtendedLifetime(disk) {}
        }
        #expect(saved > 0)
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
