import Atlas
import Testing

@testable import Decode

@Suite("The format of Docker's json-file driver")
struct DockerLogTests {
    private func read(_ text: String) -> ParsedText { ParsedText(DockerLog(), text) }
    private static let end = #"","stream":"stderr","time":"2026-11-23T07:00:25.586123456Z"}"#

    @Test("reads text, stream and time; the message is the text without its end of line")
    func record() {
        let line = read(#"{"log":"say \"hi\"\n"# + Self.end)
        #expect(line.shape == .record)
        #expect(line.time == "2026-11-23T07:00:25.586123456Z")
        #expect(line.message == #"say "hi""#)
        #expect(
            line.fields == [
                "log=say \"hi\"\n", "stream=stderr", "time=2026-11-23T07:00:25.586123456Z",
            ]
        )
        #expect(!line.parsed.isPartial)
        #expect(line.parsed.lane == 2)
    }

    @Test(
        "a text without an end of line goes on in the next",
        arguments: [
            ("a", true), (#"a\n"#, false), (#"a\\n"#, true), (#"a\\\n"#, false), ("", true),
            ("n", true),
            (#"a\r\n"#, false),
        ]
    )
    func partial(_ log: String, _ isPartial: Bool) {
        let line = read(#"{"log":""# + log + Self.end)
        #expect(line.shape == .record)
        #expect(line.parsed.isPartial == isPartial)
        #expect(!line.message.hasSuffix("\n") && !line.message.hasSuffix("\r"))
    }

    @Test(
        "the level is that of the text: of its keys, or of its words",
        arguments: [
            (#"{\"level\":\"debug\",\"msg\":\"x\"}\n"#, Level.debug), (#"ERROR no\n"#, .error),
            (#"{\"level\":50}\n"#, .error), (#"hello\n"#, nil), (#"{not json\n"#, nil),
        ] as [(String, Level?)]
    )
    func level(_ log: String, _ level: Level?) {
        #expect(read(#"{"log":""# + log + Self.end).level == level)
    }

    @Test(
        "another object, and a line that is cut, is unknown",
        arguments: [
            #"{"log":"a\n","time":"2026-11-23T07:00:25Z"}"#, #"{"log":"a\n","stream":"stdout"}"#,
            #"{"stream":"stdout","time":"2026-11-23T07:00:25Z"}"#, "", "{}", "text",
            #"{"log":"a\n","stream":"stdout","time":"2026-11-23T07:00:25Z""#,
            #"{"log":"a\n","stream":"stdout","time":"2026-11-23T07:00:25Z"} x"#,
            #"{"log":{},"stream":"stdout","time":"2026-11-23T07:00:25Z"}"#,
        ]
    )
    func unknown(_ text: String) {
        #expect(read(text).shape == .unknown)
        #expect(read(text).fields.isEmpty)
    }
}

@Suite("The format of Kubernetes' container runtimes")
struct CRILogTests {
    private func read(_ text: String) -> ParsedText { ParsedText(CRILog(), text) }

    @Test("reads time, stream and text")
    func record() {
        let line = read("2016-10-06T00:17:09.669794202Z stdout F The content of the log entry 1")
        #expect(line.shape == .record)
        #expect(line.time == "2016-10-06T00:17:09.669794202Z")
        #expect(line.message == "The content of the log entry 1")
        #expect(line.fields == ["stream=stdout"])
        #expect(line.parsed.lane == 1 && !line.parsed.isPartial)
    }

    @Test(
        "takes offsets, further tags and empty texts",
        arguments: [
            ("2016-10-06T00:17:09.669794202+02:00 stderr P a", "a", true),
            ("2016-10-06T00:17:09.669794202Z stderr F:x=y a b", "a b", false),
            ("2016-10-06T00:17:09.669794202Z stdout F ", "", false),
            ("2016-10-06T00:17:09.669794202Z stdout F", "", false),
        ]
    )
    func variants(_ text: String, _ message: String, _ isPartial: Bool) {
        let line = read(text)
        #expect(line.shape == .record)
        #expect(line.message == message)
        #expect(line.parsed.isPartial == isPartial)
    }

    @Test("a JSON object as the text tells fields, level and message")
    func object() {
        let line = read(
            #"2016-10-06T00:17:09.669Z stderr F {"level":"warn","ts":1795417225,"msg":"m","a":1}"#
        )
        #expect(
            line.fields == [
                "stream=stderr", "level=warn", "ts=1795417225:number", "msg=m", "a=1:number",
            ]
        )
        #expect(line.level == .warn)
        #expect(line.message == "m")
        #expect(line.time == "2016-10-06T00:17:09.669Z")
        let broken = read(#"2016-10-06T00:17:09.669Z stderr F {"level":"warn","#)
        #expect(broken.fields == ["stream=stderr"])
        #expect(broken.message == #"{"level":"warn","#)
    }

    @Test(
        "another shape is unknown",
        arguments: [
            "", "2016-10-06T00:17:09.669794202Z stdin  F text", "2016-10-06T00:17:09.669794202Z",
            "2016-10-06T00:17:09.669794202Z stdout X text", "2016-10-06T00:17:09.669794202Z stdout",
            "2016-10-06T00:17:09.669794202Z stdout Fine text",
            "2016-10-06T00:17:09.669794202Z stdout ",
        ]
    )
    func unknown(_ text: String) {
        #expect(read(text).shape == .unknown)
    }

    @Test("the rest of a line that was split goes on with its level, in each stream apart")
    func parts() throws {
        var decoder = SourceDecoder(format: CRILog())
        let arrival = try #require(Instant(rfc3339: "2016-10-06T00:17:10Z"))
        func read(_ text: String) -> SourceDecoder.Reading {
            let bytes = Array("2016-10-06T00:17:09.669794202Z \(text)".utf8)
            return decoder.read(bytes.span.bytes, arrival: arrival)
        }
        #expect(read("stdout P ERROR: it").level == .error)
        #expect(read("stderr F fine").level == .info)
        #expect(read("stderr P ERROR: it").level == .error)
        #expect(read("stderr P goes on").level == .error)
        #expect(read("stderr F to its end").level == .error)
        #expect(read("stderr F fine").level == .info)
    }
}

@Suite("The export format of the journal")
struct JournalExportLogTests {
    private func read(_ bytes: [UInt8]) -> ParsedText { ParsedText(JournalExportLog(), bytes) }
    private static let head =
        "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1795417225123456\nPRIORITY=4\n_HOSTNAME=db-1\n"

    @Test("reads time, level, message and fields")
    func record() {
        let line = read(
            Array((Self.head + "SYSLOG_IDENTIFIER=sshd\n_PID=42\nMESSAGE=a=b c\n").utf8)
        )
        #expect(line.shape == .record)
        #expect(line.time == "2026-11-23T07:00:25.123456Z")
        #expect(line.level == .warn)
        #expect(line.message == "a=b c")
        #expect(
            line.fields == [
                "__CURSOR=s=1;i=2", "__REALTIME_TIMESTAMP=1795417225123456", "PRIORITY=4",
                "host=db-1", "program=sshd", "pid=42", "MESSAGE=a=b c",
            ]
        )
    }

    @Test("reads a message of any bytes, with its length in front")
    func binary() {
        let message: [UInt8] = Array("one\ntwo=\n".utf8) + [0xFF, 0]
        let length = [UInt8(message.count)] + [UInt8](repeating: 0, count: 7)
        let line = read(
            Array((Self.head + "MESSAGE\n").utf8) + length + message + Array("\n_PID=1".utf8)
        )
        #expect(line.shape == .record)
        #expect(Array(line.bytes[line.parsed.message(upTo: line.bytes.count)]) == message)
        #expect(line.fields.last == "pid=1")
    }

    /// As our own source of the journal keeps it.
    private static let own = "__REALTIME_TIMESTAMP=1795417225123456\nPRIORITY=4\n_PID=42\n"

    @Test("a record of our own source has its message last, to the end, whatever is in it")
    func ownRecord() {
        let line = read(Array((Self.own + "MESSAGE=one\n_PID=1\nMESSAGE=two\n").utf8))
        #expect(line.shape == .record && line.level == .warn)
        #expect(line.message == "one\n_PID=1\nMESSAGE=two\n")
        #expect(Array(line.fields.dropFirst(2)) == ["pid=42", "MESSAGE=\(line.message)"])
    }

    @Test("a length that is untrue, since a secret was hidden, costs no message and adds no field")
    func hidden() {
        let trace = Array("TRACE\n".utf8) + [40, 0, 0, 0, 0, 0, 0, 0]
        let value = Array("[redacted:token]\n_PID=1\n".utf8)
        let line = read(
            Array(Self.own.utf8) + trace + value + Array("\nMESSAGE=it failed".utf8)
        )
        #expect(line.shape == .record)
        #expect(line.message == "it failed")
        #expect(Array(line.fields.dropFirst(2)) == ["pid=42", "MESSAGE=it failed"])
        #expect(read(Array(Self.own.utf8) + trace + value).shape == .unknown)
    }

    @Test("the sender's time goes before that of its reception")
    func senderTime() {
        let sent = "_SOURCE_REALTIME_TIMESTAMP=1795417225000001\nMESSAGE=x"
        #expect(read(Array((Self.own + sent).utf8)).time == "2026-11-23T07:00:25.000001Z")
        let early = "_SOURCE_REALTIME_TIMESTAMP=1795417225000001\n" + Self.head + "MESSAGE=x"
        #expect(read(Array(early.utf8)).time == "2026-11-23T07:00:25.000001Z")
    }

    @Test("a record that is cut, or whose length is not true, is unknown")
    func broken() {
        let head = Array(Self.head.utf8)
        let huge = [UInt8](repeating: 0xFF, count: 8)
        #expect(read(head + Array("MESSAGE\n".utf8) + huge + [0x61]).shape == .unknown)
        #expect(read(head + Array("MESSAGE\n".utf8) + [5, 0, 0]).shape == .unknown)
        #expect(
            read(head + Array("MESSAGE\n".utf8) + [1, 0, 0, 0, 0, 0, 0, 0, 0x61, 0x62]).shape
                == .unknown
        )
        #expect(read(head + Array("MESS".utf8)).shape == .unknown)
        #expect(read(head + Array("MESS".utf8)).time == "2026-11-23T07:00:25.123456Z")
        #expect(read([]).shape == .unknown)
        #expect(read(Array("=\n".utf8)).shape == .unknown)
        #expect(read(Array("PRIORITY=3\nMESSAGE=x\n".utf8)).shape == .unknown)
    }
}
