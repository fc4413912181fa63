import Atlas
import Chance
import Testing

@testable import Decode

@Suite("A format of the operator's own")
struct RegexFormatTests {
    private static let pattern = #"(?<time>\S+ \S+) (?<level>\w+) +\[[^]]*\] (?<message>.*)"#

    private func format(
        _ pattern: String = pattern,
        time: String? = "%Y-%m-%d %H:%M:%S,%f",
        zone: UserFormat.Zone? = nil,
        levels: [UserFormat.LevelWord] = [],
        continuation: String? = nil
    ) throws -> RegexFormat {
        try #require(
            RegexFormat(
                UserFormat(
                    name: "own",
                    pattern: pattern,
                    continuation: continuation,
                    time: time,
                    zone: zone,
                    levels: levels
                )
            )
        )
    }

    private func parse(_ format: RegexFormat, _ bytes: [UInt8]) -> ParsedLine {
        format.parse(bytes.span.bytes)
    }

    private func parse(_ format: RegexFormat, _ line: String) -> ParsedLine {
        parse(format, Array(line.utf8))
    }

    @Test("reads time, level and where the message begins")
    func record() throws {
        let line = "2026-11-23 16:20:31,180 WARN  [db-2] health: no answer"
        let parsed = parse(try format(), line)
        let time = try #require(Instant(rfc3339: "2026-11-23T16:20:31.180Z"))
        #expect(parsed.shape == .record)
        #expect(parsed.time == .zoneUnknown(time))
        #expect(parsed.level == .warn)
        #expect(String(line.utf8.dropFirst(parsed.messageStart)) == "health: no answer")
        #expect(parse(try format(zone: .utc), line).time == .exact(time))
    }

    @Test("own words for levels go before the usual ones, in either case")
    func levels() throws {
        let own = [
            UserFormat.LevelWord(word: "Alarm", level: .error),
            UserFormat.LevelWord(word: "info", level: .notice),
        ]
        let format = try format(levels: own)
        func level(_ word: String) -> Level? {
            parse(format, "2026-11-23 16:20:31,180 \(word) [x] y").level
        }
        #expect(level("ALARM") == .error && level("alarm") == .error)
        #expect(level("INFO") == .notice)
        #expect(level("Warning") == .warn && level("FATAL") == .fatal)
        #expect(level("PURPLE") == nil)
    }

    @Test("a line that goes on is told by a pattern of its own, after the other one")
    func continuation() throws {
        let format = try format(continuation: #"\s+(?<message>.*)"#)
        let parsed = parse(format, "\t  at main")
        #expect(parsed == ParsedLine(shape: .continuation, messageStart: 3))
        #expect(parse(format, "x").shape == .unknown)
        #expect(parse(try self.format(continuation: "at "), "at x").messageStart == 0)
    }

    @Test("a pattern begins at the beginning of the line")
    func anchored() throws {
        let format = try format("(?<message>ab.*)", time: nil)
        #expect(parse(format, "abc").shape == .record)
        #expect(parse(format, "xabc").shape == .unknown)
    }

    @Test("groups that take no part are absent, not wrong")
    func absentGroups() throws {
        let format = try format(
            #"(?:(?<time>\d+) )?(?:<(?<level>\w+)> )?(?<message>.*)"#,
            time: "%s"
        )
        let parsed = parse(format, "only words")
        #expect(parsed == ParsedLine(shape: .record))
        #expect(parse(format, "1795418431 <err> x").level == .error)
    }

    @Test("a time of another form makes the line one of another shape, its level is kept")
    func badTime() throws {
        let parsed = parse(try format(), "2026-02-30 16:20:31,180 ERROR [x] y")
        #expect(parsed.shape == .unknown)
        #expect(parsed.time == .none)
        #expect(parsed.level == .error)
    }

    @Test("any bytes are read: text that is no UTF-8, NUL, and none at all")
    func anyBytes() throws {
        let format = try format(#"(?<level>\w+) (?<message>.*)"#, time: nil)
        let strange = Array("ERROR ".utf8) + [0xFF, 0x00, 0xC3, 0x28, 0x0A, 0xE2, 0x82]
        #expect(
            parse(format, strange) == ParsedLine(shape: .record, level: .error, messageStart: 6)
        )
        #expect(parse(format, []).shape == .unknown)
        #expect(parse(try self.format("(?<message>.*)", time: nil), []).shape == .record)
        var dice = Dice(7)
        let good = Array("2026-11-23 16:20:31,180 WARN  [db-2] x".utf8)
        let usual = try self.format()
        for _ in 0..<2_000 {
            var line = good
            for _ in 0..<dice.roll(1...4) { line[dice.roll(line.indices)] = dice.byte() }
            #expect(parse(usual, line).messageStart <= line.count)
        }
    }

    @Test("a pattern that would try without end is stopped, with the JIT and without")
    func catastrophe() throws {
        let line = String(repeating: "a", count: 5_000) + "!"
        for head in ["", "(*NO_JIT)"] {
            for pattern in ["(a+)+$", "(?:(?:a*)*)*b", "(a|a)*c", "(a?){60}a{60}x"] {
                let format = try format("\(head)(?<message>\(pattern))", time: nil)
                #expect(parse(format, line).shape == .unknown)
                #expect(parse(format, "b").shape != .continuation)
            }
        }
        let deep = try format("(?<message>(?:\\((?R)?\\))*)", time: nil)
        #expect(parse(deep, String(repeating: "(", count: 60_000)).messageStart == 0)
    }

    @Test("of a line beyond the limit only its first 64 KiB are seen")
    func longLine() throws {
        let format = try format("(?<message>a*)$", time: nil)
        #expect(parse(format, String(repeating: "a", count: 70_000) + "b").shape == .record)
        #expect(parse(format, String(repeating: "a", count: 65_535) + "b").shape == .unknown)
    }

    @Test("threads share the expression and read the same")
    func threads() async throws {
        let format = try format()
        let lines = (0..<400).map { "2026-11-23 16:20:31,180 WARN  [db-\($0)] \($0)" }
        let expected = lines.map { parse(format, $0) }
        await withTaskGroup(of: [ParsedLine].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    lines.map { line in
                        let bytes = Array(line.utf8)
                        return format.parse(bytes.span.bytes)
                    }
                }
            }
            for await read in group { #expect(read == expected) }
        }
    }

    @Test("a year that is not written is the newest in which the line is not of the future")
    func years() throws {
        let format = try format(
            #"(?<time>\w+ +\d+ \S+) (?<message>.*)"#,
            time: "%b %d %H:%M:%S",
            zone: .utc
        )
        func time(_ line: String, arrival: String) throws -> Instant {
            var decoder = SourceDecoder(format: format)
            let bytes = Array(line.utf8)
            let arrival = try #require(Instant(rfc3339: arrival))
            return decoder.read(bytes.span.bytes, arrival: arrival).time
        }
        let cases = [
            ("Nov 23 07:20:31 x", "2026-11-23T07:20:32Z", "2026-11-23T07:20:31Z"),
            ("Dec 31 23:59:59 x", "2027-01-01T00:00:02Z", "2026-12-31T23:59:59Z"),
            ("Jan  1 00:00:01 x", "2026-12-31T23:59:59Z", "2027-01-01T00:00:01Z"),
            ("Feb 29 12:00:00 x", "2026-03-01T12:00:00Z", "2024-02-29T12:00:00Z"),
            ("Feb 10 12:00:00 x", "2026-11-23T12:00:00Z", "2026-02-10T12:00:00Z"),
        ]
        for (line, arrival, expected) in cases {
            #expect(try time(line, arrival: arrival) == Instant(rfc3339: expected), "\(line)")
        }
        #expect(parse(format, "Feb 30 12:00:00 x").shape == .unknown)
    }

    @Test("without a year and a zone both are found out")
    func yearAndZone() throws {
        let format = try format(
            #"(?<time>\w+ +\d+ \S+) (?<message>.*)"#,
            time: "%b %d %H:%M:%S"
        )
        var decoder = SourceDecoder(format: format)
        let bytes = Array("Jan  1 08:59:59 x".utf8)
        let arrival = try #require(Instant(rfc3339: "2027-01-01T00:00:00Z"))
        let time = decoder.read(bytes.span.bytes, arrival: arrival).time
        #expect(time == Instant(rfc3339: "2026-12-31T23:59:59Z"))
    }
}
