import Atlas
import Testing

@testable import Probes

@Suite("The HAProxy probe")
struct HAProxyTests {
    private func decode(_ part: String, _ body: String) throws -> [Observation] {
        try HAProxy().decode(
            OneShotReply(
                ending: .hungUp(connected: .milliseconds(1)),
                took: .milliseconds(2),
                expects: part,
                body: body
            ).text
        )
    }

    private func health(_ part: String, _ body: String) throws -> String {
        for case .health(let health, let reason) in try decode(part, body) {
            return "\(health.rawValue) \(reason)"
        }
        return ""
    }

    @Test("asks a socket for the rows of one proxy, or of all without their servers")
    func socket() throws {
        let one = try HAProxy().dialogue(for: "/run/haproxy/admin.sock be/web1")
        #expect(one.path == "/run/haproxy/admin.sock" && one.isHearsay)
        #expect(one.text == "show stat be 7 -1\n" && one.expects == "be/web1")
        let backend = try HAProxy().dialogue(for: "lb-1:9999 be")
        #expect(backend.host == "lb-1" && backend.port == 9_999 && backend.path == nil)
        #expect(!backend.isHearsay, "a backend is a part of HAProxy")
        let all = try HAProxy().dialogue(for: "'/run/my proxy.sock'")
        #expect(all.path == "/run/my proxy.sock" && all.text == "show stat -1 3 -1\n")
    }

    @Test("asks a page for its CSV, narrowed to the proxy")
    func page() throws {
        for url in [
            "http://lb-1:8404/stats", "http://lb-1:8404/stats;csv", "http://lb-1:8404/stats?x",
        ] {
            let dialogue = try HAProxy().dialogue(for: "\(url) be/web1")
            #expect(
                dialogue.text.hasPrefix(
                    "GET /stats;csv?scope=be HTTP/1.1\r\nHost: lb-1:8404\r\n"
                )
            )
        }
        let all = try HAProxy().dialogue(for: "http://[::1]:8404/")
        #expect(all.text.hasPrefix("GET /;csv HTTP/1.1\r\n") && all.host == "::1")
    }

    @Test(
        "an address that cannot be asked is refused with words",
        arguments: [
            ("", "empty"), ("lb-1", "no socket and no page"), ("run/x.sock be", "no socket"),
            ("/run/x.sock be;show", "no backend"), ("/run/x.sock 'be -1'", "no backend"),
            ("/run/x.sock be/", "no backend"), ("/run/x.sock /web1", "no backend"),
            ("/run/x.sock a/b/c", "no backend"), ("/run/x.sock be web1", "no backend"),
            ("/run/x.sock 'be\nset x'", "no backend"), ("https://lb-1/ be", "https"),
            ("http://u:secret@lb-1/ be", "password"),
            ("/\(String(repeating: "x", count: 107))", "107"),
        ]
    )
    func refusesAddresses(address: String, words: String) {
        let error = #expect(throws: ProbeError.self) { try HAProxy().dialogue(for: address) }
        #expect(error?.what.contains(words) == true, "\(error?.what ?? "")")
    }

    private static let names =
        "# pxname,svname,status,type,act,bck,check_status,check_desc,last_chk,check_fall,\n"

    @Test("columns are found by name, and quoted texts keep commas, quotes and line ends")
    func quotes() throws {
        let other = """
            # pxname,last_chk,type,check_desc,svname,status,check_status,
            be,"a ""bad"", very
            bad one",2,"Layer7, timeout",web1,DOWN,L7TOUT,

            """
        #expect(
            try health("be/web1", other)
                == "down DOWN: Layer7, timeout: a \"bad\", very\nbad one"
        )
        let rows = try #require(HAProxyStatistics("# pxname,a,\nx,\"\",\ny,\"\"\"\",\n")).rows
        #expect(rows.map { $0["a"] } == ["", "\""] && rows[0]["none"] == "")
    }

    @Test(
        "the words of a status are told apart",
        arguments: [
            ("UP", "L7OK", "ok "),
            ("UP 1/3", "* L7TOUT", "warn UP: Layer7 x, 2 of 3 checks failed"),
            ("UP", "L4TOUT", "warn UP: Layer7 x"),
            ("UP 1/3", "* INI", "no-data UP: not checked so far"),
            ("DOWN", "L4CON", "down DOWN: Layer7 x, 3 checks in a row failed"),
            ("DOWN 1/2", "L7OK", "down DOWN: coming back, 1 of 2 checks passed"),
            ("DOWN 9/x", "L7OK", "down DOWN"),
            ("DOWN (agent)", "L7OK", "down DOWN: its agent says so"),
            ("MAINT (via be/web2)", "", "maintenance MAINT (via be/web2)"),
            ("MAINT (resolution)", "", "warn MAINT: its name has no address"),
            ("DRAIN 1/3", "L7OK", "maintenance DRAIN: keeps its users, takes no new ones"),
            ("NOLB 1/2", "L7OKC", "maintenance NOLB: takes no new users"),
            ("no check", "", "no-data HAProxy does not check it"),
            ("", "", "no-data its status is ''"),
        ]
    )
    func statuses(status: String, check: String, expected: String) throws {
        let row = "be,web1,\(status),2,1,0,\(check),Layer7 x,,3,\n"
        #expect(try health("be/web1", Self.names + row) == expected)
    }

    @Test("a row that is cut is no answer, and no size of a reply does harm")
    func hostile() throws {
        let row = "be,web1,UP,2,1,0,L7OK,Layer7 check passed,,3,"
        #expect(try health("be/web1", Self.names + row + "\n") == "ok ")
        let cut = #expect(throws: ProbeError.self) { try decode("be/web1", Self.names + row) }
        #expect(cut?.what.contains("longer than 64 KiB") == true)
        let open = Self.names + "be,\"web1" + String(repeating: ",", count: 60_000)
        let wide = Self.names + String(repeating: ",", count: 60_000) + "\n"
        let deep = Self.names + String(repeating: "be,web2,UP,2,1,0,,,,,\n", count: 3_000)
        for body in [open, wide, deep, "\"", Self.names, "Permission denied\n", "\0\u{1B}[2J"] {
            #expect(throws: ProbeError.self) { try decode("be/web1", body) }
        }
        #expect(try health("be", deep + "be,BACKEND,UP,1,1,0,,,,,\n").hasPrefix("ok 3000 of 3000"))
    }
}
