import Atlas
import Testing

@testable import Decode

@Suite("The access log format")
struct AccessLogTests {
    private func read(_ text: String) -> FieldReading { FieldReading(AccessLog(), text) }

    private static let head = "10.0.0.9 - - [23/Nov/2026:07:00:25 +0100] "

    @Test("P01 the combined format has all its fields, in the order of the line")
    func combined() throws {
        let line =
            "10.0.0.9 - ann [23/Nov/2026:07:00:25 +0100] \"GET /probe?seq=2 HTTP/1.1\" 200 8 "
            + "\"http://a/b\" \"curl/7.88.1\""
        let read = read(line)
        #expect(
            read.fields == [
                "client=10.0.0.9", "identity=<null>-", "user=ann", "method=GET",
                "path=/probe?seq=2", "protocol=HTTP/1.1", "status=200", "bytes=8",
                "referer=http://a/b", "agent=curl/7.88.1",
            ]
        )
        let time = try #require(Instant(rfc3339: "2026-11-23T06:00:25Z"))
        #expect(read.parsed.time == .exact(time))
        #expect(read.parsed.step == .seconds(1))
        #expect(read.parsed.level == .info)
        #expect(read.message.hasPrefix("\"GET /probe?seq=2 HTTP/1.1\" 200 8"))
    }

    @Test("P01 the common format ends behind the number of bytes, which may be a hyphen")
    func common() {
        #expect(
            read(Self.head + "\"HEAD / HTTP/1.0\" 304 -").fields == [
                "client=10.0.0.9", "identity=<null>-", "user=<null>-", "method=HEAD", "path=/",
                "protocol=HTTP/1.0", "status=304", "bytes=<null>-",
            ]
        )
    }

    @Test(
        "P01 the request may be of any kind",
        arguments: [
            ("GET /", ["method=GET", "path=/"]),
            ("GET /a b HTTP/1.1", ["method=GET", "path=/a b", "protocol=HTTP/1.1"]),
            ("GET / HTTP/2", ["method=GET", "path=/", "protocol=HTTP/2"]),
            ("OPTIONS * HTTP/1.0", ["method=OPTIONS", "path=*", "protocol=HTTP/1.0"]),
            ("M-SEARCH * HTTP/1.1", ["method=M-SEARCH", "path=*", "protocol=HTTP/1.1"]),
            ("-", ["request=<null>-"]), ("", ["request="]), ("quit", ["request=quit"]),
            (#"\x16\x03\x01\x02"#, [#"request=<backslashed>\x16\x03\x01\x02"#]),
            // nginx' escapes, and Apache's.
            (
                #"GET /\x22a\x5Cb HTTP/1.1"#,
                ["method=GET", #"path=<backslashed>/\x22a\x5Cb"#, "protocol=HTTP/1.1"]
            ),
            (
                #"GET /\"a\\b\" HTTP/1.1"#,
                ["method=GET", #"path=<backslashed>/\"a\\b\""#, "protocol=HTTP/1.1"]
            ),
            (#"GET /\\"#, ["method=GET", #"path=<backslashed>/\\"#]),
        ]
    )
    func requests(request: String, fields: [String]) {
        let read = read(Self.head + "\"\(request)\" 400 157 \"-\" \"-\"")
        #expect(
            read.fields == ["client=10.0.0.9", "identity=<null>-", "user=<null>-"] + fields + [
                "status=400", "bytes=157", "referer=<null>-", "agent=<null>-",
            ]
        )
    }

    @Test(
        "clients and users have names of any shape",
        arguments: [
            ("::1 - -", ["client=::1", "identity=<null>-", "user=<null>-"]),
            ("2001:db8::7 - a", ["client=2001:db8::7", "identity=<null>-", "user=a"]),
            ("h id ann lee", ["client=h", "identity=id", "user=ann lee"]),
            ("h - a [b] c", ["client=h", "identity=<null>-", "user=a [b] c"]),
            ("h -  x", ["client=h", "identity=<null>-", "user= x"]),
            (
                "www.example.org:443 10.0.0.9 - ann",
                [
                    "server=www.example.org", "port=443", "client=10.0.0.9",
                    "identity=<null>-", "user=ann",
                ]
            ),
        ]
    )
    func clients(head: String, fields: [String]) {
        let line = head + " [23/Nov/2026:07:00:25 +0000] \"GET / HTTP/1.1\" 200 8"
        #expect(Array(read(line).fields.prefix(fields.count)) == fields)
        #expect(read(line).fields[fields.count] == "method=GET")
    }

    @Test(
        "more may follow: addresses, how long it took, and names of the operator's own",
        arguments: [
            (#""10.1.1.1, 10.2.2.2""#, ["forwarded_for=10.1.1.1, 10.2.2.2"]),
            (#""-" 0.012"#, ["forwarded_for=<null>-", "duration=0.012"]),
            ("1234", ["duration=1234"]), ("rt=0.250", ["duration=0.250"]),
            ("rt=0.250 uct=\"0.000\" pool=a", ["duration=0.250", "uct=\"0.000\"", "pool=a"]),
            ("rt=-", ["duration=<null>-"]), ("GZIP", []), (#""a" "b" "c"#, ["forwarded_for=a"]),
        ]
    )
    func more(rest: String, fields: [String]) {
        let line = Self.head + #""GET / HTTP/1.1" 200 8 "r" "a" "# + rest
        #expect(Array(read(line).fields.dropFirst(10)) == fields)
    }

    @Test(
        "the level is that of the status",
        arguments: [
            ("200", Level.info), ("301", .info), ("404", .notice), ("499", .notice),
            ("500", .error), ("503", .error), ("-", .info), ("000", .info),
        ]
    )
    func levels(status: String, level: Level) {
        #expect(read(Self.head + "\"GET / HTTP/1.1\" \(status) 8").parsed.level == level)
    }

    @Test("times may have parts of a second, and the form of ISO 8601")
    func times() throws {
        for (time, instant) in [
            ("23/Nov/2026:07:00:25.125 +0000", "2026-11-23T07:00:25.125Z"),
            ("2026-11-23T07:00:25+01:00", "2026-11-23T06:00:25Z"),
            ("29/Feb/2028:23:59:60 -0930", "2028-03-01T09:30:00Z"),
        ] {
            let read = read("h - - [\(time)] \"GET / HTTP/1.1\" 200 8")
            #expect(read.parsed.time == .exact(try #require(Instant(rfc3339: instant))), "\(time)")
        }
    }

    @Test("a line that was cut inside of the request keeps what it says")
    func torn() {
        let read = read(Self.head + "\"GET /a")
        #expect(read.parsed.shape == .record)
        #expect(read.message == "\"GET /a")
        #expect(read.fields == ["client=10.0.0.9", "identity=<null>-", "user=<null>-"])
    }

    @Test(
        "other lines are unknown",
        arguments: [
            "", "x", "a b c", "10.0.0.9 - - [23/Nov/2026:07:00:25 +0000]",
            "10.0.0.9 - - [31/Feb/2026:07:00:25 +0000] \"GET / HTTP/1.1\" 200 8",
            "10.0.0.9 - - [23/Nov/2026:07:00:25] \"GET / HTTP/1.1\" 200 8",
            "10.0.0.9 - - 23/Nov/2026:07:00:25 \"GET / HTTP/1.1\" 200 8",
            "Nov 23 07:00:25 h a: b",
        ]
    )
    func others(line: String) {
        #expect(read(line).parsed.shape == .unknown)
        #expect(read(line).fields.isEmpty)
    }
}
