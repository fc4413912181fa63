import Atlas
import Chance
import Foundation
import Testing

@testable import History
@testable import HistoryFormat

@Suite("What is past its time")
struct HistoryRetentionTests {
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

    /// 1,000 lines that pack badly, arrived at that second; about 50 KiB in the file.
    private func chunk(_ second: Int, _ dice: inout Dice) -> LogChunk {
        let lines = (0..<1_000).map { _ in dice.bytes(50) }
        return .plain(lines, from: writer.nextLine, at: Instant(seconds: Int64(second)))
    }

    private func keep(_ seconds: ClosedRange<Int>, _ dice: inout Dice) throws {
        for second in seconds {
            let at = Instant(seconds: Int64(second))
            var intake = Intake()
            intake.lines = Int(writer.nextLine) + 999
            try writer.append(
                HistoryBatch(
                    at: at,
                    chunks: [chunk(second, &dice)],
                    observations: [
                        JournalEntry(
                            line: writer.nextLine,
                            input: Input(at: at, event: .mark("note \(second)"))
                        )
                    ],
                    parts: [.intake(intake), .clock(at)]
                )
            )
        }
    }

    @Test("goes by the age of its arrival, with words of how much; what is younger stays")
    func age() throws {
        var dice = Dice(1)
        try keep(1...64, &dice)
        let result = try writer.retain(
            Retention(
                lines: .init(age: .seconds(20)),
                inputs: .init(age: .seconds(10)),
                states: .init(age: .seconds(30))
            ),
            at: Instant(seconds: 64)
        )
        let lines = try reader.logs(LogQuery(limit: .max)).lines
        #expect(lines.first.map { $0.record.arrival <= Instant(seconds: 44) } == true)
        #expect(
            Set(lines.map(\.record.arrival)).isSuperset(of: (44...64).map { Instant(seconds: $0) })
        )
        #expect(result[.lines]?.count == 64_000 - lines.count)
        #expect(lines.count < 64_000)
        let notes = try reader.observations(after: 0, limit: 100)
        #expect(notes.map(\.input.at) == (54...64).map { Instant(seconds: Int64($0)) })
        #expect(result[.inputs]?.count == 53)
        // The picture can still be asked for from then on.
        for second in 34...64 {
            let picture = try reader.picture(at: Instant(seconds: Int64(second)))
            #expect(picture?.intake.lines == second * 1_000)
        }
        let stats = try reader.stats()
        #expect(stats.parts.first { $0.kind == .lines }?.dropped == result[.lines])
        #expect(stats.parts.first { $0.kind == .inputs }?.dropped.until == Instant(seconds: 53))
    }

    @Test("goes by bytes, so that neither what is kept nor the file grows any more")
    func budget() throws {
        var dice = Dice(2)
        let budget = 2 << 20
        let retention = Retention(
            lines: .init(bytes: budget),
            inputs: .init(bytes: 1_000),
            states: .init(bytes: 20_000)
        )
        var sizes: [Int] = []
        for step in 0..<15 {
            for second in (step * 10 + 1)...(step * 10 + 10) {
                try keep(second...second, &dice)
                _ = try writer.retain(retention, at: Instant(seconds: Int64(second)))
            }
            let stats = try reader.stats()
            let parts = Dictionary(uniqueKeysWithValues: stats.parts.map { ($0.kind, $0) })
            #expect(parts[.lines].map { $0.bytes <= budget } == true)
            #expect(parts[.inputs].map { $0.bytes <= 1_000 && $0.count > 1 } == true)
            sizes.append(stats.fileBytes)
        }
        #expect(try reader.stats().parts[0].bytes > budget / 2)
        #expect(try #require(sizes.last) <= sizes[8] + 256 * 1_024)
        #expect(try reader.picture(at: Instant(seconds: 150))?.intake.lines == 150_000)
    }

    @Test("leaves the newest, from which numbers go on")
    func newest() throws {
        var dice = Dice(3)
        try keep(1...3, &dice)
        let (line, observation) = (writer.nextLine, writer.nextObservation)
        let nothing = Retention.Limit(age: .seconds(1), bytes: 0)
        let retention = Retention(lines: nothing, inputs: nothing, states: nothing)
        _ = try writer.retain(retention, at: Instant(seconds: 9_999))
        try writer.close()
        let again = try HistoryWriter(path: folder.history)
        #expect(again.nextLine == line)
        #expect(again.nextObservation == observation)
        #expect(try HistoryReader(path: folder.history).logs(LogQuery(limit: 1)).lines.count == 1)
    }

    @Test("is nothing where no bound was set")
    func endless() throws {
        var dice = Dice(4)
        try keep(1...3, &dice)
        #expect(try writer.retain(Retention(), at: Instant(seconds: 9_999_999)).isEmpty)
        #expect(try reader.logs(LogQuery(limit: .max)).lines.count == 3_000)
    }

    @Test("gives pages back to the system once much of the file is free")
    func givesBack() throws {
        var dice = Dice(5)
        try keep(1...200, &dice)
        let before = try reader.stats().fileBytes
        let retention = Retention(lines: .init(age: .seconds(10)))
        for _ in 0..<20 { _ = try writer.retain(retention, at: Instant(seconds: 200)) }
        #expect(try reader.stats().fileBytes < before / 2)
        #expect(try reader.verify().isWhole)
    }
}
