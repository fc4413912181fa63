import Atlas
import Configure
import Foundation
import Testing

@testable import Probes

@Suite("Probes that begin anew with each question")
struct OneShotProbeTests {
    private func exec(_ lines: String, status: Int32 = 0) throws -> [Observation] {
        try Exec().decode(
            OneShotReply(ending: .exit(status), took: .milliseconds(1), body: lines).text
        )
    }

    private func perfdata(_ text: String) throws -> [MetricSample] {
        PluginOutput("OK|" + text).samples
    }

    @Test("a reply is read from its text as it was")
    func replies() {
        let endings: [OneShotReply.Ending] = [
            .exit(0), .exit(255), .signal(9), .hungUp(connected: .zero),
            .hungUp(connected: .milliseconds(3)), .tried(5), .found,
        ]
        for (ending, expects) in endings.flatMap({ [($0, ""), ($0, "200-299  two  blanks ")] }) {
            for body in ["", "\n", "one", "one\r\ntwo\n", "@@azimuth exit 1 after 2 us\n"] {
                let reply = OneShotReply(
                    ending: ending,
                    took: .milliseconds(9),
                    expects: expects,
                    body: body
                )
                #expect(OneShotReply(reply.text) == reply)
            }
        }
        for text in [
            "", "@@azimuth", "@@azimuth exit -1 after 2 us\n", "@@azimuth went 1 after 2 us",
        ] {
            #expect(OneShotReply(text) == nil)
        }
    }

