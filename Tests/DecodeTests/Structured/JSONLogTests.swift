import Atlas
import Testing

@testable import Decode

@Suite("The JSON format")
struct JSONLogTests {
    private func read(_ text: String) -> ParsedText { ParsedText(JSONLog(), text) }

    @Test("tells all members in their order, objects and arrays as a whole")
    func members() {
        let line = read(
            #"{"time":"2026-11-23T07:00:25.123Z", "n" : -1.5e3,"a":[1,{"b":"]}"}],"t":true,"#
                + #""f":false,"z":null,"o":{},"s":"","msg":"x \"y\"","ü":"é"}"#
        )
        #expect(line.shape == .record)
        #expect(
            line.fields == [
                "time=2026-11-23T07:00:25.123Z", "n=-1.5e3:number", #"a=[1,{"b":"]}"}]:nested"#,
                "t=true:true", "f=false:false", "z=null:null", "o={}:nested", "s=",
                #"msg=x "y""#, "ü=é",
            ]
        )
        #expect(line.time == "2026-11-23T07:00:25.123Z")
        #expect(line.message == #"x "y""#)
    }

    @Test(
        "finds time, level and message of the usual loggers",
        arguments: [
            // bunyan, pino
            (
                #"{"name":"a","hostname":"h","pid":1,"level":30,"msg":"up","time":"2026-11-23T07:00:25.000Z","v":0}"#,
                "2026-11-23T07:00:25.000Z", Level.info, "up"
            ),
            (
                #"{"level":50,"time":1795417225123,"msg":"no"}"#, "2026-11-23T07:00:25.123Z",
                .error, "no"
            ),
            // zap
            (
                #"{"level":"dpanic","ts":1795417225.1234567,"caller":"a.go:1","msg":"m"}"#,
                "2026-11-23T07:00:25.123456700Z", .fatal, "m"
            ),
            (
                #"{"L":"x","level":"warn","ts":1.795417225123e9,"msg":"m"}"#,
                "2026-11-23T07:00:25.123Z", .warn, "m"
            ),
            // logrus, zerolog, slog
            (
                #"{"level":"warning","msg":"w","time":"2026-11-23T08:00:25+01:00"}"#,
                "2026-11-23T07:00:25.000Z", .warn, "w"
            ),
            (
                #"{"level":"trace","time":1795417225,"message":"z"}"#, "2026-11-23T07:00:25.000Z",
                .trace, "z"
            ),
            (
                #"{"time":"2026-11-23T07:00:25.123456789Z","level":"ERROR","msg":"s"}"#,
                "2026-11-23T07:00:25.123456789Z", .error, "s"
            ),
            // structlog, Python
            (
                #"{"event":"done","level":"critical","timestamp":"2026-11-23T07:00:25.5Z"}"#,
                "2026-11-23T07:00:25.500Z", .fatal, "done"
            ),
            (
                #"{"levelno":20,"levelname":"WARNING","message":"p","time":"2026-11-23 07:00:25,123Z"}"#,
                "2026-11-23T07:00:25.123Z", .warn, "p"
            ),
            (
                #"{"levelno":40,"message":"p","t":1795417225000000}"#, "2026-11-23T07:00:25.000Z",
                .error, "p"
            ),
            // Serilog CLEF
            (
                #"{"@t":"2026-11-23T07:00:25Z","@mt":"Hi {N}","N":1}"#, "2026-11-23T07:00:25.000Z",
                .info, "Hi {N}"
            ),
            (
                #"{"@t":"2026-11-23T07:00:25Z","@l":"Verbose","@m":"Hi 1","@mt":"Hi {N}"}"#,
                "2026-11-23T07:00:25.000Z", .trace, "Hi 1"
            ),
            // ECS, flat and nested
            (
                #"{"@timestamp":"2026-11-23T07:00:25.000Z","log.level":"WARN","message":"e"}"#,
                "2026-11-23T07:00:25.000Z", .warn, "e"
            ),
            (
                #"{"@timestamp":"2026-11-23T07:00:25.000Z","log":{"logger":"x","level":"error"},"message":"e"}"#,
                "2026-11-23T07:00:25.000Z", .error, "e"
            ),
            // GELF
            (
                #"{"version":"1.1","host":"h","short_message":"g","timestamp":1795417225.123,"level":4}"#,
                "2026-11-23T07:00:25.123Z", .warn, "g"
            ),
            // Google Cloud
            (
                #"{"severity":"NOTICE","textPayload":"c","timestamp":"2026-11-23T07:00:25Z"}"#,
                "2026-11-23T07:00:25.000Z", .notice, "c"
            ),
            (
                #"{"severity":600,"message":"c","time":1795417225}"#, "2026-11-23T07:00:25.000Z",
                .fatal, "c"
            ),
            // Monolog, OpenTelemetry
            (
                #"{"message":"o","level":400,"datetime":"2026-11-23T07:00:25+00:00"}"#,
                "2026-11-23T07:00:25.000Z", .error, "o"
            ),
            (
                #"{"timeUnixNano":"1795417225123456789","severityNumber":9,"body":"b"}"#,
                "2026-11-23T07:00:25.123456789Z", .info, "b"
            ),
            // journalctl -o json, and events of a receiver
            (
                #"{"PRIORITY":"3","MESSAGE":"j","ts":1795417225}"#, "2026-11-23T07:00:25.000Z",
                .error, "j"
            ),
            (
                #"{"@tag":"app","@time":1795417225.123456789,"time":"2020-01-01T00:00:00Z","log":"f"}"#,
                "2026-11-23T07:00:25.123456789Z", nil, "f"
            ),
        ] as [(String, String, Level?, String)]
    )
    func loggers(_ text: String, _ time: String, _ level: Level?, _ message: String) {
        let line = read(text)
        #expect(line.shape == .record)
        #expect(line.time == time)
        #expect(line.level == level)
        #expect(line.message == message)
    }

    @Test(
        "numbers that mean different levels elsewhere are none",
        arguments: [
            #"{"level":3,"msg":"a"}"#, #"{"severity":0,"msg":"a"}"#, #"{"level":7}"#,
            #"{"level":9000}"#, #"{"level":true}"#, #"{"level":{"a":"error"}}"#, #"{"level":""}"#,
        ]
    )
    func ambiguous(_ text: String) {
        #expect(read(text).level == nil)
        #expect(read(text).shape == .record)
    }

    @Test(
        "what is no time leaves the record without one",
        arguments: [
            #"{"time":"soon"}"#, #"{"time":12.5}"#, #"{"time":0}"#, #"{"time":-1795417225}"#,
            #"{"time":"2026-02-30T00:00:00Z"}"#, #"{"time":"2026-11-23T07:00:25Zulu"}"#,
            #"{"time":1e400}"#, #"{"time":99999999999999999999999}"#, #"{"time":null}"#,
        ]
    )
    func noTime(_ text: String) {
        #expect(read(text).parsed.time == .none)
        #expect(read(text).shape == .record)
    }

    @Test("without a zone it is to be found out; with whole seconds the step is a second")
    func zone() throws {
        let line = read(#"{"asctime":"2026-11-23 07:00:25","msg":"m"}"#)
        let time = try #require(Instant(rfc3339: "2026-11-23T07:00:25Z"))
        #expect(line.parsed.time == .zoneUnknown(time))
        #expect(line.parsed.step == .seconds(1))
        #expect(read(#"{"ts":1795417225}"#).parsed.step == .seconds(1))
        #expect(read(#"{"ts":1795417225.0}"#).parsed.step == .zero)
    }

    @Test("P03 of a key that is there twice both are fields, and the last one counts")
    func twice() {
        let line = read(#"{"msg":"a","level":"info","msg":"b","level":"error"}"#)
        #expect(line.fields == ["msg=a", "level=info", "msg=b", "level=error"])
        #expect(line.message == "b")
        #expect(line.level == .error)
    }

    @Test("P03 numbers beyond any type, NaN and Infinity are kept as written")
    func numbers() {
        let line = read(#"{"a":1e400,"b":NaN,"c":-Infinity,"d":123456789012345678901234567890}"#)
        #expect(line.shape == .record)
        #expect(
            line.fields == [
                "a=1e400:number", "b=NaN", "c=-Infinity",
                "d=123456789012345678901234567890:number",
            ]
        )
    }

    @Test(
        "P03 another shape is unknown",
        arguments: [
            "", " ", "5", #""text""#, "null", "[]", #"[{"a":1}]"#, "{", #"{"a"#, #"{"a""#,
            #"{"a":"#,
            #"{"a":1"#, #"{"a":1,"#, #"{"a":1,}"#, #"{"a":1}}"#, #"{"a":1} x"#, #"{"a":1}{"b":2}"#,
            #"{"a":"x\"}"#, #"{"a":tru}"#, #"{"a":-}"#, #"{"a":1.}"#, #"{"a":1e}"#, #"{"a":[}}"#,
            #"{"a":{"b":1]}"#, #"{a:1}"#, #"{"a" 1}"#, #"{"a":1 "b":2}"#, #"{,"a":1}"#, #"{"a":}"#,
            #"{"a":01x}"#, "hello {\"a\":1}",
        ]
    )
    func unknown(_ text: String) {
        #expect(read(text).shape == .unknown)
    }

    @Test("P03 a line that is cut still has what was there before")
    func cut() {
        let line = read(#"{"time":"2026-11-23T07:00:25Z","level":"error","msg":"m","stack":"at x"#)
        #expect(line.shape == .unknown)
        #expect(line.time == "2026-11-23T07:00:25.000Z")
        #expect(line.level == .error)
        #expect(line.fields.count == 3)
    }

    @Test("a BOM, blanks around and a CR are passed over")
    func around() {
        #expect(read("\u{FEFF}{\"msg\":\"a\"}\r").message == "a")
        #expect(read("  { \"msg\" :\t\"a\" } \r").shape == .record)
        #expect(read("{}").shape == .record)
        #expect(read("{ }").fields.isEmpty)
    }

    @Test("bytes that are no UTF-8 stay in their field")
    func invalid() {
        var bytes = Array(#"{"msg":"a"#.utf8)
        bytes += [0xFF, 0xC3, 0x00, 0x0A] + Array(#"b"}"#.utf8)
        let line = ParsedText(JSONLog(), bytes)
        #expect(line.shape == .record)
        let place = line.parsed.message(upTo: bytes.count)
        #expect(Array(bytes[place]) == [0x61, 0xFF, 0xC3, 0x00, 0x0A, 0x62])
    }

    @Test("nests as deep as the limit, and ten thousand deep without harm")
    func depth() {
        func nested(_ depth: Int) -> String {
            #"{"a":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
                + "}"
        }
        #expect(read(nested(JSONMembers.depthLimit)).shape == .record)
        #expect(read(nested(JSONMembers.depthLimit + 1)).shape == .unknown)
        #expect(read(nested(10_000)).shape == .unknown)
        #expect(read(#"{"a":"# + String(repeating: #"{"a":"#, count: 10_000)).shape == .unknown)
    }

    @Test("fields beyond the limit are counted")
    func many() {
        let text = "{" + (0..<300).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
        var fields = FieldList()
        let bytes = Array(text.utf8)
        #expect(JSONLog().parse(bytes.span.bytes, into: &fields).shape == .record)
        #expect(fields.count == FieldList.limit)
        #expect(fields.omitted == 300 - FieldList.limit)
    }

    @Test("only a text is a message; without one it is the line")
    func message() {
        #expect(read(#"{"message":5,"msg":"m"}"#).message == "m")
        #expect(read(#"{"message":{"a":1},"text":"t"}"#).message == "t")
        #expect(read(#"{"a":1}"#).message == #"{"a":1}"#)
    }
}
