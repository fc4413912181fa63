import Atlas
import Chance
import Foundation
import GRDB
import Testing

@testable import History
@testable import HistoryFormat

@Suite("An export of lines")
struct HistoryTransferTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// A history of random lines: all levels, some late, empty, binary, huge, with gaps between.
    private func history(_ name: String, _ dice: inout Dice) throws -> HistoryReader {
        let path = "\(folder.path)/\(name).db"
        let writer = try HistoryWriter(path: path)
        let picture = Picture(at: Instant(seconds: 0), estate: Estate())
        try writer.begin(testPlan, picture: picture, at: picture.at)
        for step in 1...12 {
            let gap = dice.isLucky(20) ? UInt64(dice.roll(1...50)) : 0
            let first = writer.nextLine + gap
            let chunk =
                step == 5
                ? LogChunk.plain(Self.odd, from: first, at: Instant(nanoseconds: .max - 1))
                : dice.chunk(firstLine: first, upTo: 120, sources: 3)
            try writer.append(HistoryBatch(at: Instant(seconds: Int64(step)), chunks: [chunk]))
        }
        try writer.close()
        return try HistoryReader(path: path)
    }

    private static let odd: [[UInt8]] = [
        [], [0], [13], Array("a\rb\r".utf8), Array("two\nlines\n".utf8), Array("\"\\/\u{7f}".utf8),
        Array("=1+1".utf8), Array("\u{2028}暗い😀".utf8), [0xC3], [0xED, 0xA0, 0x80], Array(0...255),
        [UInt8](repeating: 0x78, count: 100_000), Array("{\"number\":1}".utf8), [0xEF, 0xBB, 0xBF],
    ]

    private func export(_ reader: HistoryReader) throws -> [UInt8] {
        var text = ExportText()
        try text.add(try reader.exportHead())
        let lines = try reader.logs(LogQuery(isOldestFirst: true, limit: .max)).lines
        for line in lines { text.add(line) }
        try text.add(ExportEnd(lines: lines.count, damaged: 0))
        return text.bytes
    }

    private func records(_ text: [UInt8]) throws -> [ExportRecord] {
        try text.split(separator: 10).map { line in
            try Array(line).withUnsafeBytes { try ExportRecord($0) }
        }
    }

    @discardableResult
    private func take(
        _ records: [ExportRecord],
        into writer: HistoryWriter,
        batch: Int
    ) throws -> ImportedRange? {
        var lines: [StoredLine] = []
        for record in records {
            switch record {
            case .head(let head): try writer.beginImport(head, at: Instant(seconds: 9))
            case .line(let line): lines.append(line)
            case .end, .other: break
            }
        }
        var all: ImportedRange?
        for start in stride(from: 0, to: lines.count, by: batch) {
            let piece = Array(lines[start..<min(lines.count, start + batch)])
            guard
                let range = try writer.take(
                    piece,
                    position: nil,
                    at: Instant(seconds: 2_000_000_000)
                )
            else { continue }
            all = ImportedRange(
                first: all?.first ?? range.first,
                last: range.last,
                renumbered: (all?.renumbered ?? 0) + range.renumbered
            )
        }
        return all
    }

    @Test("that is imported and exported again is the same to the byte", arguments: 1...4)
    func roundTrip(seed: Int) throws {
        var dice = Dice(seed)
        let first = try export(history("a", &dice))
        let path = folder.path + "/b.db"
        let writer = try HistoryWriter(path: path)
        try take(records(first), into: writer, batch: dice.pick([1, 7, 300, 100_000]))
        try writer.close()
        let reader = try HistoryReader(path: path)
        #expect(try export(reader) == first)
        #expect(try reader.verify().isWhole)
        // It can be asked as any other, also for what was "15m ago".
        let newest = try reader.picture()?.at
        #expect(newest == Instant(seconds: 2_000_000_000))
    }

    @Test("holds each line as it came, what is no text as base64")
    func lines() throws {
        var dice = Dice(9)
        let reader = try history("a", &dice)
        let lines = try reader.logs(LogQuery(isOldestFirst: true, limit: .max)).lines
        let read = try records(export(reader)).compactMap { record -> StoredLine? in
            guard case .line(var line) = record else { return nil }
            line.record.source = 0
            return line
        }
        #expect(
            read
                == lines.map { line in
                    var line = line
                    line.record.source = 0
                    return line
                }
        )
        #expect(Set(read.map(\.record.level)) == Set(Level.allCases))
        let text = try #require(String(validating: try export(reader), as: UTF8.self))
        for line in text.split(separator: "\n") {
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            #expect(value is [String: Any])
        }
    }

    @Test("gets the next numbers in a history that has lines, and changes nothing of those")
    func renumbers() throws {
        var dice = Dice(10)
        let source = try history("a", &dice)
        let exported = try records(export(source))
        let wanted = try source.logs(LogQuery(isOldestFirst: true, limit: .max)).lines
        let target = try history("b", &dice)
        let before = try target.logs(LogQuery(isOldestFirst: true, limit: .max)).lines
        let picture = try target.picture()
        let writer = try HistoryWriter(path: folder.path + "/b.db")
        let next = writer.nextLine
        let range = try take(exported, into: writer, batch: 100)
        #expect(range?.first == next)
        #expect((range?.renumbered ?? 0) > 0)
        let after = try target.logs(LogQuery(isOldestFirst: true, limit: .max)).lines
        #expect(Array(after.prefix(before.count)) == before)
        #expect(after.dropFirst(before.count).map(\.record.bytes) == wanted.map(\.record.bytes))
        #expect(Set(after.map(\.record.number)).count == after.count)
        #expect(try target.picture()?.estate == picture?.estate)
        // The next run goes on behind them.
        let newest = try #require(after.last?.record.number)
        #expect(writer.nextLine == newest + 1)
        try writer.begin(
            testPlan,
            picture: Picture(at: .init(seconds: 1), estate: Estate()),
            at: .init(seconds: 1)
        )
        try writer.append(
            HistoryBatch(
                at: Instant(seconds: 2),
                chunks: [.plain([[1]], from: writer.nextLine, at: Instant(seconds: 2))]
            )
        )
    }

    @Test("keeps how far it was read with the lines, and how its sources are read")
    func position() throws {
        let writer = try HistoryWriter(path: folder.history)
        var head = ExportHead()
        head.sources = [.init(name: "app", resource: "web1", format: "json")]
        try writer.beginImport(head, at: Instant(seconds: 1))
        let position = ReadPosition(
            source: "(import)",
            device: 0,
            inode: 7,
            offset: 8,
            head: 9,
            tail: 10
        )
        _ = try writer.take([], position: position, at: Instant(seconds: 1))
        let reader = try HistoryReader(path: folder.history)
        #expect(try reader.positions() == [position])
        #expect(try reader.exportHead() == head)
    }

    @Test("is never taken for what it is not, however it is broken", arguments: 1...2)
    func damage(seed: Int) throws {
        var dice = Dice(seed)
        let lines = try export(history("a", &dice)).split(separator: 10)
            .filter { $0.count < 500 }
        for _ in 0..<1_000 {
            var line = Array(dice.pick(lines))
            for _ in 0..<dice.roll(1...3) {
                let place = dice.roll(0...line.count - 1)
                switch dice.roll(1...3) {
                case 1: line[place] = UInt8(dice.roll(0...255))
                case 2: line.removeSubrange(place...)
                default: line.insert(UInt8(dice.roll(0...255)), at: place)
                }
                if line.isEmpty { line = [0x7B] }
            }
            let isJSON = (try? JSONSerialization.jsonObject(with: Data(line))) is [String: Any]
            let record = try? line.withUnsafeBytes { try ExportRecord($0) }
            // What is read is JSON to others, too.
            if record != nil { #expect(isJSON) }
        }
    }
}
