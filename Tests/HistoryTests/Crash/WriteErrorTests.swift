import Atlas
import Chance
import GRDB
import Testing

@testable import History
@testable import HistoryFormat

@Suite("A history whose disk fails", .timeLimit(.minutes(5)))
struct WriteErrorTests {
    private static let ways: [CutDisk.Way] = [.full, .broken]

    @Test("keeps nothing of what failed, and goes on: at every single write", arguments: ways)
    func once(way: CutDisk.Way) throws {
        let calls = try run(way, 0..<0)
        #expect(calls > 80)
        let step = CrashRounds.wanted != nil ? 1 : way == .full ? 2 : 9
        for call in stride(from: 0, to: calls, by: step) { try run(way, call..<call + 1) }
    }

    @Test("keeps nothing until the disk works again, from any write on", arguments: ways)
    func lasting(way: CutDisk.Way) throws {
        let calls = try run(way, 0..<0)
        let step = CrashRounds.wanted != nil ? 1 : 23
        for call in stride(from: 0, to: calls, by: step) { try run(way, call..<Int.max) }
    }

    /// One writer's life, while those calls fail; how many calls it took.
    @discardableResult
    private func run(_ way: CutDisk.Way, _ failing: Range<Int>) throws -> Int {
        let folder = try Folder()
        let disk = try CutDisk(folder)
        disk.fail(way, failing)
        let attempt = Attempt(disk: disk, name: "\(way) at \(failing)")
        var load = CrashLoad(7)
        var found: HistoryWriter?
        try attempt.make { () throws(HistoryError) in
            found = try HistoryWriter(path: folder.history)
        }
        let writer = try #require(found)
        for step in 0..<5 {
            if step == 0 { load.begin() } else { load.append(from: writer.nextLine) }
            try attempt.make { () throws(HistoryError) in
                try load.take(writer)
            } failed: {
                let kept = load.count - 1
                try load.expectWhole(folder, kept...kept, by: writer, attempt.comment)
            }
            disk.acknowledge(load.count)
        }
        try attempt.make { () throws(HistoryError) in
            try CrashLoad.pragma("wal_checkpoint(PASSIVE)", writer)
        }
        load.append(from: writer.nextLine)
        try attempt.make { () throws(HistoryError) in try load.take(writer) }
        disk.acknowledge(load.count)
        try attempt.make { () throws(HistoryError) in try load.retain(bytes: 1_000, writer) }
        try? writer.close()
        let calls = disk.calls
        disk.heal()
        #expect(failing.isEmpty || disk.failures > 0 || way == .full, attempt.comment)
        try load.expectWhole(folder, load.count...load.count, attempt.comment)
        if calls % 4 == 0 { try cut(disk, load, attempt.comment) }
        return calls
    }

    /// What a sync that failed had to write may be lost later, too.
    private func cut(_ disk: CutDisk, _ load: CrashLoad, _ comment: Comment) throws {
        var dice = Dice(disk.calls)
        for _ in 0..<2 {
            let moment = dice.roll(0...disk.count)
            let kept = disk.acknowledged(before: moment) ?? 0
            let image = try disk.image(before: moment, &dice).written()
            try load.expectWhole(image, kept...min(kept + 1, load.count), comment)
        }
    }

    /// Does what may fail until it does not; the disk works from the second time on.
    private struct Attempt {
        let disk: CutDisk
        let name: String

        var comment: Comment { "\(name)" }

        func make(
            _ body: () throws(HistoryError) -> Void,
            failed: () throws -> Void = {}
        ) throws {
            for attempt in 1...2 {
                do throws(HistoryError) {
                    return try body()
                } catch {
                    switch error {
                    case .full, .failed, .unreadable: break
                    default: Issue.record("\(error): \(comment)")
                    }
                    // What is asked about it is asked of a disk that works.
                    try disk.pausing(failed)
                    if attempt == 2 { disk.heal() }
                }
            }
            try body()
        }
    }
}
