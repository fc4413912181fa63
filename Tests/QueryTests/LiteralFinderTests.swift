import Chance
import Testing

@testable import Query

@Suite("A literal in bytes")
struct LiteralFinderTests {
    @Test("is found where a plain look finds it first", arguments: 0..<300)
    func sameAsPlain(seed: Int) {
        var dice = Dice(seed)
        let alphabet = Array("aAbB .zZ09[@`{".utf8) + [0, 0xC3, 0x9F, 0xFF]
        let letters = alphabet.prefix(dice.roll(2...alphabet.count))
        let bytes = (0..<dice.roll(0...300)).map { _ in dice.pick(Array(letters)) }
        let length = dice.roll(0...7)
        var needle = (0..<length).map { _ in dice.pick(Array(letters.filter { $0 < 0x80 })) }
        if dice.isLucky(50), bytes.count > length {
            let start = dice.roll(0...bytes.count - length)
            needle = bytes[start..<start + length].map { $0 < 0x80 ? $0 : 65 }
        }
        let ignoresCase = dice.isLucky(50)
        let start = dice.roll(0...bytes.count)
        let range = start..<dice.roll(start...bytes.count)

        func fold(_ byte: UInt8) -> UInt8 {
            ignoresCase && (65...90).contains(byte) ? byte + 32 : byte
        }
        let plain = range.first { place in
            place + needle.count <= range.upperBound
                && zip(bytes[place...], needle).allSatisfy { fold($0) == fold($1) }
        }
        let finder = LiteralFinder(
            String(decoding: needle, as: UTF8.self),
            ignoresCase: ignoresCase
        )
        let found = bytes.withUnsafeBytes { finder.first(in: $0, range) }
        #expect(found == (needle.isEmpty ? range.lowerBound : plain))
    }
}
