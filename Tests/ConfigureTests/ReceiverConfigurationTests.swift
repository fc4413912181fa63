import Atlas
import Testing

@testable import Configure

@Suite("Sources that others send to")
struct ReceiverConfigurationTests {
    private static let catalogue = Catalogue(
        probes: [],
        formats: ["plain", "json"],
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

    @Test("every key of a forward source")
    func all() throws {
        let source = try #require(
            try sources(
                """
                forward: ["0.0.0.0:24225", "unix:/run/azimuth/f.sock", "[::1]"]
                format: plain
                tls: {certificate: c.pem, key: /k.pem, client_ca: ca.pem}
                shared_key_file: key
                users_file: users
                """
            ).first
        )
        let wanted = ForwardReceiver(
            listeners: [
                Listener(transport: .tls, host: "0.0.0.0", port: 24_225),
                Listener(transport: .unix, host: "/run/azimuth/f.sock"),
                Listener(transport: .tls, host: "::1", port: 24_224),
            ],
            identity: ServerIdentity(
                certificate: "/etc/a/c.pem",
                key: "/k.pem",
                clientAuthority: "/etc/a/ca.pem"
            ),
            sharedKeyFile: "/etc/a/key",
            usersFile: "/etc/a/users"
        )
        #expect(source.origin == .forward(wanted))
        #expect(source.format == "plain")
    }

    @Test("what is written reads back the same")
    func writing() throws {
        let sources = try sources(
            """
            forward: [localhost, "tls://[::1]:9"]
            tls: {certificate: c.pem, key: k.pem}
            shared_key_file: key
            """
        )
        let text = PlanWriter.text(WatchPlan(sources: sources))
        let again = try Configuration.parse(text, file: "x.yaml", catalogue: Self.catalogue)
        #expect(again.plan.sources == sources)
    }

    @Test("the format is json where none is named")
    func format() throws {
        #expect(try sources("forward: localhost").first?.format == "json")
    }

    @Test(
        "mistakes",
        arguments: [
            ("forward: 24224", "which is no address to listen on"),
            ("forward: 'localhost:70000'", "which is no address to listen on"),
            ("forward: 'http://localhost'", "which is no address to listen on"),
            ("forward: 'udp://localhost'", "which is no address to listen on"),
            ("forward: '::1'", "which is no address to listen on"),
            ("forward: 'unix:relative'", "which is no address to listen on"),
            ("forward: []", "is empty"),
            ("forward: [a, a]", "the address 'a'"),
            ("forward: 'tls://localhost'", "speaks TLS without a certificate"),
            ("forward: localhost\ntls: {certificate: c.pem}", "has no 'key'"),
            ("forward: localhost\nusers_file: u", "needs a shared key"),
            ("forward: localhost\nfile: /x.log", "'file' of source 'sent' has no meaning"),
            ("file: /x.log\nformat: plain\nshared_key_file: k", "only for what others send"),
        ]
    )
    func mistakes(lines: String, words: String) {
        #expect(problem(lines)?.contains(words) == true, "\(problem(lines) ?? "nothing")")
    }
}
