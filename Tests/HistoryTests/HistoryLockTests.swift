import Atlas
import Foundation
import History
import Testing

@Suite("The lock of the writer", .timeLimit(.minutes(1)))
struct HistoryLockTests {
    @Test("T40 refuses a second writer and names the first")
    func otherProcess() throws {
        let folder = try Folder()
        #expect(HistoryReader.holder(of: folder.history) == nil)
        let child = try Child("hold", folder.history)
        #expect(child.line() == "held")
        #expect(HistoryReader.holder(of: folder.history) == child.pid)
        let error = #expect(throws: HistoryError.locked(path: folder.history, pid: child.pid)) {
            try HistoryWriter(path: folder.history)
        }
        #expect(error?.exit == .locked)
        #expect(error?.what.contains("process \(child.pid)") == true)
        #expect(child.end() == 0)
        #expect(HistoryReader.holder(of: folder.history) == nil)
        _ = try HistoryWriter(path: folder.history)
    }

    @Test("is free again when its holder was killed")
    func killed() throws {
        let folder = try Folder()
        let child = try Child("hold", folder.history)
        #expect(child.line() == "held")
        child.kill()
        #expect(FileManager.default.fileExists(atPath: folder.history + ".lock"))
        #expect(HistoryReader.holder(of: folder.history) == nil)
        let writer = try HistoryWriter(path: folder.history)
        #expect(HistoryReader.holder(of: folder.history) == getpid())
        try writer.close()
    }

    @Test("holds inside one process, too, until it is closed")
    func sameProcess() throws {
        let folder = try Folder()
        let writer = try HistoryWriter(path: folder.history)
        let reader = try HistoryReader(path: folder.history)
        #expect(throws: HistoryError.locked(path: folder.history, pid: getpid())) {
            try HistoryWriter(path: folder.history)
        }
        #expect(HistoryReader.holder(of: folder.history) == getpid())
        try writer.close()
        #expect(HistoryReader.holder(of: folder.history) == nil)
        _ = try HistoryWriter(path: folder.history)
        #expect(try reader.picture() == nil)
    }
}
