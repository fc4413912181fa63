import Testing

@testable import Evaluate

@Suite("Numbers and values that are read eight bytes at once")
struct ShortTextTests {
    private func number(_ text: String) -> FixedNumber? {
        Array(text.utf8).withUnsafeBytes(FixedNumber.init)
    }

    /// Short ones are read eight bytes at once; with zeros before them they are long ones.
    @Test("are the same with zeros before them")
    func isTheSame() {
        let texts = [
            "0", "7", "42", "123", "1234567", "12345678", "99999999", "0.5", "1.25", "12.25",
            "1.234567", "123456.7", "1234567.", "5.", "00.125", "1.5e3", "2e2", "12x", "1.2.3",
            "1.x",
            "1:2", "1/2", "1.25ms", "3 ",
        ]
        for text in texts {
            #expect(number(text) == number("000000000" + text), "\(text)")
        }
        #expect(number("12.25")?.units == 12_250_000_000)
        #expect(number("99999999")?.units == 99_999_999_000_000_000)
        #expect(number("1.234567")?.units == 1_234_567_000)
        #expect(number("5.")?.units == 5_000_000_000)
        for text in ["", ".", "-", "x", "1.2.3", "12x", "1:2", "١"] {
            #expect(number(text) == nil, "\(text)")
        }
    }

    @Test("are the same wherever they stand in other bytes")
    func isAPart() {
        for text in ["7", "12.25", "1234567", "12345678", "123456789", "-4", "x", "1.5e3"] {
            for before in 0..<10 {
                for behind in 0..<10 {
                    let whole =
                        String(repeating: "9", count: before) + text
                        + String(repeating: "8", count: behind)
                    let found = Array(whole.utf8).withUnsafeBytes {
                        FixedNumber(in: $0, from: before, count: text.utf8.count)
                    }
                    #expect(found == number(text), "\(text) in \(whole)")
                }
            }
        }
    }

    @Test("lead to the same group, read alone or as a part of other bytes")
    func isTheSameValue() {
        var table = GroupTable(columns: 1, limit: 100)
        for text in ["", "a", "status", "12345678", "123456789", "a longer value, of many bytes"] {
            let alone = Array(text.utf8).withUnsafeBytes { table.series(0, column: 0, $0) }
            for behind in 0..<10 {
                let whole = Array(("xy" + text + String(repeating: "z", count: behind)).utf8)
                let part = whole.withUnsafeBytes {
                    table.series(0, column: 0, in: $0, from: 2, count: text.utf8.count)
                }
                #expect(part == alone, "\(text)")
            }
        }
    }
}
