import Atlas
import Testing

@testable import Decode

@Suite("The Redis log format")
struct RedisLogTests {
    private func parse(_ text: String) -> ParsedLine {
        let bytes = Array(text.utf8)
        return RedisLog().parse(bytes.span.bytes)
    }

    private func message(_ text: String) -> String {
        String(decoding: Array(text.utf8)[parse(text).messageStart...], as: UTF8.self)
    }

    @Test("a time that no clock of ours reaches makes a line one of another shape")
    func beyondTime() {
        #expect(parse("1:signal-handler (9223372036) x").shape == .record)
        #expect(parse("1:signal-handler (9223372037) x").shape == .unknown)
    }

    @Test("reads a sentinel's line; its zone is to be found out")
    func sentinelLine() throws {
        let line = "21934:X 23 Nov 2026 06:58:17.026 # +sdown master mymaster 127.0.0.1 26431"
        let parsed = parse(line)
        #expect(parsed.shape == .record)
        let time = try #require(Instant(rfc3339: "2026-11-23T06:58:17.026Z"))
        #expect(parsed.time == .zoneUnknown(time))
        #expect(parsed.level == .warn)
        #expect(message(line) == "+sdown master mymaster 127.0.0.1 26431")
    }

    @Test(
        "reads lines of masters, replicas and children, at every level",
        arguments: [
            ("1:M 01 Jan 2026 00:00:00.000 * Ready to accept connections", Level.notice),
            ("4194304:S 29 Feb 2028 23:59:59.999 # Connection with master lost.", .warn),
            ("7:C 05 May 2026 12:00:00.500 - Fork CoW", .info),
            ("7:M 31 Dec 2026 12:00:00.500 . Accepted 127.0.0.1:5", .debug),
        ]
    )
    func levels(line: String, level: Level) {
        #expect(parse(line).shape == .record)
        #expect(parse(line).level == level)
    }

    @Test("what a signal handler says has the seconds since 1970")
    func signalHandler() {
        let line = "23639:signal-handler (1795452241) Received SIGTERM scheduling shutdown..."
        #expect(parse(line).time == .exact(Instant(nanoseconds: 1_795_452_241_000_000_000)))
        #expect(message(line) == "Received SIGTERM scheduling shutdown...")
    }

    @Test("every month is known")
    func months() throws {
        let names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(separator: " ")
        for (index, name) in names.enumerated() {
            let time = try #require(Instant(Civil(year: 2026, month: index + 1, day: 2)))
            let line = "1:M 02 \(name) 2026 00:00:00.000 * x"
            #expect(parse(line).time == .zoneUnknown(time))
        }
    }

    @Test("a server in another zone is read by the arrival of its line")
    func inferredZone() throws {
        let arrival = try #require(Instant(rfc3339: "2026-11-23T06:58:17.1Z"))
        var decoder = SourceDecoder(format: RedisLog())
        let bytes = Array("1:X 23 Nov 2026 15:58:17.026 # +sdown".utf8)
        let reading = decoder.read(bytes.span.bytes, arrival: arrival)
        #expect(reading.time == Instant(rfc3339: "2026-11-23T06:58:17.026Z"))
    }

    @Test(
        "what has another shape is kept as it is",
        arguments: [
            "", "1", "1:", "1:M", "=== REDIS BUG REPORT START: Cut & paste starting from here ===",
            "[4018] 14 Nov 07:01:22.119 * Background saving terminated with success",
            "1:M 23 Nov 2026 06:58:17.081", "1:M 23 Nov 2026 06:58:17.081 ? x",
            "1:signal-handler (1795) x", "1:M 23 nov 2026 06:58:17.081 # x",
            "1:M 99 Nov 2026 06:58:17.081 # x",
            "                _.-``__ ''-._",
        ]
    )
    func strangeLines(line: String) {
        #expect(parse(line).shape == .unknown)
        #expect(parse(line).messageStart == 0)
    }

    @Test("every cut of a good line is read without a crash")
    func cuts() {
        let line = Array("21934:X 23 Nov 2026 06:58:17.026 # +sdown master".utf8)
        for end in 0...line.count {
            let cut = Array(line[..<end])
            #expect(RedisLog().parse(cut.span.bytes).messageStart <= end)
        }
    }
}
