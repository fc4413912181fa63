import Atlas
import Chance
import Foundation
import GRDB
import Testing

@testable import History

@Suite("A file that is no history of this program")
struct HistoryFileTests {
    /// What opening it to read and to write says; the file must be as it was.
    private func refusals(of path: String) throws -> [HistoryError] {
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let reading = #expect(throws: HistoryError.self) { try HistoryReader(path: path) }
        let writing = #expect(throws: HistoryError.self) { try HistoryWriter(path: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(HistoryReader.holder(of: path) == nil)
        return [reading, writing].compactMap { $0 }
    }

    @Test("is refused when it holds garbage", arguments: [1, 100, 5_000])
    func garbage(size: Int) throws {
        let folder = try Folder()
        var dice = Dice(size)
        let bytes = (0..<size).map { _ in UInt8(dice.roll(0...255)) }
        try Data(bytes).write(to: URL(fileURLWithPath: folder.history))
        for error in try refusals(of: folder.history) {
            #expect(error == .foreign(path: folder.history, detail: "it is no database"))
            #expect(error.exit == .badConfiguration)
        }
    }

    @Test("is refused when another program made it", arguments: ["DELETE", "WAL"])
    func foreign(mode: String) throws {
        let folder = try Folder()
        let other = try DatabaseQueue(path: folder.history)
        try other.writeWithoutTransaction { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = \(mode)")
            try db.execute(sql: "CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 1")
        }
        try other.close()
        for error in try refusals(of: folder.history) {
            #expect(error.what.contains("another program's database"))
        }
    }

    @Test("is refused when a newer program wrote it")
    func newer() throws {
        let folder = try Folder()
        try HistoryWriter(path: folder.history).close()
        let other = try DatabaseQueue(path: folder.history)
        try other.write { try $0.execute(sql: "PRAGMA user_version = 7") }
        try other.close()
        for error in try refusals(of: folder.history) {
            #expect(error == .newer(path: folder.history, version: 7, known: Schema.version))
            #expect(error.exit == .locked)
        }
    }

    @Test("is missing, or its folder is")
    func missing() throws {
        let folder = try Folder()
        #expect(throws: HistoryError.missing(path: folder.history)) {
            try HistoryReader(path: folder.history)
        }
        let error = #expect(throws: HistoryError.self) {
            try HistoryWriter(path: folder.path + "/no/such/history.db")
        }
        #expect(error?.exit == .unavailable)
        let directory = #expect(throws: HistoryError.self) { try HistoryReader(path: folder.path) }
        #expect(directory?.what.contains("not a regular file") == true)
    }

    @Test("becomes one when it is empty; a draft of a killed writer is no hindrance")
    func emptyFile() throws {
        let folder = try Folder()
        try Data().write(to: URL(fileURLWithPath: folder.history))
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder.history + ".new"))
        let writer = try HistoryWriter(path: folder.history)
        #expect(writer.nextLine == 1)
        #expect(!FileManager.default.fileExists(atPath: folder.history + ".new"))
        let reader = try HistoryReader(path: folder.history)
        #expect(
            try reader.reading { db in
                [
                    try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                    try String.fetchOne(db, sql: "PRAGMA auto_vacuum"),
                ]
            } == ["wal", "2"]
        )
        let synchronous = try writer.queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(synchronous == 2)
    }
}
