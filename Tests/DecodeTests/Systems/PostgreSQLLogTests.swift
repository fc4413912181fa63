import Atlas
import Testing

@testable import Decode

@Suite("The PostgreSQL log format")
struct PostgreSQLLogTests {
    private func parse(_ text: String) -> ParsedLine {
        let bytes = Array(text.utf8)
        return PostgreSQLLog().parse(bytes.span.bytes)
    }

    private func message(_ text: String) -> String {
        String(decoding: Array(text.utf8)[parse(text).messageStart...], as: UTF8.self)
    }

    @Test("reads time, level and message of a server's line")
    func serverLine() throws {
        let line = "2026-11-23 07:20:32.933 UTC [26015] LOG:  received promote request"
        let parsed = parse(line)
        #expect(parsed.shape == .record)
        #expect(parsed.time == .exact(try #require(Instant(rfc3339: "2026-11-23T07:20:32.933Z"))))
        #expect(parsed.level == .info)
        #expect(message(line) == "received promote request")
    }

    @Test(
        "knows every severity of the manual",
        arguments: [
            ("DEBUG3", Level.debug), ("LOG", .info), ("INFO", .info), ("NOTICE", .notice),
            ("WARNING", .warn), ("ERROR", .error), ("FATAL", .error), ("PANIC", .fatal),
        ]
    )
    func severity(tag: String, level: Level) {
        let line = "2026-11-23 07:20:32 UTC [1] postgres@[unknown] \(tag):  x"
        #expect(parse(line).level == level)
        #expect(message(line) == "x")
    }

    @Test("a colon inside the prefix is not taken for the level")
    func colonInPrefix() {
        let line = "2026-11-23 07:20:32.933 UTC [7] app=a:  b LOG:  c"
        #expect(message(line) == "c")
    }

    @Test(
        "detail lines and indented lines go on with the line before",
        arguments: [
            "2026-11-23 07:21:22.794 UTC [1700] HINT:  If this has occurred more than once",
            "2026-11-23 07:21:22.794 UTC [1700] STATEMENT:  select 1",
            "\tThis probably means the server terminated abnormally",
        ]
    )
    func continuation(line: String) {
        #expect(parse(line).shape == .continuation)
    }

    @Test("a zone by number is exact, by another name it is to be found out")
    func zones() throws {
        let instant = try #require(Instant(rfc3339: "2026-11-23T07:20:32.933Z"))
        #expect(parse("2026-11-23 16:20:32.933 +09 [1] LOG:  x").time == .exact(instant))
        #expect(
            parse("2026-11-23 16:20:32.933 JST [1] LOG:  x").time
                == .zoneUnknown(instant + .seconds(9 * 3_600))
        )
    }

    @Test("an unknown zone is inferred from the line's arrival")
    func inferredZone() throws {
        let arrival = try #require(Instant(rfc3339: "2026-11-23T07:20:33.1Z"))
        var decoder = SourceDecoder(format: PostgreSQLLog())
        let bytes = Array("2026-11-23 16:20:32.933 JST [1] LOG:  x".utf8)
        let reading = decoder.read(bytes.span.bytes, arrival: arrival)
        #expect(reading.time == Instant(rfc3339: "2026-11-23T07:20:32.933Z"))
    }

    @Test(
        "any bytes are a line: nothing is refused, nothing crashes",
        arguments: ["", "x", "2026-", "2026-11-23 07:20:32.933", "2026-99-99 99:99:99 UTC LOG:  x"]
    )
    func strangeLines(line: String) {
        #expect(parse(line).shape == .unknown)
    }

    @Test("every cut of a good line is read without a crash")
    func cuts() {
        let line = Array("2026-11-23 07:20:32.933 UTC [26015] u@d LOG:  received".utf8)
        for end in 0...line.count {
            let cut = Array(line[..<end])
            let parsed = PostgreSQLLog().parse(cut.span.bytes)
            #expect(parsed.messageStart <= end)
        }
    }
}
