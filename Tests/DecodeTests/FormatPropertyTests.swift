import Atlas
import Chance
import Testing

@testable import Decode

@Suite("Every format of the catalogue")
struct FormatPropertyTests {
    private static let names = FormatCatalog.all.map(\.name)

    private func format(_ name: String) throws -> any LogFormat {
        try #require(FormatCatalog.format(named: name))
    }

    @Test("has its own real lines, and takes each of them")
    func takesItsOwn() throws {
        for (name, lines) in FormatFixtures.all {
            let format = try format(name)
            for line in lines {
                let shape = FieldReading(format, line).parsed.shape
                #expect(shape != .unknown, "\(name): \(line)")
            }
        }
    }

    @Test("is guessed by its own lines")
    func isGuessed() {
        for (name, lines) in FormatFixtures.all {
            let guess = FormatGuess.format(of: lines.map { Array($0.utf8)[...] })
            #expect(guess.name == name)
        }
    }

    @Test("reads every cut of every real line, each within its bounds", arguments: names)
    func cuts(name: String) throws {
        let format = try format(name)
        for (_, lines) in FormatFixtures.all {
            for line in lines {
                let bytes = Array(line.utf8)
                for end in 0...bytes.count {
                    let isInside =
                        FieldReading.isInside(format, Array(bytes[..<end]))
                        && FieldReading.isInside(format, Array(bytes[end...]))
                    #expect(isInside, "\(end) of \(line)")
                }
            }
        }
    }

    @Test("reads any bytes, and real lines with bytes that were changed", arguments: names)
    func anyBytes(name: String) throws {
        let format = try format(name)
        var dice = Dice(4)
        let marks = Array("[](){}<>\"\\ :;,=-/.@#0123456789TZ\t\0é".utf8)
        let lines = FormatFixtures.all.flatMap(\.lines).map { Array($0.utf8) }
        for round in 0..<1_000 {
            var bytes = lines[round % lines.count]
            for _ in 0..<dice.roll(1...8) where !bytes.isEmpty {
                let index = dice.roll(bytes.indices)
                switch dice.roll(0...3) {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] = dice.byte()
                case 2: bytes[index] = dice.pick(marks)
                default: bytes.insert(dice.pick(marks), at: index)
                }
            }
            #expect(FieldReading.isInside(format, bytes), "\(bytes)")
            let noise = (0..<dice.roll(0...80)).map { _ in
                round % 2 == 0 ? dice.byte() : dice.pick(marks)
            }
            #expect(FieldReading.isInside(format, noise), "\(noise)")
        }
    }

    @Test("says the same of a line whether its fields are wanted or not", arguments: names)
    func sameWithoutFields(name: String) throws {
        let format = try format(name)
        for line in FormatFixtures.all.flatMap(\.lines) {
            let bytes = Array(line.utf8)
            let alone = format.parse(bytes.span.bytes)
            #expect(FieldReading(format, bytes).parsed == alone, "\(line)")
        }
    }

    /// Work that grew with the square of the length would take minutes here.
    @Test("reads long hostile lines in linear time", .timeLimit(.minutes(1)), arguments: names)
    func hostile(name: String) throws {
        let format = try format(name)
        let repeated = [
            "[", "]", "\"", "\\", " ", "\\\"", ": ", ", ", ":  ", "[]", " [", "a=", "a=\"", "] - ",
            "LOG:  ", "2026-11-23 06:58:17,081 ", "[23/Nov/2026:07:00:25 +0000] ", "0", "-", " - ",
            "erver ", ".rb:1", "a.", "(", "{", "/", "\t",
        ]
        let heads = FormatFixtures.all.first { $0.format == name }?.lines ?? []
        for text in repeated {
            let tail = Array(String(repeating: text, count: 65_536 / text.utf8.count).utf8)
            #expect(FieldReading.isInside(format, tail))
            for head in heads {
                let bytes = Array(head.utf8)
                #expect(FieldReading.isInside(format, bytes[..<(bytes.count / 2)] + tail))
                #expect(FieldReading.isInside(format, bytes + tail))
            }
        }
    }
}
