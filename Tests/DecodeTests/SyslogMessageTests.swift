import Atlas
import Testing

@testable import Decode

@Suite("Messages of syslog, as they are sent")
struct SyslogMessageTests {
    private func read(_ text: String) -> FieldReading { FieldReading(SyslogLog(), text) }

    @Test("RFC 5424, as logger sends it")
    func logger() throws {
        let read = read(
            "<156>1 2026-11-23T06:52:30.739815+00:00 vm azi 12 ID47 [timeQuality tzKnown=\"1\" "
                + "isSynced=\"0\"] hello"
        )
        #expect(
            read.fields == [
                "facility=<facility>156", "severity=<severity>156", "host=vm", "program=azi",
                "pid=12", "message_id=ID47",
                "structured_data=[timeQuality tzKnown=\"1\" isSynced=\"0\"]", "tzKnown=1",
                "isSynced=0",
            ]
        )
        let time = try #require(Instant(rfc3339: "2026-11-23T06:52:30.739815Z"))
        #expect(read.parsed.time == .exact(time))
        #expect(read.parsed.level == .warn)
        #expect(read.message == "hello")
        #expect(SyslogPriority.facility(156)?.description == "local3")
        #expect(SyslogPriority.severity(156).description == "warn")
    }

    @Test(
        "hyphens stand for what is not there; two blanks and the mark of UTF-8 are no message",
        arguments: [
            ("<141>1 2026-11-23T06:54:38Z vm azi - - -  text", "text"),
            ("<14>1 2026-11-23T06:54:38Z vm azi - - - \u{FEFF}text", "text"),
            ("<14>999 2026-11-23T06:54:38Z vm azi - - -", ""),
            ("<14>1 2026-11-23T06:54:38Z vm azi - - - ", ""),
            ("<14>1 2026-11-23T06:54:38Z vm azi - - -text", "-text"),
            ("<14>1 2026-11-23T06:54:38Z vm azi", ""),
        ]
    )
    func absent(line: String, message: String) {
        let read = read(line)
        #expect(read.message == message)
        #expect(
            Array(read.fields.dropFirst(2)) == ["host=vm", "program=azi"],
            "\(read.fields)"
        )
        #expect(read.parsed.time != .none)
    }

    @Test("nothing but a priority may be told")
    func nil5424() {
        let read = read("<14>1 - - - - - - x")
        #expect(read.parsed == ParsedLine(shape: .record, level: .info, messageStart: 18))
        #expect(read.fields.count == 2)
    }

    @Test(
        "structured data has escapes; what is broken belongs to the message",
        arguments: [
            (#"[a@1 x="1"][b y="2"] m"#, ["x=1", "y=2"], "m"),
            (#"[a@1][b] m"#, [], "m"), (#"[a x="]"] m"#, ["x=]"], "m"),
            (#"[a x="\"\\\]"] m"#, [#"x=<backslashed>\"\\\]"#], "m"),
            (#"[a x="C:\temp"]"#, [#"x=C:\temp"#], ""),
            ("[a x=\"\"] m", ["x="], "m"),
            ("[incorrect x] m", nil, "[incorrect x] m"), ("[a x=\"1] m", nil, "[a x=\"1] m"),
            ("[] m", nil, "[] m"), ("[a x=\"1\"]m", nil, "[a x=\"1\"]m"),
            ("[a x=1] m", nil, "[a x=1] m"), ("[", nil, "["),
        ]
    )
    func structuredData(rest: String, parameters: [String]?, message: String) {
        let read = read("<14>1 2026-11-23T06:54:38Z vm azi - a.b.c " + rest)
        #expect(read.message == message)
        #expect(read.fields.contains("message_id=a.b.c"))
        let rest = read.fields.dropFirst(5)
        #expect(rest.first?.hasPrefix("structured_data=") == (parameters == nil ? nil : true))
        #expect(Array(rest.dropFirst()) == parameters ?? [])
    }

    @Test("RFC 3164 with and without a host, with a time of RFC 3339, with an empty host")
    func rfc3164() {
        for (line, fields, message) in [
            (
                "<156>Nov 23 06:52:30 vm azi[5477]: hello", ["host=vm", "program=azi", "pid=5477"],
                "azi[5477]: hello"
            ),
            ("<13>Nov 23 06:52:30 azi: hello", ["program=azi"], "azi: hello"),
            ("<13>Nov 23 06:52:30.125 vm azi: hello", ["host=vm", "program=azi"], "azi: hello"),
            (
                "<13>2026-11-23T06:52:30.5+01:00 vm azi: hello", ["host=vm", "program=azi"],
                "azi: hello"
            ),
            ("<190>Nov 23 06:52:30  nginx: x", ["program=nginx"], "nginx: x"),
            (
                "<13>Nov 23 06:52:30 vm azi[7] hello", ["host=vm", "program=azi", "pid=7"],
                "azi[7] hello"
            ),
            ("<13>Nov 23 06:52:30 vm Use the BFG!", ["host=vm"], "Use the BFG!"),
            (
                "<13>Nov 23 06:52:30 vm ~!@#$%^&*()_+: x", ["host=vm", "program=~!@#$%^&*()_+"],
                "~!@#$%^&*()_+: x"
            ),
            (
                "<13>Nov 23 06:52:30 vm su(pam_unix)[12]: x",
                ["host=vm", "program=su(pam_unix)", "pid=12"], "su(pam_unix)[12]: x"
            ),
        ] {
            let read = read(line)
            #expect(Array(read.fields.dropFirst(2)) == fields)
            #expect(read.message == message)
            #expect(read.parsed.time != .none && read.parsed.shape == .record)
        }
    }

    @Test("no time and no host, as Python sends it: a record of its priority")
    func python() {
        let read = read("<147>py syslog udp é")
        #expect(read.parsed == ParsedLine(shape: .record, level: .error, messageStart: 5))
        #expect(read.fields == ["facility=<facility>147", "severity=<severity>147"])
        #expect(self.read("<14>azi[3]: x").fields.suffix(2) == ["program=azi", "pid=3"])
        #expect(self.read("<14>error: x").fields.count == 2)
        #expect(self.read("<0>").parsed.level == .fatal)
    }

    @Test(
        "no priority, or none that is one, is a notice and kept whole",
        arguments: [
            "hello", "<>hello", "<192>hello", "<999>Nov 23 06:52:30 vm azi: x", "<1234>x", "<a>x",
            "<-1>x", "<", "<1", "<13", "< 13>x", "", "<192>1 2026-11-23T06:54:38Z vm azi - - - x",
        ]
    )
    func none(line: String) {
        #expect(
            read(line).parsed == ParsedLine(shape: .unknown, level: .notice, messageStart: 0)
        )
        #expect(read(line).fields.isEmpty)
    }

    @Test(
        "all severities have a level",
        arguments: zip(0...7, [Level.fatal, .fatal, .fatal, .error, .warn, .notice, .info, .debug])
    )
    func severities(number: Int, level: Level) {
        #expect(read("<\(184 + number)>Nov 23 06:52:30 vm azi: ERROR x").parsed.level == level)
        #expect(SyslogPriority.facility(184 + number)?.description == "local7")
    }

    @Test("lines of files have their host, program and process, too")
    func files() {
        #expect(
            read("Nov 23 07:00:25 lb-1 haproxy[3055]: Proxy be started.").fields
                == ["host=lb-1", "program=haproxy", "pid=3055"]
        )
    }

    @Test("an element with thirty parameters, broken at its end, is read once")
    func manyParameters() {
        let parameters = (0..<30).map { "p\($0)=\"\(String(repeating: "x", count: 900))\"" }
        let line = "<14>1 2026-11-23T06:54:38Z vm azi - - [a " + parameters.joined(separator: " ")
        #expect(read(line + "] m").fields.count == 35)
        #expect(read(line + " m").message.hasPrefix("[a p0="))
    }
}
