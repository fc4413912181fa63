import Chance
import Testing

@testable import Wire

@Suite("JSON in the making")
struct JSONSinkTests {
    /// RFC 8259 section 7, byte by byte.
    private static func escaped(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = [0x22]
        for byte in bytes {
            switch byte {
            case 0x22, 0x5C: text += [0x5C, byte]
            case 0x08: text += Array("\\b".utf8)
            case 0x09: text += Array("\\t".utf8)
            case 0x0A: text += Array("\\n".utf8)
            case 0x0C: text += Array("\\f".utf8)
            case 0x0D: text += Array("\\r".utf8)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                text += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: text.append(byte)
            }
        }
        return text + [0x22]
    }

    private static func quoted(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var sink = JSONSink(capacity: 16)
        sink.appendQuoted(bytes.span.bytes, range)
        return sink.take()
    }

    @Test("escapes each byte, at each place of a word and at each distance to the end")
    func everyByte() {
        for byte in UInt8.min...UInt8.max {
            for before in 0..<9 {
                for after in 0..<10 {
                    // Behind the text more may follow, which is no part of it.
                    let text =
                        [UInt8](repeating: 0x61, count: before) + [byte]
                        + [UInt8](repeating: 0x5C, count: after)
                    for end in before + 1...text.count {
                        #expect(Self.quoted(text, 0..<end) == Self.escaped(text[0..<end]))
                    }
                }
            }
        }
    }

    @Test("escapes texts of any bytes, longer than what it writes between two looks at its room")
    func longTexts() {
        var dice = Dice(7)
        for density in [1, 3, 40, 5_000] {
            let text = (0..<20_000).map { _ in
                UInt8(dice.roll(0..<density) == 0 ? dice.roll(0..<0x60) : dice.roll(0x61...0xF0))
            }
            for start in 0..<9 {
                let range = start..<(text.count - start)
                #expect(Self.quoted(text, range) == Self.escaped(text[range]))
            }
        }
    }

    @Test("writes numbers as they are", arguments: 0..<20)
    func numbers(digits: Int) {
        let power = (0..<digits).reduce(1 as UInt64) { value, _ in value * 10 }
        for value in [power - 1, power, power + 1, power &* 9 / 7, UInt64.max] {
            var sink = JSONSink(capacity: 1)
            sink.appendDecimal(value)
            #expect(String(decoding: sink.take(), as: UTF8.self) == "\(value)")
        }
    }

    @Test(
        "writes nanoseconds with nine digits",
        arguments: [0, 1, 9, 10, 99, 12_345, 99_999_999, 100_000_000, 123_456_789, 999_999_999]
    )
    func nanoseconds(_ value: Int) {
        var sink = JSONSink(capacity: 1)
        sink.appendNanoseconds(value)
        let digits = "\(value)"
        #expect(
            String(decoding: sink.take(), as: UTF8.self)
                == String(repeating: "0", count: 9 - digits.count) + digits
        )
    }
}
