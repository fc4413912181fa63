import Atlas
import Chance
import Foundation
import GRDB
import Testing

@testable import History
@testable import HistoryFormat

@Suite("A history in which bytes were flipped", .timeLimit(.minutes(5)))
struct FlippedBytesTests {
    /// A history, its lines by their numbers, and whether its log was still beside it.
    private struct Sample {
        var image: DiskImage
        var lines: [UInt64: [UInt8]] = [:]
        var failovers: [FailoverRun] = []
        var end: Int
    }

    private func sample(_ seed: Int, hasLog: Bool) throws -> Sample {
        let folder = try Folder()
        let disk = try CutDisk(folder)
        var load = CrashLoad(seed)
        let writer = try HistoryWriter(path: folder.history)
        load.begin()
        try load.take(writer)
        for _ in 0..<12 {
            load.append(from: writer.nextLine)
            try load.take(writer)
        }
        let reader = try HistoryReader(path: folder.history)
        var sample = Sample(image: DiskImage(), end: load.count)
        for line in try reader.logs(LogQuery(limit: .max)).lines {
            sample.lines[line.record.number] = line.record.bytes
        }
        sample.failovers = try reader.failovers(since: .distantPast)
        if hasLog {
            sample.image = try DiskImage(of: folder)
            try writer.close()
        } else {
            try reader.queue.close()
            try writer.close()
            sample.image = try DiskImage(of: folder)
        }
        withExtendedLifetime(disk) {}
        return sample
    }

    @Test(
        "serves what is whole, counts what is not, and is whole after a repair",
        arguments: [false, true]
    )
    func flipped(hasLog: Bool) throws {
        let sample = try sample(hasLog ? 3 : 4, hasLog: hasLog)
        #expect(sample.image.files.keys.contains("history.db-wal") == hasLog)
        var dice = Dice(5)
        var repaired = 0
        var served = 0
        for round in 0..<CrashRounds.count(few: 60) {
            var image = sample.image
            let name = hasLog ? dice.pick(["history.db", "history.db-wal"]) : "history.db"
            flip(&image.files[name, default: []], &dice)
            let folder = try image.written()
            let disk = try CutDisk(folder)
            let result = try expectServed(folder, sample, hasLog: hasLog, "round \(round)")
            if result.isRepaired { repaired += 1 }
            served += result.lines
            withExtendedLifetime(disk) {}
        }
        #expect(repaired > 0)
        let rounds = CrashRounds.count(few: 60)
        // Of a file of some fifty pages one or more are damaged each time.
        #expect(served > rounds * sample.lines.count / 2)
        CrashRounds.say(
            "bytes flipped \(rounds) times: \(100 * served / rounds / sample.lines.count) % of lines "
                + "served, \(repaired) histories repaired"
        )
    }

    /// A bit, some bytes, or a page of them.
    private func flip(_ bytes: inout [UInt8], _ dice: inout Dice) {
        for _ in 0..<dice.pick([1, 1, 3, 20]) {
            let start = dice.roll(0...bytes.count - 1)
            switch dice.roll(1...4) {
            case 1: bytes[start] ^= 1 << UInt8(dice.roll(0...7))
            case 2: bytes[start] = UInt8(dice.roll(0...255))
            case 3:
                for index in start..<min(bytes.count, start + dice.roll(1...16)) {
                    bytes[index] = UInt8(dice.roll(0...255))
                }
            default:
                let page = start - start % 4_096
                let filler = dice.pick([0, 255, -1])
                for index in page..<min(bytes.count, page + 4_096) {
                    bytes[index] = filler < 0 ? UInt8(dice.roll(0...255)) : UInt8(filler)
                }
            }
        }
    }

