import Atlas
import Chance
import Testing

@testable import History
@testable import HistoryFormat

@Suite("A history whose power is cut", .timeLimit(.minutes(10)))
struct PowerCutTests {
    private static let cutsOfWriter = 4
    private static let writers = 3

    @Test("holds all that was acknowledged, and of nothing a part")
    func cut() throws {
        let rounds = CrashRounds.count(few: 60)
        var cuts = 0
        var seed = 0
        while cuts < rounds {
            seed += 1
            cuts += try cut(seed: seed)
        }
        CrashRounds.say("power cut \(cuts) times: every history opened, all acknowledged was there")
    }

    /// Writers after one another, each going on with what a power cut left of the one before.
    private func cut(seed: Int) throws -> Int {
        var dice = Dice(seed)
        var load = CrashLoad(seed)
        var image = DiskImage()
        for writer in 0..<Self.writers {
            let before = load.count
            let folder = try image.written()
            let disk = try CutDisk(folder)
            try work(&load, folder, disk, &dice)
            var moments = (0..<Self.cutsOfWriter).map { _ in dice.roll(0...disk.count) }
            // The start has few events, and each of its own kind.
            moments[0] = dice.roll(0...min(60, disk.count))
            var end = before
            for moment in moments {
                image = disk.image(before: moment, &dice)
                let kept = disk.acknowledged(before: moment) ?? before
                end = try load.expectWhole(
                    try image.written(),
                    kept...min(kept + 1, load.count),
                    "seed \(seed), writer \(writer), event \(moment) of \(disk.count)"
                )
            }
            load.cut(to: end)
        }
        return Self.writers * Self.cutsOfWriter
    }

    private func work(
        _ load: inout CrashLoad,
        _ folder: Folder,
        _ disk: CutDisk,
        _ dice: inout Dice,
        synchronous: String = "FULL"
    ) throws {
        for _ in 0..<dice.roll(1...2) {
            let writer = try load.open(folder)
            if synchronous != "FULL" {
                try CrashLoad.pragma("synchronous = \(synchronous)", writer)
            }
            load.begin()
            try load.take(writer)
            disk.acknowledge(load.count)
            for _ in 0..<dice.roll(3...12) {
                load.append(from: writer.nextLine)
                try load.take(writer)
                disk.acknowledge(load.count)
                try load.tidy(writer)
            }
            if dice.isLucky(50) { try writer.close() }
        }
    }

    @Test("would miss what was acknowledged, though nothing is torn, were its log synced less")
    func normal() throws {
        var dice = Dice(1)
        var load = CrashLoad(1)
        let folder = try Folder()
        let disk = try CutDisk(folder)
        try work(&load, folder, disk, &dice, synchronous: "NORMAL")
        var missing = 0
        for _ in 0..<12 {
            let moment = dice.roll(disk.count / 2...disk.count)
            let kept = disk.acknowledged(before: moment) ?? 0
            let image = disk.image(before: moment, &dice)
            let held = try load.expectWhole(
                try image.written(),
                0...min(kept + 1, load.count),
                "event \(moment)"
            )
            if held < kept { missing += 1 }
        }
        #expect(missing > 0)
    }

    @Test("becomes one of this version later, where that was cut", arguments: [1, 2])
    func migration(version: Int) throws {
        var dice = Dice(version)
        let folder = try Folder()
        var chunks: [LogChunk] = []
        for _ in 0..<8 {
            let first = chunks.last.map { $0.firstLine + UInt64($0.count) } ?? 1
            chunks.append(dice.chunk(firstLine: first, upTo: 90, sources: 3))
        }
        try OldHistory.make(folder.history, version: version, chunks)
        let disk = try CutDisk(folder)
        try HistoryWriter(path: folder.history).close()
        for _ in 0..<8 {
            let moment = dice.roll(0...disk.count)
            let image = try disk.image(before: moment, &dice).written()
            let writer = try HistoryWriter(path: image.history)
            #expect(try writer.positions() == [OldHistory.position])
            let reader = try HistoryReader(path: image.history)
            #expect(try reader.version == Schema.version)
            #expect(try reader.verify().isWhole)
            let lines = try reader.logs(LogQuery(limit: .max)).lines.map(\.record.bytes)
            let isSame = lines == chunks.flatMap(\.lines)
            #expect(isSame, "event \(moment)")
        }
    }
}
