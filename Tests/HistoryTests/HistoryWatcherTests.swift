import Atlas
import Foundation
import Synchronization
import Testing

@testable import History

@Suite("Waiting for a history to change", .timeLimit(.minutes(1)))
struct HistoryWatcherTests {
    private let picture = Picture(at: Instant(seconds: 0), estate: Estate())

    @Test("returns once for a commit, then never, until it is stopped")
    func once() throws {
        let folder = try Folder()
        let writer = try HistoryWriter(path: folder.history)
        let reader = try HistoryReader(path: folder.history)
        let watcher = try HistoryWatcher(path: folder.history, rest: .milliseconds(1))
        try writer.begin(testPlan, picture: picture, at: picture.at)
        #expect(watcher.wait())
        #expect(try reader.picture() == picture)
        let changes = Atomic(0)
        let ended = DispatchSemaphore(value: 0)
        Thread {
            while watcher.wait() { changes.add(1, ordering: .relaxed) }
            ended.signal()
        }.start()
        // Reading is no change.
        for _ in 0..<50 { _ = try reader.picture() }
        watcher.stop()
        ended.wait()
        #expect(changes.load(ordering: .relaxed) == 0)
        #expect(!watcher.wait())
    }

    @Test("never misses the last commit, and rests between two looks")
    func last() throws {
        let folder = try Folder()
        let watcher = try HistoryWatcher(path: folder.history, rest: .milliseconds(20))
        let looks = Atomic(0)
        let seen = DispatchSemaphore(value: 0)
        let path = folder.history
        Thread {
            while watcher.wait() {
                looks.add(1, ordering: .relaxed)
                let picture = try? HistoryReader(path: path).picture()
                if picture?.intake.lines == 200 { break }
            }
            seen.signal()
        }.start()
        let clock = ContinuousClock()
        let elapsed = try clock.measure {
            let writer = try HistoryWriter(path: path)
            try writer.begin(testPlan, picture: picture, at: picture.at)
            for lines in 1...200 {
                var intake = Intake()
                intake.lines = lines
                try writer.append(HistoryBatch(at: picture.at, parts: [.intake(intake)]))
            }
            seen.wait()
        }
        #expect(looks.load(ordering: .relaxed) <= Int(elapsed / .milliseconds(20)) + 1)
    }

    @Test("wakes up when a writer begins or ends where there was none")
    func comeAndGo() throws {
        let folder = try Folder()
        let watcher = try HistoryWatcher(path: folder.history, rest: .milliseconds(1))
        try Data([1]).write(to: URL(fileURLWithPath: folder.path + "/other"))
        let writer = try HistoryWriter(path: folder.history)
        #expect(watcher.wait())
        #expect(HistoryReader.holder(of: folder.history) == getpid())
        try writer.close()
        #expect(watcher.wait())
        #expect(HistoryReader.holder(of: folder.history) == nil)
    }

    @Test("says why when the folder is not there")
    func noFolder() throws {
        #expect(throws: HistoryError.self) {
            try HistoryWatcher(path: "/no/such/folder/history.db")
        }
    }
}
