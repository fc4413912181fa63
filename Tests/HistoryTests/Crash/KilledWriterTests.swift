import Atlas
import Chance
import Foundation
import GRDB
import Testing

@testable import History
@testable import HistoryFormat

@Suite("A writer that is killed", .timeLimit(.minutes(10)), .serialized)
struct HistoryCrashTests {
    @Test("leaves all that it had acknowledged, twenty times on one file")
    func killed() throws {
        let rounds = CrashRounds.count(few: 20)
        for first in stride(from: 1, through: rounds, by: 20) {
            try kill(first...min(first + 19, rounds))
        }
        CrashRounds.say("killed \(rounds) times: every history opened, all acknowledged was there")
    }

    private func kill(_ rounds: ClosedRange<Int>) throws {
        let folder = try Folder()
        var dice = Dice(10 + rounds.lowerBound)
        var acknowledged: (line: UInt64, observation: Int64) = (1, 1)
        for round in rounds {
            let child = try Child("write", folder.history, "\(round)")
            let acks = round == rounds.lowerBound ? 0 : dice.roll(0...30)
            var last: String?
            for _ in 0...acks {
                last = child.line()
                #expect(last != nil)
            }
            child.kill()
            // What it said between the last line read and its end counts as well.
            while let line = child.line() { last = line }
            if let numbers = last?.split(separator: " ").compactMap({ UInt64($0) }),
                numbers.count == 2
            {
                acknowledged = (numbers[0], Int64(numbers[1]))
            }
            try expectWhole(folder.history, atLeast: acknowledged)
        }
        #expect(acknowledged.line > 100)
    }

    private func expectWhole(
        _ path: String,
        atLeast acknowledged: (line: UInt64, observation: Int64)
    ) throws {
        // A reader first: it must manage without a writer having tidied up.
        let reader = try HistoryReader(path: path)
        let integrity = try reader.reading { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check")
        }
        #expect(integrity == ["ok"])
        let page = try reader.logs(LogQuery(limit: .max))
        #expect(page.damaged == 0)
        let writer = try HistoryWriter(path: path)
        #expect(writer.nextLine >= acknowledged.line)
        #expect(writer.nextObservation >= acknowledged.observation)
        #expect(page.lines.count == Int(writer.nextLine) - 1)
        for (index, line) in page.lines.enumerated() {
            #expect(line.record.message.hasPrefix("line \(index + 1) "))
        }
        // Lines, position and picture moved together.
        let read = page.lines.reduce(0) { $0 + $1.record.bytes.count + 1 }
        #expect(try writer.positions().map(\.offset) == (read == 0 ? [] : [UInt64(read)]))
        #expect(try reader.picture()?.intake.lines == page.lines.count)
        try writer.close()
    }
}
