import Atlas
import Decode
import Query
import Testing

@Suite("A condition tested on lines")
struct LineTestTests {
    private func matches(
        _ query: String,
        _ line: String,
        format: String = "auto",
        level: Level = .info,
        source: String = "web",
        resource: String? = nil
    ) throws -> Bool {
        let sources = [LogSource(name: source, path: "/x", format: format)]
        let facts = SourceFacts(
            name: source,
            resource: resource,
            format: LineFormats(sources: sources).format(of: source)
        )
        guard let test = LineTest(try QueryReader.read(query)).test(of: facts) else { return false }
        return Array(line.utf8).withUnsafeBytes { bytes in
            test.matches(
                TestedLine(bytes: bytes, level: level, time: Instant(seconds: 9), messageStart: 0),
                LineScratch()
            )
        }
    }

    private static let access =
        #"10.0.0.7 - bob [23/Nov/2026:07:20:31 +0000] "GET /api/a HTTP/1.1" 503 1234 "-" "curl/8""#
    private static let json =
        #"{"time":"2026-11-23T07:20:31Z","level":"warn","msg":"took=850ms id=7","status":503,"#
        + #""user":"b\u006fb","none":null,"http":{"path":"\/api","in":{"deep":1}}}"#

    @Test(
        "finds fields by the format of the source",
        arguments: [
            ("status>=500", true), ("status>503", false), ("user:bob", true), ("method:get", true),
            ("method:POST", false), ("path:/api/*", true), ("path!=/api/a", false),
            ("bytes>1k", true),
            ("bytes>1.3kB", false), ("client:/^10/", true), ("referrer:*", false),
            ("-referrer:*", true),
            ("referrer!=x", false), ("agent:curl*", true),
        ]
    )
    func accessLog(query: String, isMatch: Bool) throws {
        #expect(try matches(query, Self.access, format: "access") == isMatch)
        #expect(try matches(query, Self.access, format: "plain") == isMatch, "by its look")
    }

    @Test(
        "finds what is escaped, inside objects and inside the message; null is no value",
        arguments: [
            ("user:bob", true), ("user:/^bob$/", true), ("http.path:/api", true),
            ("http.in.deep:1", true),
            ("http.in.no:*", false), ("none:*", false), ("took>800ms", true), ("took>0.9s", false),
            ("took>800", true), ("id:7", true), ("message:\"id=7\"", true), ("message:503", false),
            ("line:503", true), ("bob", false), ("field:level:warn", true), ("level:info", true),
        ]
    )
    func jsonLog(query: String, isMatch: Bool) throws {
        #expect(try matches(query, Self.json, format: "json") == isMatch)
    }

    @Test(
        "finds lines by the template of their message, but for a field of that name",
        arguments: [
            ("template:\"took=<*> id=<*>\"", true), ("template:\"took=<*> id=7\"", false),
            ("template:*took*", true), ("template:took", false), ("-template:*id*", false),
            ("template:/^took=<.> /", true), ("template!=x", true),
        ]
    )
    func template(query: String, isMatch: Bool) throws {
        #expect(try matches(query, Self.json, format: "json") == isMatch)
        #expect(try matches("template:mail", "template=mail took=5ms", format: "logfmt"))
    }

    @Test("of a word alone finds no field")
    func bareWord() throws {
        #expect(try !matches("user:*", "the user left x=1"))
        #expect(try matches("x:1", "the user left x=1"))
        #expect(try matches("debug:true", "debug x=1", format: "logfmt"))
    }

