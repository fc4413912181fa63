import Atlas
import Testing

@testable import Decode

@Suite("Searches through the bytes of a line")
struct ByteSearchTests {
    /// Every length to 70 has each of: a tail of eight bytes, one moved down, and a far search.
    @Test("find a byte where a look at each one finds it, whatever the length")
    func findsAByte() {
        for length in 0..<70 {
            for place in 0..<max(1, length) {
                var bytes = [UInt8](repeating: 0x61, count: length)
                if length > 0 { bytes[place] = 0x20 }
                for start in 0...length {
                    for end in start...length {
                        let wanted = bytes[start..<end].firstIndex(of: 0x20) ?? end
                        let found = bytes.span.bytes.next(0x20, from: start, to: end)
                        #expect(found == wanted, "length \(length), \(place) in \(start)..<\(end)")
                        let either = bytes.span.bytes.next(0x22, or: 0x20, from: start, to: end)
                        #expect(either == wanted)
                    }
                }
            }
        }
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
            #expect(none.span.bytes.next(0, from: 0) == 5)
        }
    }

    @Test("find the closing quote behind escaped ones")
    func closesQuotes() {
        let bytes = Array(#"a\"b\\" rest""#.utf8)
        let (end, isPlain) = bytes.span.bytes.closingQuote(from: 0) ?? (-1, true)
        #expect(end == 6)
        #expect(!isPlain)
        #expect(Array(#"open\""#.utf8).span.bytes.closingQuote(from: 0) == nil)
        #expect(Array(#"open\"#.utf8).span.bytes.closingQuote(from: 0) == nil)
        #expect(Array(#"x"y"#.utf8).span.bytes.closingQuote(from: 0)?.isPlain == true)
    }

    @Test("read decimal numbers, and nothing else")
    func readsDecimals() {
        let bytes = Array("12345 x".utf8)
        #expect(bytes.span.bytes.decimal(0..<5) == 12_345)
        #expect(bytes.span.bytes.decimal(0..<6) == nil)
        #expect(bytes.span.bytes.decimal(0..<0) == nil)
        #expect(bytes.span.bytes.decimal(5..<9) == nil)
        #expect(bytes.span.bytes.endOfDigits(from: 1) == 5)
        let long = Array("1234567890123456789012".utf8)
        #expect(long.span.bytes.decimal(0..<22) == nil)
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
            let read = try #require(Self.iso(text, &reader))
            #expect(read.0 == .exact(try Self.instant(wanted)))
            #expect(read.1 == next)
        }
    }

    @Test("without a zone are told to be without one")
    func tellsMissingZone() throws {
        var reader = TimeReader()
        let wanted = try Self.instant("2026-11-23T07:00:25.250Z")
        for text in ["2026-11-23 07:00:25.25", "2026-11-23 07:00:25.25 +10 widgets"] {
            let read = try #require(Self.iso(text, &reader))
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
        #expect(Self.iso(text, &reader) == nil)
        #expect(Self.iso("2026-11-23T07:00:25Z", &reader) != nil)
        #expect(Self.iso(text, &reader) == nil)
    }

    @Test("are not mixed up with the one before, whichever byte is another")
    func comparesAllBytes() throws {
        var reader = TimeReader()
        let first = Array("10/Oct/2000:13:55:36 -0700".utf8)
        let wanted = try Self.instant("2000-10-10T20:55:36Z")
        #expect(reader.access(first.span.bytes, at: 0)?.time == .exact(wanted))
        #expect(reader.access(first.span.bytes, at: 0)?.time == .exact(wanted))
        for index in first.indices {
            var other = first
            other[index] = other[index] == 0x30 ? 0x31 : 0x30
            let read = reader.access(other.span.bytes, at: 0)?.time
            #expect(read != .exact(wanted), "byte \(index)")
            #expect(reader.access(first.span.bytes, at: 0)?.time == .exact(wanted))
        }
    }

    @Test("of syslog have a day that is padded with a blank or a zero, and perhaps a fraction")
    func readsSyslog() throws {
        var reader = TimeReader()
        for text in ["Nov  3 07:00:25 x", "Nov 03 07:00:25", "xNov  3 07:00:25.125 x"] {
            let bytes = Array(text.utf8)
            let start = text.hasPrefix("x") ? 1 : 0
            let read = try #require(reader.syslog(bytes.span.bytes, at: start))
            guard case .yearUnknown(let civil, nil) = read.time else {
                Issue.record("\(read.time)")
                continue
            }
            #expect(civil.day == 3 && civil.month == 11 && civil.second == 25)
            #expect(civil.nanosecond == (start == 1 ? 125_000_000 : 0))
            #expect(read.isFine == (start == 1))
        }
        #expect(reader.syslog(Array("Feb 30 07:00:25".utf8).span.bytes, at: 0) == nil)
    }

    @Test("made of NULs are none, though nothing was read before")
    func refusesNULs() {
        var reader = TimeReader()
        let bytes = [UInt8](repeating: 0, count: 40)
        #expect(reader.iso8601(bytes.span.bytes, at: 0) == nil)
        #expect(reader.access(bytes.span.bytes, at: 0) == nil)
        #expect(reader.syslog(bytes.span.bytes, at: 0) == nil)
    }
}