    @Test("performance data is read with its quotes, units and holes")
    func readsPerfdata() throws {
        #expect(
            try perfdata("a=1 'b c'=2.5%;80;90;0;100 'it''s'=-3e2ms  d=.5KB;") == [
                MetricSample(name: "a", value: 1), MetricSample(name: "b c", value: 2.5, unit: "%"),
                MetricSample(name: "it's", value: -300, unit: "ms"),
                MetricSample(name: "d", value: 0.5, unit: "KB"),
            ]
        )
        #expect(
            try perfdata("a=U b= =3 c d=inf e=nan f=1e999 g=0x10 'h'5 'open=1").map(\.name) == ["g"]
        )
        #expect(try perfdata(String(repeating: "a=1 ", count: 9_999)).count == PluginOutput.limit)
    }

    @Test(
        "a line of a command that is not in the language is refused, with the reason",
        arguments: [
            (#"{"type":"metrik"}"#, "line 2"), (#"{"type":"metrik"}"#, "there is no type 'metrik'"),
            (#"{"health":"ok"}"#, "it has no 'type'"), (#"{"type":1}"#, "'type' is no text"),
            (#"{"type":"health"}"#, "it has no 'health'"),
            (#"{"type":"health","health":"OK"}"#, "'health' is 'OK'"),
            (#"{"type":"health","health":"moving"}"#, "'health' is 'moving'"),
            (#"{"type":"health","health":"ok","why":""}"#, "there is no 'why'"),
            (#"{"type":"role"}"#, "it has no 'role'"),
            (#"{"type":"role","role":"master"}"#, "'role' is 'master'"),
            (#"{"type":"metric","name":"a"}"#, "it has no 'value'"),
            (#"{"type":"metric","name":"a","value":"1"}"#, "'value' is no number"),
            (#"{"type":"metric","name":"","value":1}"#, "'name' is empty"),
            (#"{"type":"link","link":"l","health":"ok","behind":-1}"#, "'behind' is no length"),
            (#"{"type":"link","link":"l","health":"ok","bytes":0.5}"#, "'bytes' is no count"),
            (#"{"type":"event","text":"a","level":"bad"}"#, "'level' is 'bad'"),
            (#"{"type":"event","text":"a","at":"now"}"#, "'at' is no time"),
            (#"{"type":"health","type":"health"}"#, "'type' twice"),
            (#"{"type":"health""#, "ends too early"),
        ]
    )
    func refusesLines(line: String, words: String) throws {
        let error = #expect(throws: ProbeError.self) {
            try exec("words for people\n\(line)\n{\"type\":\"health\",\"health\":\"ok\"}\n")
        }
        #expect(error?.what.contains(words) == true, "\(error?.what ?? "")")
    }

    @Test("a command's reply is bounded in depth and in facts")
    func boundsExec() throws {
        let metric = #"{"type":"metric","name":"a","value":1}"# + "\n"
        #expect(try exec(String(repeating: metric, count: 256)).count == 257)
        #expect(throws: ProbeError.self) { try exec(String(repeating: metric, count: 257)) }
        let deep = String(repeating: "{\"a\":[", count: 5_000)
        #expect(throws: ProbeError.self) { try exec(deep) }
        #expect(throws: ProbeError.self) { try exec("") }
        let role = #"{"type":"role","role":"primary"}"# + "\n"
        #expect(try exec(role) == [.role(.primary), .health(.ok, reason: "")])
        #expect(throws: ProbeError.self) { try exec(role + role) }
    }

    @Test(
        "an http address that cannot be asked is refused with words",
        arguments: [
            ("https:/h/", "no http URL"), ("https://h:0/", "no host"),
            ("https://h/ cert-warn=2", "cannot be taken"),
            ("https://h/ ca=x.pem", "cannot be taken"),
            ("https://h/ sni=a:1", "cannot be taken"), ("https://h/ self-signed=yes", "cannot be"),
            ("http://h/ cert-warn=2d", "nothing to expect"), ("https://u:secret@h/", "password"),
            ("ftp://h/", "no http URL"),
            ("http:/h/", "no http URL"), ("h:80", "no http URL"), ("http://", "no host"),
            ("http://h:0/", "no host"), ("http://h:99999/", "no host"), ("http://-h/", "no host"),
            ("http://u:secret@h/", "password"), ("http://h/ü", "beyond ASCII"),
            ("http://h/ expect=", "nothing to expect"),
            ("http://h/ expect=99", "nothing to expect"),
            ("http://h/ expect=300-200", "nothing to expect"), ("http://h/ contains=", "nothing"),
            ("http://h/ 200", "nothing to expect"), ("http://h/ contains='a", "left open"),
        ]
    )
    func refusesURLs(address: String, words: String) throws {
        let error = #expect(throws: ProbeError.self) { try HTTP().dialogue(for: address) }
        #expect(error?.what.contains(words) == true, "\(error?.what ?? "")")
        #expect(error?.remedy.contains("secret") == false)
    }

    @Test("an http address becomes one request and what is expected")
    func asks() throws {
        let dialogue = try HTTP().dialogue(
            for: "http://[::1]:8080/a?b=1&c=2#d expect=200,300-399 contains='all is well'"
        )
        #expect(dialogue.host == "::1")
        #expect(dialogue.port == 8_080)
        #expect(dialogue.expects == "200,300-399 all is well")
        #expect(
            dialogue.text
                == "GET /a?b=1&c=2 HTTP/1.1\r\nHost: [::1]:8080\r\nUser-Agent: azimuth\r\n"
                + "Accept: */*\r\nConnection: close\r\n\r\n"
        )
        #expect(
            try HTTP().dialogue(for: "http://h?x").text.hasPrefix("GET /?x HTTP/1.1\r\nHost: h\r\n")
        )
        #expect(try HTTP().dialogue(for: "HTTP://h").port == 80)
    }

    @Test("over https the page and the certificate are asked for under one name")
    func asksSecurely() throws {
        func dialogue(_ address: String) throws -> Dialogue { try HTTP().dialogue(for: address) }
        let plain = try dialogue("https://10.0.0.7/")
        #expect(plain.port == 443 && plain.text.contains("Host: 10.0.0.7\r\n"))
        #expect(plain.tls == TLSWishes(serverName: "10.0.0.7"))
        #expect(plain.expects == "200-399;cert-warn=1209600")
        let other = try dialogue(
            "https://[fd00::7]:8443/ sni=wiki.example cert-warn=2d self-signed=ok ca=/a contains=b"
        )
        #expect(other.host == "fd00::7" && other.text.contains("Host: wiki.example:8443\r\n"))
        #expect(other.expects == "200-399;cert-warn=172800;self-signed b")
        #expect(
            other.tls
                == TLSWishes(
                    serverName: "wiki.example",
                    authorities: "/a",
                    takesSelfSigned: true
                )
        )
        #expect(try dialogue("http://h/").tls == nil)
    }

    @Test("an answer is complete when its end is known, and when it is enough")
    func completes() {
        let probe = HTTP()
        func complete(_ text: String, _ expects: String) -> Bool {
            probe.isComplete(Array(text.utf8), expects: expects)
        }
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
        #expect(!complete("", "200") && !complete("HTTP/1.1 200 OK\r\n", "200"))
        #expect(complete(head, "200") && !complete(head, "200 x"))
        #expect(!complete(head + "ab", "200 x") && complete(head + "abc", "200 x"))
        let chunked = "HTTP/1.1 200 OK\nTransfer-Encoding: Chunked\n\n"
        #expect(!complete(chunked + "2\r\nab\r\n", "200 x"))
        #expect(complete(chunked + "2\r\nab\r\n0\r\n", "200 x"))
        #expect(!complete("HTTP/1.1 200 OK\n\nab", "200 x"))
        #expect(complete(String(repeating: "x", count: HTTP.enough), "200"))
    }

    @Test("a text is found over the border of two chunks, and no chunk size does harm")
    func joinsChunks() throws {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
        let response = try #require(
            HTTPResponse(Array((head + "2\r\nal\r\n3;x=y\r\nl i\r\n0\r\n\r\n").utf8))
        )
        #expect(response.holds("all i") && !response.holds("all is") && response.isWhole)
        for size in ["7FFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFFFF", "-1", "", "g", "5"] {
            let odd = try #require(HTTPResponse(Array((head + size + "\r\nab").utf8)))
            #expect(!odd.isWhole)
        }
    }

    @Test(
        "an address of a port is a host and a port",
        arguments: [
            "h", "h:", "h:0", "h:65536", ":1", "h:+1", "[h]:1", "::1:22", "a b:1", "[::1]22",
        ]
    )
    func refusesPorts(address: String) {
        #expect(throws: ProbeError.self) { try TCP().dialogue(for: address) }
    }

    @Test(
        "takes names and numeric addresses",
        arguments: [
            ("db-1:22", "db-1"), ("[fe80::1%eth0]:22", "fe80::1%eth0"), ("10.0.0.1:22", "10.0.0.1"),
        ]
    )
    func takesPorts(address: String, host: String) throws {
        #expect(try TCP().dialogue(for: address) == Dialogue(host: host, port: 22))
    }

    @Test(
        "each worked example is taken as it stands, by the configuration and by each probe",
        arguments: ["aws", "backups", "direct-connect", "nagios", "vpn"]
    )
    func example(name: String) throws {
        let path = URL(filePath: #filePath).appending(path: "../../../Docs/examples/\(name).yaml")
            .standardized.path
        let plan = try Configuration.load(
            path: path,
            catalogue: Catalogue(
                probes: ProbeCatalog.all.map(\.name),
                formats: [],
                themes: [],
                repeatable: Set(ProbeCatalog.all.filter { $0 is any OneShotProbe }.map(\.name))
            )
        ).plan
        #expect(plan.targets.count >= 3)
        let addresses =
            plan.targets.map { ($0.probe, $0.address) }
            + plan.canaries.flatMap { canary in canary.targets.map { (canary.probe, $0.address) } }
        for (name, address) in addresses {
            let probe = try #require(ProbeCatalog.probe(named: name))
            _ = try probe.session(for: address, timeout: .seconds(1))
        }
        #expect(
            plan.canaries.allSatisfy { canary in
                ProbeCatalog.probe(named: canary.probe)?.canary?.modes.contains(canary.mode) == true
            }
        )
    }
}
