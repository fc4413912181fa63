import Atlas
import Testing

@testable import Probes

@Suite("Probes whose address says how they are asked")
struct ErrandProbeTests {
    private let now = Instant(seconds: 1_795_418_431)  // 2026-11-23T07:20:31Z

    @Test(
        "an address of a path is read, or refused with words",
        arguments: [
            ("", "empty"), ("h", "add a port"), ("h:0", "HOST:PORT"), ("-h:1", "HOST:PORT"),
            ("h:1 by=icmp", "knows no ports"), ("h:1 count=0", "1 to 20"),
            ("h:1 count=21", "1 to 20"), ("h:1 rtt-warn=50", "such as 50ms"),
            ("h:1 rtt-warn=0ms", "such as 50ms"), ("h:1 loss-warn=2", "such as 2%"),
            ("h:1 loss-warn=0%", "such as 2%"), ("h:1 loss-down=101%", "such as 2%"),
            ("h:1 loss-warn=nan%", "such as 2%"), ("h:1 by=udp", "by=icmp"),
            ("h:1 fast", "count=5"), ("h:1 password=x", "from a file of its own"),
        ]
    )
    func refusesPaths(address: String, words: String) throws {
        let error = #expect(throws: ProbeError.self) {
            try Path().errand(for: address, timeout: .seconds(2))
        }
        let said = "\(error?.what ?? "") \(error?.remedy ?? "")"
        #expect(said.contains(words), "\(said)")
    }

    @Test("a path is asked by connections, or by ping within the time given")
    func asksPaths() throws {
        #expect(
            try Path().errand(for: "[fd00::5]:179 count=3", timeout: .seconds(2))
                == .roundTrips(host: "fd00::5", port: 179, count: 3)
        )
        func ping(_ address: String, _ timeout: Span) throws -> [String] {
            try Path().session(for: address, timeout: timeout).arguments
        }
        #expect(
            try ping("h by=icmp", .seconds(2)) == [
                "ping", "-n", "-q", "-c", "5", "-i", "0.2", "-W", "1", "h",
            ]
        )
        #expect(try ping("h by=icmp count=2", .seconds(5))[8] == "4")
        #expect(try ping("h by=icmp", .seconds(300))[8] == "10")
    }

    @Test(
        "an address of a backup is read, or refused with words",
        arguments: [
            ("", "empty"), ("within=1h", "nowhere to look"), ("files=/a log=/b within=1h", "twice"),
            ("files=/a", "how old"), ("files=a within=1h", "whole path"),
            ("files=~/a within=1h", "whole path"), ("files=/a within=1", "such as 26h"),
            ("files=/a within=0s", "such as 26h"), ("log=/a within=1h", "what a line of success"),
            ("files=/a within=1h min-size=5X", "20K"), ("files=/a within=1h min-size=1e9", "20K"),
            ("files=/a within=1h age=2", "write one of"), ("files= within=1h", "write one of"),
            ("command='a | b' within=1h", "outside of quotes"),
            ("command='a --password=x' within=1h", "holds a password"),
            ("files=/a within=1h contains='a", "left open"),
        ]
    )
    func refusesBackups(address: String, words: String) throws {
        let error = #expect(throws: ProbeError.self) {
            try Backup().errand(for: address, timeout: .seconds(2))
        }
        let said = "\(error?.what ?? "") \(error?.remedy ?? "")"
        #expect(said.contains(words), "\(said)")
    }

    @Test("a backup is asked for in files, in a log, or of a command")
    func asksBackups() throws {
        func errand(_ address: String) throws -> Errand {
            try Backup().errand(for: address, timeout: .seconds(2))
        }
        #expect(
            try errand("files='/a b/*.dump' within=26h min-size=1.5KiB")
                == .files(.newest(pattern: "/a b/*.dump", atLeast: 1_536))
        )
        #expect(
            try errand("log=/a contains='all done' within=26h")
                == .files(.line(path: "/a", containing: "all done"))
        )
        guard case .command(let command) = try errand("command=\"a 'b c'\" within=26h") else {
            Issue.record("it is no command")
            return
        }
        #expect(command.arguments == ["a", "b c"])
    }

    @Test("when and what was asked is read as it was written, in one line")
    func contexts() throws {
        let context = ErrandContext(at: now, zone: .seconds(-12_600), address: "a  b\n'c' ")
        #expect(ErrandContext(context.text) == context)
        #expect(context.address == "a  b 'c' ")
        for text in ["", "at=now zone=0 a", "at=2026-11-23T07:20:31Z zone=x a", "zone=0 a"] {
            #expect(ErrandContext(text) == nil)
        }
    }

    @Test(
        "a time is found in a line of a log",
        arguments: [
            ("2026-11-23T02:00:11Z done", "2026-11-23T02:00:11.000Z"),
            ("[2026-11-23 02:00:11.25] done", "2026-11-22T17:00:11.250Z"),
            ("done at 2026/11/23 02:00:11", "2026-11-22T17:00:11.000Z"),
            ("2026-11-23 02:00:11 UTC done", "2026-11-23T02:00:11.000Z"),
            ("2026-11-23 02:00:11 +0100 done", "2026-11-23T01:00:11.000Z"),
            ("2026-11-23T02:00:11+01:00", "2026-11-23T01:00:11.000Z"),
            ("2026-11-23 02:00:11 - done", "2026-11-22T17:00:11.000Z"),
            ("2026-11-23 02:00:11 Zurich done", "2026-11-22T17:00:11.000Z"),
            ("Nov 23 02:00:11 host done", "2026-11-22T17:00:11.000Z"),
            ("Nov  3 02:00:11 host done", "2026-11-02T17:00:11.000Z"),
            ("Dec 31 02:00:11 host done", "2025-12-30T17:00:11.000Z"),
            ("host-2026-11-23 then 2026-11-22 02:00:11", "2026-11-21T17:00:11.000Z"),
        ]
    )
    func times(line: String, time: String) {
        let written = WrittenTime(now: now, zone: .seconds(32_400))
        #expect(written.find(in: line)?.description == time)
    }

    @Test(
        "what is no time is none",
        arguments: [
            "", "done", "2026-13-01 00:00:00", "2026-11-23", "02:00:11", "Nov", "Nov 23",
            "Nov 99 02:00:11 host", "12026-11-23 02:00:11", "2026-11-23 02:00:11.",
            "9999-11-23 02:00:11",
        ]
    )
    func noTimes(line: String) {
        let written = WrittenTime(now: now, zone: .zero)
        #expect(written.find(in: line) == nil, "\(line)")
    }

    @Test("what a handshake told is read as it was written, and any time does no harm")
    func reports() {
        for (from, to) in [(0, 1), (Int64.min, Int64.max), (Int64.max, Int64.min)] {
            for at in [Int64.min, 0, Int64.max] {
                let report = TLSReport(
                    version: "TLSv1.3",
                    took: .milliseconds(4),
                    notBefore: from,
                    notAfter: to,
                    at: at,
                    serverName: "h",
                    isForServer: false,
                    chain: 20,
                    words: "two  words"
                )
                #expect(TLSReport(report.text) == report)
                #expect(report.complaint(takesSelfSigned: true) != nil)
            }
        }
    }

    @Test("a ping that is not one, or lies, is no survey or a bounded one")
    func pings() {
        for text in [
            "", "0 packets transmitted, 0 received", "x packets transmitted, 1 received",
            "99999999999999999999 packets transmitted, 1 received", "5 packets transmitted, none",
        ] {
            #expect(PathSurvey(ping: text) == nil)
        }
        let times = "rtt min/avg/max/mdev = 1/2/3/4 ms"
        #expect(PathSurvey(ping: "2 packets transmitted, 9 received\n\(times)")?.lost == 0)
        for bad in ["rtt min/avg/max = 1/-2/3 ms", "rtt min/avg/max = 1/nan/3", "rtt min/avg/max"] {
            #expect(PathSurvey(ping: "2 packets transmitted, 2 received\n\(bad)")?.lost == 2)
        }
        let many = String(repeating: "connected 5\n", count: 21)
        #expect(PathSurvey(tries: many) == nil && PathSurvey(tries: "") == nil)
        #expect(PathSurvey(tries: String(many.dropLast(12)))?.sent == 20)
    }
}
