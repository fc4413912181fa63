import Atlas
import Testing

@testable import Decode

@Suite("Searches through the bytes of a line")
struct ByteSearchTests {
    /// Among them a tail of eight bytes, one that is moved down, and a search far ahead.
    @Test("find a byte where a look at each one finds it, whatever the length")
    func findsAByte() {
        var wrong: [String] = []
        for length in Array(0..<36) + [63, 64, 65] {
            for place in 0..<max(1, length) {
                var bytes = [UInt8](repeating: 0x61, count: length)
                if length > 0 { bytes[place] = 0x20 }
                for start in 0...length {
                    for end in stride(from: start, through: length, by: 3) {
                        let wanted = start <= place && place < end ? place : end
                        let found = bytes.span.bytes.next(0x20, from: start, to: end)
                        let either = bytes.span.bytes.next(0x22, or: 0x20, from: start, to: end)
                        if found != wanted || either != wanted {
                            wrong.append("\(place) of \(length) in \(start)..<\(end)")
                        }
                    }
                }
            }
        }
        #expect(wrong == [])
    }

    @Test("find a text where a look at each place finds it, among beginnings of it")
    func findsAText() {
        var wrong: [String] = []
        for length in 0..<40 {
            for place in 0...length {
                var bytes = Array(Array(repeating: Array("erve".utf8), count: 20).joined())
                bytes.removeLast(bytes.count - length)
                bytes.insert(contentsOf: Array("erver ".utf8), at: place)
                for start in 0...bytes.count {
                    let wanted = (start..<max(start, bytes.count - 5)).first { offset in
                        bytes[offset...].starts(with: Array("erver ".utf8))
                    }
                    let found = bytes.span.bytes.find("erver ", from: start)
                    if found != wanted { wrong.append("\(place) of \(length) from \(start)") }
                }
            }
        }
        #expect(wrong == [])
    }

    @Test("take NUL, 0xFF and the neighbours of the wanted byte for what they are")
    func takesAnyByte() {
        for wanted in [UInt8(0), 0x20, 0x7F, 0x80, 0xFF] {
            let others: [UInt8] = [0, 1, 0x1F, 0x20, 0x21, 0x7F, 0x80, 0x81, 0xA0, 0xFE, 0xFF]
            let bytes = others.filter { $0 != wanted } + [wanted] + others
            let found = bytes.span.bytes.next(wanted, from: 0)
            #expect(found == bytes.firstIndex(of: wanted))
            let pair = bytes.span.bytes.next(wanted, or: wanted, from: 0)
            #expect(pair == bytes.firstIndex(of: wanted))
            // Zeros stand for what is behind the line; they are not found there.
            let none = [UInt8](repeating: 0x61, count: 5)
            let nowhere = none.span.bytes.next(0, from: 0)
            #expect(nowhere == 5)
        }
    }

    @Test("find the end of digits, and the letters, where a look at each byte finds them")
    func findsKinds() {
        var wrong: [String] = []
        for byte in UInt8.min...UInt8.max {
            for length in [1, 7, 8, 9, 20, 70] {
                for place in 0..<length {
                    var bytes = [UInt8](repeating: 0x37, count: length)
                    bytes[place] = byte
                    let isDigit = (0x30...0x39).contains(byte)
                    let end = bytes.span.bytes.endOfDigits(from: 0)
                    let behind = bytes.span.bytes.endOfDigits(from: min(place + 1, length))
                    let letters = bytes.span.bytes.letters(from: 0)
                    let isLetter = (0x61...0x7A).contains(byte | 0x20) && place < 64
                    if end != (isDigit ? length : place) || behind != length
                        || letters != (isLetter ? UInt64(1) << UInt64(place) : 0)
                    {
                        wrong.append("\(byte) at \(place) of \(length)")
                    }
                }
            }
        }
        #expect(wrong == [])
    }

