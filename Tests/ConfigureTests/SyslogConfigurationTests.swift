import Atlas
import Testing

@testable import Configure

@Suite("Sources of syslog and of events over HTTP")
struct SyslogConfigurationTests {
    private static let catalogue = Catalogue(
        probes: [],
        formats: ["plain", "json", "syslog"],
        themes: []
    )

    private func sources(_ lines: String) throws -> [LogSource] {
        let text =
            "sources:\n  - name: sent\n"
            + lines.split(separator: "\n").map { "    \($0)\n" }.joined()
        return try Configuration.parse(text, file: "/etc/a/azimuth.yaml", catalogue: Self.catalogue)
            .plan.sources
    }

    private func problem(_ lines: String) -> String? {
        do {
            _ = try sources(lines)
            return nil
        } catch let error as ConfigureError {
            guard case .invalid(let problems) = error else { return nil }
            return problems.map { "\($0.what); \($0.remedy)" }.joined(separator: "\n")
        } catch {
            return nil
        }
    }

    @Test("every key of a syslog source")
    func syslog() throws {
        let source = try #require(
            try sources(
                """
                syslog: [":514", "tcp://10.0.0.1:601", "tls://[::]", "unix:/run/a.sock", "unix-datagram:/dev/log"]
                tls: {certificate: c.pem, key: k.pem}
                message_limit: 2K
                """
            ).first
        )
        let wanted = SyslogReceiver(
            listeners: [
                Listener(transport: .udp, host: "0.0.0.0", port: 514),
                Listener(transport: .tcp, host: "10.0.0.1", port: 601),
                Listener(transport: .tls, host: "::", port: 6_514),
                Listener(transport: .unix, host: "/run/a.sock"),
                Listener(transport: .unixDatagram, host: "/dev/log"),
            ],
            identity: ServerIdentity(certificate: "/etc/a/c.pem", key: "/etc/a/k.pem"),
            messageLimit: 2_048
        )
        #expect(source.origin == .syslog(wanted))
        #expect(source.format == "syslog")
    }

    @Test("every key of an HTTP source")
    func http() throws {
        let source = try #require(
            try sources(
                """
                http: [0.0.0.0, "unix:/run/h.sock"]
                tls: {certificate: c.pem, key: k.pem}
                tokens_file: tokens
                body_limit: 1M
                format: plain
                """
            ).first
        )
        let wanted = HTTPReceiver(
            listeners: [
                Listener(transport: .tls, host: "0.0.0.0", port: 4_318),
                Listener(transport: .unix, host: "/run/h.sock"),
            ],
            identity: ServerIdentity(certificate: "/etc/a/c.pem", key: "/etc/a/k.pem"),
            tokensFile: "/etc/a/tokens",
            bodyLimit: 1 << 20
        )
        #expect(source.origin == .http(wanted))
        #expect(source.format == "plain")
        #expect(try sources("http: '127.0.0.1:4318'").first?.format == "json")
    }

    @Test("what is written reads back the same")
    func writing() throws {
        for lines in [
            "syslog: [\"udp://127.0.0.1:5514\", \"tls://[::1]:9\"]\ntls: {certificate: c, key: k}",
            "http: localhost\nbody_limit: 4096", "http: 10.0.0.1\ntokens_file: t",
        ] {
            let sources = try sources(lines)
            let text = PlanWriter.text(WatchPlan(sources: sources))
            let again = try Configuration.parse(text, file: "x.yaml", catalogue: Self.catalogue)
            #expect(again.plan.sources == sources)
        }
    }

    @Test(
        "mistakes",
        arguments: [
            ("syslog: 'tls://localhost'", "speaks TLS without a certificate"),
            ("syslog: localhost\nmessage_limit: 10", "not 480 to 1048576 bytes"),
            ("syslog: localhost\nmessage_limit: 9999999999999999999M", "such as 64K or 16M"),
            ("syslog: localhost\nhttp: localhost", "'http' of source 'sent' has no meaning beside"),
            ("syslog: localhost\ntokens_file: t", "has no meaning beside 'syslog'"),
            ("http: localhost\nfile: /x.log", "has no meaning where others send"),
            ("http: 'udp://localhost'", "which is no address to listen on"),
            ("http: 0.0.0.0", "lets everybody in who reaches tcp://0.0.0.0:4318"),
            ("http: [localhost, '[::]']", "lets everybody in who reaches tcp://[::]:4318"),
            ("http: 127.example.org", "lets everybody in"),
            ("file: /x.log\nformat: plain\ntokens_file: t", "only for what others send"),
        ]
    )
    func mistakes(lines: String, words: String) {
        #expect(problem(lines)?.contains(words) == true, "\(problem(lines) ?? "nothing")")
    }
}