    /// Whether there was something to repair, and it was; and how many lines were served before.
    private func expectServed(
        _ folder: Folder,
        _ sample: Sample,
        hasLog: Bool,
        _ comment: Comment
    ) throws -> (isRepaired: Bool, lines: Int) {
        guard let reader = try opened(folder.history, comment) else { return (false, 0) }
        let page = try words(comment) { () throws(HistoryError) in
            try reader.logs(LogQuery(limit: .max))
        }
        let isTrue = page?.lines.allSatisfy { sample.lines[$0.record.number] == $0.record.bytes }
        #expect(isTrue != false, comment)
        try askAll(reader, sample, comment)
        let verdict = try words(comment) { () throws(HistoryError) in try reader.verify() }
        // A log ends at the first record that is none: nothing tells what would have followed.
        if let page, let verdict, verdict.isWhole, !hasLog {
            #expect(page.lines.count == sample.lines.count, comment)
        }
        let served = page?.lines.count ?? 0
        guard let verdict, !verdict.isWhole, try repair(folder, verdict, comment) else {
            return (false, served)
        }
        let after = try HistoryReader(path: folder.history)
        let whole = try after.verify()
        #expect(whole.isWhole, "\(whole): \(comment)")
        let kept = try after.logs(LogQuery(limit: .max))
        #expect(kept.damaged == 0, comment)
        #expect(kept.lines.count >= served, comment)
        let writer = try HistoryWriter(path: folder.history)
        let picture = Picture(at: Instant(seconds: 0), estate: Estate())
        try writer.begin(testPlan, picture: picture, at: picture.at)
        #expect(try after.picture() == picture, comment)
        try writer.close()
        return (true, served)
    }

    private func askAll(_ reader: HistoryReader, _ sample: Sample, _ comment: Comment) throws {
        try words(comment) { () throws(HistoryError) in
            _ = try reader.histogram(LogQuery(), bucket: .seconds(1))
        }
        try words(comment) { () throws(HistoryError) in
            _ = try reader.logs(LogQuery(after: 40, isOldestFirst: true, limit: .max))
        }
        try words(comment) { () throws(HistoryError) in _ = try reader.picture() }
        try words(comment) { () throws(HistoryError) in
            _ = try reader.picture(at: Instant(seconds: 6))
        }
        try words(comment) { () throws(HistoryError) in
            _ = try reader.failovers(since: .distantPast)
        }
        try words(comment) { () throws(HistoryError) in
            _ = try reader.observations(after: 0, limit: .max)
        }
        try words(comment) { () throws(HistoryError) in _ = try reader.stats() }
    }

    private func opened(_ path: String, _ comment: Comment) throws -> HistoryReader? {
        do throws(HistoryError) {
            return try HistoryReader(path: path)
        } catch {
            switch error {
            // The head of the file is gone: what it was nobody can tell.
            case .damaged, .foreign, .newer, .failed, .unreadable: return nil
            default: Issue.record("\(error): \(comment)")
            }
            return nil
        }
    }

    @discardableResult
    private func words<Result>(
        _ comment: Comment,
        _ body: () throws(HistoryError) -> Result
    ) throws -> Result? {
        do throws(HistoryError) {
            return try body()
        } catch {
            if case .damaged = error { return nil }
            Issue.record("\(error): \(comment)")
            return nil
        }
    }

    /// False where not even the tables' names are left: the file is as it was then.
    private func repair(
        _ folder: Folder,
        _ verdict: HistoryVerdict,
        _ comment: Comment
    ) throws -> Bool {
        guard verdict.needsRebuilding else {
            let writer = try HistoryWriter(path: folder.history)
            try writer.quarantine(verdict.damaged)
            try writer.close()
            return true
        }
        let before = try DiskImage(of: folder)
        do throws(HistoryError) {
            let repair = try HistoryRepair.rebuild(folder.history)
            #expect(FileManager.default.fileExists(atPath: repair.aside), comment)
            return true
        } catch {
            guard case .damaged = error else {
                Issue.record("\(error): \(comment)")
                return false
            }
            #expect(try DiskImage(of: folder).files == before.files, comment)
            return false
        }
    }
}
