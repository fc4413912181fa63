import Atlas
import Testing

@testable import Configure

@Suite("The azimuth.yaml to start from")
struct StarterFileTests {
    private static let everything = HostFindings(
        hostName: "db-1",
        sockets: [
            ListeningSocket(address: "127.0.0.1", port: 5_432, inode: 1),
            ListeningSocket(address: "127.0.0.1", port: 5_433, inode: 2),
            ListeningSocket(address: "10.0.1.5", port: 3_306, inode: 3),
            ListeningSocket(address: "0.0.0.0", port: 6_379, inode: 4),
            ListeningSocket(address: "0.0.0.0", port: 26_379, inode: 5),
        ],
        processes: [
            .init(name: "postgres", sockets: [1, 2]), .init(name: "mariadbd", sockets: [3]),
            .init(name: "redis-server", sockets: [4]), .init(name: "redis-sentinel", sockets: nil),
            .init(name: "haproxy", sockets: []), .init(name: "keepalived", sockets: []),
            .init(name: "pacemakerd", sockets: []),
        ],
        logs: [
            KnownLog(path: "/var/log/syslog", formats: ["syslog", "plain"], system: nil),
            KnownLog(
                path: "/var/log/redis/redis-server.log",
                formats: ["redis", "plain"],
                system: "redis",
                isReadable: false
            ),
            KnownLog(path: "/var/log/odd", formats: ["odd"], system: nil),
        ]
    )

    private static let nothing = HostFindings(
        hostName: "host",
        sockets: [],
        processes: [],
        logs: []
    )

    private func load(_ text: String, _ known: Catalogue) throws -> Configuration {
        try Configuration.parse(text, file: "/etc/azimuth/azimuth.yaml", catalogue: known)
    }

    @Test("is a configuration as it is, whatever was found and whatever is known")
    func parses() throws {
        let hosts = ["db-1", "redis", "a b", "null", "#1", "true", "名前"]
        let catalogues = [
            Catalogue(probes: [], formats: [], themes: []),
            Catalogue(probes: ["postgresql"], formats: ["plain"], themes: []),
            Catalogue(
                probes: KnownSystem.all.map(\.name),
                formats: ["plain", "redis", "syslog", "odd"],
                themes: []
            ),
        ]
        for var findings in [Self.everything, Self.nothing] {
            for host in hosts {
                findings.hostName = host
                for known in catalogues {
                    let text = StarterFile.text(findings, catalogue: known)
                    let plan = try load(text, known).plan
                    #expect(plan.estate.name == host)
                    #expect(plan.estate.resources.count == findings.systems.count + 1)
                    // Addresses of systems without one are left to the reader, as comments.
                    let asked = findings.systems.filter {
                        known.probes.contains($0.known.name) && !$0.known.address.isEmpty
                    }
                    #expect(plan.targets.map(\.probe) == asked.map(\.known.name))
                }
            }
        }
    }

    @Test("asks this machine for its vital signs where there is the probe for it")
    func vitals() throws {
        var findings = Self.nothing
        findings.vitals = HostVitals(disks: ["/", "/my data: #1"])
        let known = Catalogue(
            probes: ["host"],
            formats: ["plain"],
            themes: [],
            repeatable: ["host"]
        )
        let plan = try load(StarterFile.text(findings, catalogue: known), known).plan
        #expect(
            plan.targets.map(\.address) == ["load", "memory", "disk /", "disk /my data: #1"]
        )
        #expect(plan.targets.allSatisfy { $0.resource == "host" && $0.every == .seconds(10) })
    }

    @Test("asks what there is a probe for, and follows logs in the best format there is")
    func active() throws {
        let known = Catalogue(
            probes: ["postgresql", "redis"],
            formats: ["plain", "syslog"],
            themes: []
        )
        let text = StarterFile.text(Self.everything, catalogue: known)
        let plan = try load(text, known).plan
        #expect(plan.targets.map(\.resource) == ["postgresql-5432", "postgresql-5433", "redis"])
        #expect(
            plan.targets.map(\.address) == [
                "host=127.0.0.1 port=5432 user=azimuth dbname=postgres",
                "host=127.0.0.1 port=5433 user=azimuth dbname=postgres", "127.0.0.1:6379",
            ]
        )
        #expect(plan.sources.map(\.format) == ["syslog", "plain"])
        #expect(plan.sources.map(\.resource) == ["db-1", "redis"])
    }

    @Test("says in comments what it leaves out, and why")
    func comments() {
        let known = Catalogue(probes: ["postgresql"], formats: ["plain"], themes: [])
        let text = StarterFile.text(Self.everything, catalogue: known)
        for part in [
            "  # Redis on 127.0.0.1:6379; this version has no probe 'redis'\n",
            "  # - {probe: redis, resource: redis, address: \"127.0.0.1:6379\"}\n",
            "  # - {file: /var/log/odd, format: odd, resource: db-1}\n",
            "  # You cannot read the next one; on Debian the group adm can.\n",
            "  # once: CREATE ROLE azimuth LOGIN;",
        ] {
            #expect(text.contains(part))
        }
    }

    @Test("names a history for a service only")
    func history() throws {
        let known = Catalogue(probes: [], formats: [], themes: [])
        let path = "/var/lib/azimuth/history.db"
        let service = StarterFile.text(Self.nothing, catalogue: known, history: path)
        #expect(try load(service, known).historyPath == path)
        #expect(
            try load(StarterFile.text(Self.nothing, catalogue: known), known).historyPath == nil
        )
    }
}