    @Test("of a source knows its name, its parts and its resource")
    func sources() throws {
        #expect(try matches("source:web", "a"))
        #expect(try matches("source:web", "a", source: "web: db1"))
        #expect(try matches("source:*db1", "a", source: "web: db1"))
        #expect(try !matches("source:we", "a"))
        #expect(try matches("resource!=db1", "a"))
        #expect(try !matches("resource:*", "a"))
        #expect(try matches("resource:DB1 OR resource:db1", "a", resource: "db1"))
        #expect(
            LineTest(try QueryReader.read("source:other refused"))
                .test(of: SourceFacts(name: "web", resource: nil, format: PlainLog())) == nil
        )
    }

    @Test(
        "reads a source's placed parts, and formats of the operator's own, as they are configured"
    )
    func formats() throws {
        let own = UserFormat(
            name: "mine",
            pattern: #"(?<who>\w+) did (?<message>.*)"#
        )
        let formats = LineFormats(
            sources: [LogSource(name: "a: b", path: "/x", format: "mine")],
            own: [own]
        )
        #expect(formats.format(of: "a: b").name == "mine")
        #expect(formats.format(of: "a: b: db1").name == "mine")
        #expect(formats.format(of: "a").name == "auto")
        let facts = SourceFacts(name: "a: b", resource: nil, format: formats.format(of: "a: b"))
        let test = try #require(LineTest(try QueryReader.read("who:ann")).test(of: facts))
        let isMatch = Array("ann did it".utf8).withUnsafeBytes { bytes in
            test.matches(
                TestedLine(bytes: bytes, level: .info, time: Instant(seconds: 1), messageStart: 0),
                LineScratch()
            )
        }
        #expect(isMatch)
    }

    @Test("tells the levels and times outside of which nothing matches")
    func bounds() throws {
        func test(_ query: String) throws -> LineTest { LineTest(try QueryReader.read(query)) }
        let day = try #require(Instant(rfc3339: "2026-11-23T00:00:00Z"))
        #expect(try test("level>=error x").levels == LevelMask.atLeast(.error))
        #expect(
            try test("-level>=error").levels
                == LevelMask.atLeast(.error).symmetricDifference(.atLeast(.trace))
        )
        #expect(try test("level>=error OR x").levels == LevelMask.atLeast(.trace))
        #expect(
            try test("level:warn OR level:error").levels == [LevelMask(.warn), LevelMask(.error)]
        )
        #expect(try test("level:warn level:error").levels.isEmpty)
        #expect(try test("time>=2026-11-23 time<2026-11-24").since == day)
        #expect(try test("time>=2026-11-23 time<2026-11-24").until == day + .seconds(86_400))
        #expect(try test("-(time<2026-11-23 OR x)").since == day)
        #expect(try test("time>=2026-11-23 OR x").since == nil)
    }

    @Test(
        "tells which literals have to be there",
        arguments: [
            ("refused", "x refused y", "x refuse y"), ("Refused", "Refused", "refused"),
            ("a refused -b", "a refused", "refused"), ("(refused OR reset) x", "reset x", "reset"),
            ("refused OR reset", "it was reset", "it was"), ("/refused? x/", "refuse x", "x"),
            ("user:alice", "user=alice", "user=bob"),
            ("user:alice", "\\u0061lice", "a lice"), ("path:/x/*/items/*", "items", "item"),
            ("\"a b\" OR (c d)", "a b", "a d"),
        ]
    )
    func literals(query: String, possible: String, hopeless: String) throws {
        let test = LineTest(try QueryReader.read(query))
        #expect(Array(possible.utf8).withUnsafeBytes(test.mayMatch))
        #expect(!Array(hopeless.utf8).withUnsafeBytes(test.mayMatch))
    }

    @Test(
        "requires no literal where none is sure",
        arguments: [
            "-refused", "refused OR level:warn", "/refused|reset/", "/[a-z]+/", "user!=bob OR x",
            "user:true",
            "user:a",
            "facility:auth", "status>500", "user:*", "refused OR -reset",
        ]
    )
    func noLiterals(query: String) throws {
        let test = LineTest(try QueryReader.read(query))
        #expect([UInt8]().withUnsafeBytes(test.mayMatch))
    }

    @Test("gives up on an expression that tries without end, says so once a line, and soon stops")
    func hostilePattern() throws {
        let condition = try QueryReader.read("/^(a|aa)+$(?<!a)/ OR /^(a|aa)+$(?<!a)/")
        let facts = SourceFacts(name: "x", resource: nil, format: PlainLog())
        let test = try #require(LineTest(condition).test(of: facts))
        let scratch = LineScratch()
        Array(repeating: UInt8(ascii: "a"), count: 80).withUnsafeBytes { bytes in
            let line = TestedLine(
                bytes: bytes,
                level: .info,
                time: Instant(seconds: 1),
                messageStart: 0
            )
            for _ in 0..<20 { #expect(!test.matches(line, scratch)) }
        }
        #expect(scratch.undecided == 20)
    }
}

@Suite("A number with a unit")
struct QuantityTests {
    @Test(
        "is read as logs and people write it",
        arguments: [
            ("5", Quantity.Kind.plain, 5.0), ("-0.5", .plain, -0.5), ("1e3", .plain, 1_000),
            ("2.5e-1", .plain, 0.25), ("12ms", .duration, 12e6), ("1m30s", .duration, 90e9),
            ("1.5h", .duration, 5_400e9), ("3µs", .duration, 3e3), ("10k", .size, 1e4),
            ("4MiB", .size, 4_194_304), ("1GB", .size, 1e9), ("0B", .size, 0),
            ("97%", .percent, 97),
            ("-2s", .duration, -2e9),
        ]
    )
    func read(text: String, kind: Quantity.Kind, value: Double) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.kind == kind)
        #expect(abs(quantity.value - value) < 1e-9 * max(1, abs(value)))
    }

    @Test(
        "is none of these",
        arguments: [
            "", "-", "x", "5xx", "1.2.3", ".", "10 ms", "1m30", "5s2k", "0x10", "--1", "1k2k",
            "NaN",
            "12345678901234567890123456789012345678901",
        ]
    )
    func none(text: String) { #expect(Quantity(text) == nil) }
}
