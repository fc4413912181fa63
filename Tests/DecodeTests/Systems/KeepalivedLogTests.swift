import Atlas
import Testing

@testable import Decode

@Suite("The keepalived log format")
struct KeepalivedLogTests {
    private func parse(_ text: String) -> ParsedLine {
        let bytes = Array(text.utf8)
        return KeepalivedLog().parse(bytes.span.bytes)
    }

    private func message(_ text: String) -> String {
        String(decoding: Array(text.utf8)[parse(text).messageStart...], as: UTF8.self)
    }

    @Test(
        "reads its own lines: whole seconds of a zone that is to be found out",
        arguments: [
            ("Mon Nov 23 07:01:17 2026: (VI_1) Entering MASTER STATE", "2026-11-23T07:01:17Z"),
            ("Tue Nov  3 00:00:00 2026: (VI_1) Entering MASTER STATE", "2026-11-03T00:00:00Z"),
            ("Tue Feb 29 23:59:59 2028: (VI_1) Entering MASTER STATE", "2028-02-29T23:59:59Z"),
        ]
    )
    func ownLines(line: String, time: String) throws {
        let parsed = parse(line)
        #expect(parsed.shape == .record && parsed.level == nil && parsed.step == .seconds(1))
        #expect(parsed.time == .zoneUnknown(try #require(Instant(rfc3339: time))))
        #expect(message(line) == "(VI_1) Entering MASTER STATE")
    }

    @Test(
        "reads what a syslog daemon wrote for it",
        arguments: [
            "2026-11-23T08:01:17.160736+01:00 lb-2 Keepalived_vrrp[3616]: (VI_1) removing VIPs.",
            "2026-11-23T07:01:17.160736Z lb-2 Keepalived_vrrp: (VI_1) removing VIPs.",
            "2026-11-23T04:31:17.160736-02:30 lb-2 Keepalived_vrrp[1]: (VI_1) removing VIPs.",
        ]
    )
    func syslogLines(line: String) throws {
        let time = try #require(Instant(rfc3339: "2026-11-23T07:01:17.160736Z"))
        #expect(parse(line).shape == .record && parse(line).time == .exact(time))
        #expect(message(line) == "(VI_1) removing VIPs.")
    }

    @Test("a syslog line without a year has whole seconds")
    func shortSyslogLine() throws {
        let line = "Nov  3 07:01:17 lb-2 Keepalived[9]: Stopped Keepalived v2.2.7 (01/16,2022)"
        let civil = try #require(Instant(rfc3339: "2000-11-03T07:01:17Z")).civil()
        #expect(parse(line).shape == .record && parse(line).step == .seconds(1))
        #expect(parse(line).time == .yearUnknown(civil, offset: nil))
        #expect(message(line) == "Stopped Keepalived v2.2.7 (01/16,2022)")
    }

    @Test(
        "what has another shape, or is said by another program, is kept as it is",
        arguments: [
            "", "M", "Mon Nov 23 07:01:17 2026", "Mon Nov 23 07:01:17 2026:x", "Mon Nov 23",
            "Mon Non 23 07:01:17 2026: x", "Mon Nov 41 07:01:17 2026: x",
            "Mon Nov 23 07:61:17 2026: x", "Nov 23 07:01:17 lb-2 sshd[1]: x",
            "Nov 23 07:01:17 lb-2 Keepalived_vrrp[1]", "Nov 23 07:01:17",
            "2026-11-23T07:01:17 lb-2 Keepalived: x", "2026-11-23T07:01:17+1 lb-2 Keepalived: x",
            "2026-99-23T07:01:17Z lb-2 Keepalived: x", "2026-11-23T07:01:17Z lb-2 cron[1]: x",
        ]
    )
    func strangeLines(line: String) {
        #expect(parse(line).shape == .unknown && parse(line).messageStart == 0)
    }

    @Test("every cut of a good line is read without a crash")
    func cuts() {
        for text in [
            "Mon Nov 23 07:01:17 2026: (VI_1) Entering MASTER STATE",
            "2026-11-23T07:01:17.160736+00:00 lb-2 Keepalived_vrrp[3616]: (VI_1) removing VIPs.",
            "Nov 23 07:01:17 lb-2 Keepalived_vrrp[3616]: (VI_1) removing VIPs.",
        ] {
            let line = Array(text.utf8)
            for end in 0...line.count {
                let cut = Array(line[..<end])
                #expect(KeepalivedLog().parse(cut.span.bytes).messageStart <= end)
            }
        }
    }
}