    @Test("find the closing quote behind escaped ones")
    func closesQuotes() {
        let bytes = Array(#"a\"b\\" rest""#.utf8)
        let (end, isPlain) = bytes.span.bytes.closingQuote(from: 0) ?? (-1, true)
        #expect(end == 6)
        #expect(!isPlain)
        for (text, wanted) in [(#"open\""#, nil), (#"open\"#, nil), (#"x"y"#, true)] {
            let other = Array(text.utf8)
            let isPlain: Bool? = other.span.bytes.closingQuote(from: 0)?.isPlain
            #expect(isPlain == wanted, "\(text)")
        }
    }

    @Test("read decimal numbers, and nothing else")
    func readsDecimals() {
        func decimal(_ text: String, _ range: Range<Int>) -> Int? {
            let bytes = Array(text.utf8)
            return bytes.span.bytes.decimal(range)
        }
        #expect(decimal("12345 x", 0..<5) == 12_345)
        #expect(decimal("12345 x", 0..<6) == nil)
        #expect(decimal("12345 x", 0..<0) == nil)
        #expect(decimal("12345 x", 5..<9) == nil)
        #expect(decimal("1234567890123456789012", 0..<22) == nil)
        let bytes = Array("12345 x".utf8)
        let end = bytes.span.bytes.endOfDigits(from: 1)
        #expect(end == 5)
    }
}

@Suite("Times as they stand in a line")
struct WrittenTimeTests {
    private static func iso(_ text: String, _ reader: inout TimeReader) -> (
        ParsedLine.Time, Int, isFine: Bool
    )? {
        let bytes = Array(text.utf8)
        return reader.iso8601(bytes.span.bytes, at: 0).map { ($0.time, $0.next, $0.isFine) }
    }

    private static func access(_ bytes: [UInt8], _ reader: inout TimeReader) -> ParsedLine.Time? {
        reader.access(bytes.span.bytes, at: 0)?.time
    }

    private static func syslog(
        _ text: String,
        at start: Int,
        _ reader: inout TimeReader
    ) -> WrittenTime? {
        let bytes = Array(text.utf8)
        return reader.syslog(bytes.span.bytes, at: start)
    }

    private static func instant(_ text: String) throws -> Instant {
        try #require(Instant(rfc3339: text))
    }

    @Test(
        "of ISO 8601 are read with all that is usual beside RFC 3339",
        arguments: [
            ("2026-11-23T07:00:25.586123+09:00 x", "2026-11-22T22:00:25.586123Z", 32),
            ("2026-11-23T07:00:25Z", "2026-11-23T07:00:25Z", 20),
            ("2026-11-23 07:00:25,5 +0100", "2026-11-23T06:00:25.500Z", 27),
            ("2026-11-23 07:00:25.123 UTC [1]", "2026-11-23T07:00:25.123Z", 27),
            ("2026-11-23T07:00:25.1234567899-07", "2026-11-23T14:00:25.123456789Z", 33),
            ("2024-02-29_23:59:60z", "2024-03-01T00:00:00Z", 20),
        ]
    )
    func readsISO(text: String, wanted: String, next: Int) throws {
        var reader = TimeReader()
        // The second time it is known.
        for _ in 0..<2 {
            let known = Self.iso(text, &reader)
            let read = try #require(known)
            #expect(read.0 == .exact(try Self.instant(wanted)))
            #expect(read.1 == next)
        }
    }

    @Test("without a zone are told to be without one")
    func tellsMissingZone() throws {
        var reader = TimeReader()
        let wanted = try Self.instant("2026-11-23T07:00:25.250Z")
        for text in ["2026-11-23 07:00:25.25", "2026-11-23 07:00:25.25 +10 widgets"] {
            let known = Self.iso(text, &reader)
            let read = try #require(known)
            #expect(read.0 == .zoneUnknown(wanted))
            #expect(read.1 == 22)
            #expect(read.isFine)
        }
    }

    @Test(
        "that do not exist are none",
        arguments: [
            "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-23T24:61:00Z",
            "2026-11-23X07:00:25Z", "2026-11-23T07:00:2", "", "2026/11/23 07:00:25",
        ]
    )
    func refuses(text: String) {
        var reader = TimeReader()
        for (tried, isTime) in [(text, false), ("2026-11-23T07:00:25Z", true), (text, false)] {
            let read = Self.iso(tried, &reader)
            #expect((read != nil) == isTime)
        }
    }

    @Test("are not mixed up with the one before, whichever byte is another")
    func comparesAllBytes() throws {
        var reader = TimeReader()
        let first = Array("10/Oct/2000:13:55:36 -0700".utf8)
        let wanted = try Self.instant("2000-10-10T20:55:36Z")
        for index in first.indices {
            var other = first
            other[index] = other[index] == 0x30 ? 0x31 : 0x30
            let known = Self.access(first, &reader)
            #expect(known == .exact(wanted))
            let read = Self.access(other, &reader)
            #expect(read != .exact(wanted), "byte \(index)")
        }
    }

    @Test("of syslog have a day that is padded with a blank or a zero, and perhaps a fraction")
    func readsSyslog() throws {
        var reader = TimeReader()
        for text in ["Nov  3 07:00:25 x", "Nov 03 07:00:25", "xNov  3 07:00:25.125 x"] {
            let start = text.hasPrefix("x") ? 1 : 0
            let found = Self.syslog(text, at: start, &reader)
            let read = try #require(found)
            guard case .yearUnknown(let civil, nil) = read.time else {
                Issue.record("\(read.time)")
                continue
            }
            #expect(civil.day == 3 && civil.month == 11 && civil.second == 25)
            #expect(civil.nanosecond == (start == 1 ? 125_000_000 : 0))
            #expect(read.isFine == (start == 1))
        }
        let none = Self.syslog("Feb 30 07:00:25", at: 0, &reader)
        #expect(none?.next == nil)
    }

    @Test("made of NULs are none, though nothing was read before")
    func refusesNULs() {
        var reader = TimeReader()
        let bytes = [UInt8](repeating: 0, count: 40)
        let text = String(decoding: bytes, as: UTF8.self)
        let full = Self.iso(text, &reader)
        let access = Self.access(bytes, &reader)
        let short = Self.syslog(text, at: 0, &reader)
        #expect(full?.1 == nil)
        #expect(access == nil)
        #expect(short?.next == nil)
    }
}
