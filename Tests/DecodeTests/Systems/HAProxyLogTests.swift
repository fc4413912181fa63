import Atlas
import Testing

@testable import Decode

@Suite("The HAProxy log format")
struct HAProxyLogTests {
    private func parse(_ text: String) -> ParsedLine {
        let bytes = Array(text.utf8)
        return HAProxyLog().parse(bytes.span.bytes)
    }

    private func message(_ text: String) -> String {
        String(decoding: Array(text.utf8)[parse(text).messageStart...], as: UTF8.self)
    }

    private static let head = "Nov 23 07:03:26 localhost haproxy[19900]: "

    private func yearless(_ text: String) throws -> ParsedLine.Time {
        .yearUnknown(try #require(Instant(rfc3339: text)).civil(), offset: nil)
    }

    @Test(
        "the level is that of what is told",
        arguments: [
            (
                "Health check for server be/web1 failed, reason: Layer7 timeout, check duration: 1001ms, status: 2/3 UP.",
                Level.warn
            ),
            (
                "Health check for server be/web1 succeeded, reason: Layer7 check passed, code: 200, check duration: 4ms, status: 1/2 DOWN.",
                .info
            ),
            ("Server be/web1 is DOWN. 1 active and 0 backup servers left.", .error),
            ("Backup Server be/web3 is DOWN. 1 active and 0 backup servers left.", .error),
            ("Server be/web1 is UP. 2 active and 0 backup servers online.", .notice),
            ("Server be/web1 is UP/READY (leaving forced maintenance).", .notice),
            ("Server be/web1 is going DOWN for maintenance. 1 active", .warn),
            ("backend be has no server available!", .fatal),
        ]
    )
    func levels(text: String, level: Level) throws {
        let line = Self.head + text
        #expect(parse(line).level == level)
        #expect(parse(line).shape == .record)
        #expect(parse(line).time == (try yearless("2000-11-23T07:03:26Z")))
        #expect(message(line) == text)
    }

    @Test("what says nothing of its weight has no level of its own")
    func plain() {
        for text in [
            "Proxy fe stopped (cumulated conns: FE: 2, BE: 0).", "Paused frontend fe.", "x",
        ] {
            #expect(parse(Self.head + text).level == nil)
        }
    }

    @Test("a request has the milliseconds of its end, and the level of its status")
    func requests() throws {
        let bad =
            "127.0.0.1:40366 [23/Nov/2026:07:03:24.780] fe be/web1 0/0/0/-1/2001 504 198 - - sH-- 2/2/1/1/0 0/0 \"GET /probe?seq=800 HTTP/1.1\""
        #expect(parse(Self.head + bad).time == (try yearless("2000-11-23T07:03:26.781Z")))
        #expect(parse(Self.head + bad).level == .error)
        #expect(message(Self.head + bad) == bad)
        let good =
            "[::1]:40390 [23/Nov/2026:07:03:26.804] fe~ be/web2 0/0/0/0/0 200 130 - - ---- 2/2/1/0/0 0/0 \"GET / HTTP/1.1\""
        #expect(parse(Self.head + good).time == (try yearless("2000-11-23T07:03:26.804Z")))
        #expect(parse(Self.head + good).level == .info)
        let early = good.replacing("0/0/0/0/0 200", with: "0/0/0/0/+100 200")
        #expect(parse(Self.head + early).time == (try yearless("2000-11-23T07:03:26.904Z")))
        let gone = good.replacing(" 200 130", with: " -1 0")
        #expect(parse(Self.head + gone).level == .notice)
        let turned =
            "127.0.0.1:40086 [23/Nov/2026:07:03:26.955] fe be/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\""
        #expect(parse(Self.head + turned).level == .error)
    }

    @Test("a connection is judged by how it ended")
    func connections() throws {
        for (state, level) in [("--", Level.info), ("CD", .info), ("SC", .warn), ("sD", .warn)] {
            let line =
                "10.0.0.9:40366 [23/Nov/2026:07:03:25.000] fe tcp/db1 1/0/1250 212 \(state) 1/1/0/0/0 0/0"
            #expect(parse(Self.head + line).level == level)
            #expect(parse(Self.head + line).time == (try yearless("2000-11-23T07:03:26.250Z")))
        }
    }

    @Test("the head's time stays where it is finer, or where the request says another second")
    func headStays() throws {
        let request =
            "h:1 [23/Nov/2026:07:03:26.804] fe be/web2 0/0/0/0/0 200 130 - - ---- 2/2/1/0/0 0/0"
        let fine = try #require(Instant(rfc3339: "2026-11-23T07:03:26.900001Z"))
        #expect(
            parse("2026-11-23T07:03:26.900001+00:00 lb-1 haproxy[1]: " + request).time
                == .exact(fine)
        )
        let whole = try #require(Instant(rfc3339: "2026-11-23T07:03:26.804Z"))
        #expect(
            parse("2026-11-23T16:03:26+09:00 lb-1 haproxy[1]: " + request).time == .exact(whole)
        )
        #expect(
            parse("Nov 23 07:03:40 localhost haproxy[1]: " + request).time
                == (try yearless("2000-11-23T07:03:40Z"))
        )
    }

    @Test("its standard error has levels and no time")
    func standardError() {
        let down = "[WARNING]  (3055) : Server be/web1 is DOWN. 1 active and 0 backup servers left."
        #expect(parse(down) == ParsedLine(shape: .record, level: .error, messageStart: 20))
        let old = "[ALERT] 326/070024 (3055) : Starting frontend fe: cannot bind socket"
        #expect(parse(old).level == .error)
        #expect(message(old) == "Starting frontend fe: cannot bind socket")
        #expect(parse("[NOTICE]   (3055) : haproxy version is 2.6.12-1+deb12u4").level == .notice)
    }

    @Test(
        "any bytes are a line: nothing is refused, nothing crashes",
        arguments: [
            "", "x", "[WARNING]", "[WARNING] no colon", "[OTHER] (1) : x", "Nov 23", "\u{1B}[2J",
        ]
    )
    func strangeLines(line: String) {
        #expect(parse(line).shape == .unknown)
    }

    @Test("a request that is torn or lies about its times is still a record")
    func tornRequests() {
        let line =
            Self.head
            + "h:1 [23/Nov/2026:07:03:24.780] fe be/web1 0/0/0/-1/99999999999999999999 504 198 - - sH--"
        for end in Self.head.utf8.count...line.utf8.count {
            let bytes = Array(line.utf8.prefix(end))
            let parsed = HAProxyLog().parse(bytes.span.bytes)
            #expect(parsed.shape == .record && parsed.messageStart <= end)
        }
    }
}
