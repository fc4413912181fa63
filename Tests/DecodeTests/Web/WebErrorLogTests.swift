import Atlas
import Testing

@testable import Decode

@Suite("The error logs of web servers")
struct WebErrorLogTests {
    private func local(_ text: String) throws -> ParsedLine.Time {
        .zoneUnknown(try #require(Instant(rfc3339: text)))
    }

    @Test("Apache 2.4 tells module, process and client")
    func apache() throws {
        let read = FieldReading(
            ApacheErrorLog(),
            "[Mon Nov 23 07:00:25.123456 2026] [core:error] [pid 12:tid 34] [client 10.0.0.9:5000] "
                + "AH00128: File does not exist: /var/www/x, referer: http://a/"
        )
        #expect(
            read.fields == [
                "module=core", "pid=12", "thread=34", "client=10.0.0.9:5000", "code=AH00128",
                "referer=http://a/",
            ]
        )
        #expect(read.parsed.time == (try local("2026-11-23T07:00:25.123456Z")))
        #expect(read.parsed.level == .error && read.parsed.step == .zero)
        #expect(read.message.hasPrefix("AH00128: File"))
    }

    @Test(
        "Apache's other lines",
        arguments: [
            (
                "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok", Level.notice,
                "workerEnv.init() ok"
            ),
            (
                "[Mon Nov 23 07:00:25 2026] [error] [client ::1] Directory index forbidden", .error,
                "Directory index forbidden"
            ),
            ("[Mon Nov  3 07:00:25 2026] [ssl:trace3] [pid 1] x", .trace, "x"),
            ("[Mon Nov 23 07:00:25.1 2026] [mpm_event:crit] [pid 1] [x] y", .fatal, "[x] y"),
            ("[Mon Nov 23 07:00:25.1 2026] [a:emerg]", .fatal, ""),
        ]
    )
    func apacheOthers(line: String, level: Level, message: String) {
        let read = FieldReading(ApacheErrorLog(), line)
        #expect(read.parsed.shape == .record)
        #expect(read.parsed.level == level)
        #expect(read.message == message)
    }

    @Test("an IPv6 client has brackets of its own")
    func apacheIPv6() {
        let read = FieldReading(
            ApacheErrorLog(),
            "[Mon Nov 23 07:00:25.1 2026] [core:info] [pid 1:tid 2] [client [::1]:5000] x"
        )
        #expect(read.fields == ["module=core", "pid=1", "thread=2", "client=[::1]:5000"])
        #expect(read.message == "x")
    }

    @Test("nginx tells process, connection, and what it was about")
    func nginx() throws {
        let read = FieldReading(
            NginxErrorLog(),
            "2026/11/23 07:00:25 [error] 2990#2991: *7 connect() failed (111: Connection refused) "
                + "while connecting to upstream, client: 10.0.0.9, server: a.example, request: "
                + "\"GET /a HTTP/1.1\", upstream: \"http://10.0.0.2:80/a\", host: \"a\", referrer: \"b\""
        )
        #expect(
            read.fields == [
                "pid=2990", "thread=2991", "session_id=7", "client=10.0.0.9", "server=a.example",
                "method=GET", "path=/a", "protocol=HTTP/1.1", "backend=http://10.0.0.2:80/a",
                "host=a", "referer=b",
            ]
        )
        #expect(read.parsed.time == (try local("2026-11-23T07:00:25Z")))
        #expect(read.parsed.level == .error && read.parsed.step == .seconds(1))
        #expect(read.message.hasPrefix("*7 connect() failed"))
    }

    @Test(
        "nginx' levels",
        arguments: [
            ("debug", Level.debug), ("info", .info), ("notice", .notice), ("warn", .warn),
            ("error", .error), ("crit", .fatal), ("alert", .fatal), ("emerg", .fatal),
        ]
    )
    func nginxLevels(word: String, level: Level) {
        let read = FieldReading(
            NginxErrorLog(),
            "2026/11/23 07:00:24 [\(word)] 2984#2984: nginx/1.22.1"
        )
        #expect(read.parsed.level == level)
        #expect(read.message == "nginx/1.22.1")
    }

    @Test(
        "other lines are unknown",
        arguments: [
            "", "[", "[Mon Nov 23 07:00:25 2026]", "[Mon Nov 23 07:00:25 2026] x",
            "[Mon Nov 23 07:00:25 2026] [x] y", "2026/11/23 07:00:25 [error] x",
            "2026/11/23 07:00:25 [error] 1#: x", "2026/13/23 07:00:25 [error] 1#1: x",
        ]
    )
    func others(line: String) {
        #expect(FieldReading(ApacheErrorLog(), line).parsed.shape == .unknown)
        #expect(FieldReading(NginxErrorLog(), line).parsed.shape == .unknown)
    }
}
