import Atlas
import Testing

@testable import Decode

@Suite("The MariaDB log format")
struct MariaDBLogTests {
    private func parse(_ text: String) -> ParsedLine {
        let bytes = Array(text.utf8)
        return MariaDBLog().parse(bytes.span.bytes)
    }

    private func message(_ text: String) -> String {
        String(decoding: Array(text.utf8)[parse(text).messageStart...], as: UTF8.self)
    }

    @Test("reads time, level and message of a server's line, the hour padded with a blank or not")
    func serverLine() throws {
        let early = "2026-11-23  6:58:41 7 [Note] Error reading relay log event"
        let parsed = parse(early)
        #expect(parsed.shape == .record)
        #expect(
            parsed.time == .zoneUnknown(try #require(Instant(rfc3339: "2026-11-23T06:58:41Z")))
        )
        #expect(parsed.level == .info)
        #expect(message(early) == "Error reading relay log event")
        let late = "2026-11-23 16:44:38 0 [Note] mariadbd: Shutdown complete"
        #expect(
            parse(late).time == .zoneUnknown(try #require(Instant(rfc3339: "2026-11-23T16:44:38Z")))
        )
        #expect(message(late) == "mariadbd: Shutdown complete")
    }

    @Test(
        "knows the three levels",
        arguments: [("Note", Level.info), ("Warning", .warn), ("ERROR", .error)]
    )
    func levels(tag: String, level: Level) {
        let line = "2026-11-23  7:20:52 78 [\(tag)] [x] y"
        #expect(parse(line).level == level)
        #expect(message(line) == "[x] y")
    }

    @Test("a line without a level keeps its time, one of mysqld_safe has two digits for the year")
    func otherRecords() throws {
        let instant = try #require(Instant(rfc3339: "2026-11-23T06:57:58Z"))
        let script = "261123 06:57:58 mysqld_safe Starting mariadbd daemon with databases"
        #expect(parse(script).time == .zoneUnknown(instant))
        #expect(message(script) == "mysqld_safe Starting mariadbd daemon with databases")
        let crash = "261123  6:57:58 [ERROR] mysqld got signal 11 ;"
        #expect(parse(crash).level == .error)
        #expect(message(crash) == "mysqld got signal 11 ;")
        #expect(parse("2026-11-23  6:57:58 12 hm").shape == .record)
    }

    @Test("what the server prints of itself goes on with the line before")
    func continuation() {
        let line = "Version: '10.11.19-MariaDB-0+deb12u1-log'  socket: '/run/s.sock'  port: 23307"
        #expect(parse(line).shape == .continuation)
        #expect(parse("\tx").shape == .continuation)
    }

    @Test("the zone is inferred from the line's arrival, which dates it within its second, too")
    func inferredZone() throws {
        let arrival = try #require(Instant(rfc3339: "2026-11-22T21:58:41.733Z"))
        var decoder = SourceDecoder(format: MariaDBLog())
        let bytes = Array("2026-11-23  6:58:41 7 [Note] x".utf8)
        let reading = decoder.read(bytes.span.bytes, arrival: arrival)
        #expect(reading.time == arrival)
        #expect(reading.isParsed)
    }

    @Test(
        "any bytes are a line: nothing is refused, nothing crashes",
        arguments: [
            "", "x", "2026-", "2026-11-23  6:58:41", "2026-99-99 99:99:99 0 [Note] x",
            "stack_bottom = 0x0 thread_stack 0x49000", "2026-11-23   6:58:41 0 [Note] x",
        ]
    )
    func strangeLines(line: String) {
        #expect(parse(line).shape == .unknown)
    }

    @Test("every cut of a good line is read without a crash")
    func cuts() {
        let line = Array("2026-11-23  6:58:41 7 [Note] Slave SQL thread exiting".utf8)
        for end in 0...line.count {
            let cut = Array(line[..<end])
            #expect(MariaDBLog().parse(cut.span.bytes).messageStart <= end)
        }
    }
}
