import Atlas
import Testing

@testable import Decode

@Suite("The logfmt format")
struct LogfmtLogTests {
    private func read(_ text: String) -> ParsedText { ParsedText(LogfmtLog(), text) }

    @Test(
        "finds time, level and message",
        arguments: [
            (
                #"time="2026-11-23T07:00:25Z" level=warning msg="disk \"a\" is full" pct=95"#,
                "2026-11-23T07:00:25.000Z", Level.warn, #"disk "a" is full"#
            ),
            (
                "ts=2026-11-23T07:00:25.123456Z caller=main.go:1 level=error msg=down",
                "2026-11-23T07:00:25.123456Z", .error, "down"
            ),
            ("lvl=eror t=1795417225 msg=x", "2026-11-23T07:00:25.000Z", .error, "x"),
            ("ts=1795417225.5 level=INFO msg=", "2026-11-23T07:00:25.500Z", .info, ""),
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
        "P04 reads every way to write a pair",
        arguments: [
            ("a=1 b= c", ["a=1", "b=", "c=true:true"]),
            (#"a="" b="x=y z" c"#, ["a=", "b=x=y z", "c=true:true"]),
            ("url=/x?a=b&c=d at=info", ["url=/x?a=b&c=d", "at=info"]),
            (#"= "x" a=b"#, ["x=true:true", "a=b"]),
            (#"a="b"c=d"#, ["a=b", "c=d"]),
            ("a=b\tc=d  e=f\r", ["a=b", "c=d", "e=f"]),
            (#"a="not closed"#, ["a=not closed"]),
            (#"a="ends in \"#, [#"a=ends in \"#]),
            ("é=ü", ["é=ü"]),
            (#"a="\u00e9\t\x41""#, ["a=é\tA"]),
            ("a=b a=c", ["a=b", "a=c"]),
        ] as [(String, [String])]
    )
    func pairs(_ text: String, _ fields: [String]) {
        #expect(read(text).fields == fields)
        #expect(read(text).shape == .record)
    }

    @Test(
        "a text without a pair is unknown and has no fields",
        arguments: ["", " ", "hello you", "\"", "=", "= ="]
    )
    func unknown(_ text: String) {
        #expect(read(text).shape == .unknown)
        #expect(read(text).fields.isEmpty)
    }
}

@Suite("The LTSV format")
struct LTSVLogTests {
    private func read(_ text: String) -> ParsedText { ParsedText(LTSVLog(), text) }

    @Test("reads a web server's line, its time in brackets")
    func access() {
        let line = read(
            "time:[23/Nov/2026:16:00:25 +0900]\thost:192.0.2.7\tstatus:200\tua:Mozilla/5.0 (a:b)"
        )
        #expect(line.shape == .record)
        #expect(line.time == "2026-11-23T07:00:25.000Z")
        #expect(
            line.fields == [
                "time=[23/Nov/2026:16:00:25 +0900]", "host=192.0.2.7", "status=200",
                "ua=Mozilla/5.0 (a:b)",
            ]
        )
    }

    @Test("finds level and message")
    func message() {
        let line = read("time:2026-11-23T07:00:25Z\tlevel:ERROR\tmessage:a b\tx:1\r")
        #expect(line.level == .error)
        #expect(line.message == "a b")
        #expect(line.fields.last == "x=1")
    }

    @Test(
        "P04 a part without a label is passed over, an empty value stays",
        arguments: [
            ("a:1\tjunk\tb:", ["a=1", "b="]), ("a:\t\tb:2\t", ["a=", "b=2"]), (":x\ta::", ["a=:"]),
            ("a b:1\tc:2", ["c=2"]),
        ]
    )
    func parts(_ text: String, _ fields: [String]) {
        #expect(read(text).fields == fields)
        #expect(read(text).shape == .record)
    }

    @Test("a line without a label is unknown", arguments: ["", "\t", "hello", ":", "a b:c", "\r"])
    func unknown(_ text: String) {
        #expect(read(text).shape == .unknown)
    }
}

@Suite("Columns")
struct ColumnLogTests {
    @Test(
        "P04 csv takes quotes as RFC 4180 has them, and an empty column as null",
        arguments: [
            ("a,b", ["column1=a", "column2=b"]),
            (
                #"a,"b ""c"", d",,"""#,
                ["column1=a", #"column2=b "c", d"#, "column3=:null", "column4="]
            ),
            (#""","#, ["column1=", "column2=:null"]),
            ("a\r", ["column1=a"]), ("\u{FEFF}a,b", ["column1=a", "column2=b"]),
            (#"a"b,c"#, [#"column1=a"b"#, "column2=c"]),
            (#""a"#, []), (#"x,"a"b,c"#, ["column1=x"]),
        ] as [(String, [String])]
    )
    func csv(_ text: String, _ fields: [String]) {
        #expect(ParsedText(ColumnLog.csv, text).fields == fields)
    }

    @Test(
        "P04 a quote that is not closed, or goes on, makes a csv line unknown",
        arguments: ["a", #""a,b""#, #""a"#, #"x,"a"b"#, "", "\r", #"a,""#]
    )
    func broken(_ text: String) {
        #expect(ParsedText(ColumnLog.csv, text).shape == .unknown)
    }

    @Test("P04 tsv knows no quotes, and an empty column is an empty text")
    func tsv() {
        let line = ParsedText(ColumnLog.tsv, "\"a\t\tb\"\tc,d\r")
        #expect(line.fields == ["column1=\"a", "column2=", "column3=b\"", "column4=c,d"])
        #expect(line.shape == .record)
    }

    @Test("time and level are columns that are nothing else; numbers are no times")
    func roles() {
        let line = ParsedText(
            ColumnLog.csv,
            #"4111111111111111,"2026-11-23 07:00:25.5Z",E,ERROR,info"#
        )
        #expect(line.time == "2026-11-23T07:00:25.500Z")
        #expect(line.level == .error)
        #expect(line.message == #"4111111111111111,"2026-11-23 07:00:25.5Z",E,ERROR,info"#)
    }

    @Test("columns behind the last that has a name are not told")
    func many() {
        let text = (1...40).map(String.init).joined(separator: "\t")
        let line = ParsedText(ColumnLog.tsv, text)
        #expect(line.fields.count == KnownField.columns)
        #expect(line.fields.last == "column32=32")
    }
}
