import Atlas
import Testing

@testable import Configure

@Suite("An azimuth.yaml as typed values")
struct ConfigurationTests {
    private static let text = """
        # The example of Docs/configuration.md, in short.
        estate:
          name: acme hybrid
          layers: [data, queue]
          regions:
            tokyo: {code: ap-northeast-1, zones: [1a, 1c]}
          sites:
            shinagawa:
          resources:
            orders-a: {at: tokyo/1a, layer: data}
            orders-b: {at: shinagawa, layer: data}
          links:
            orders: {from: orders-a, to: orders-b, kind: "streaming, async", rpo: 30s}
          services:
            orders: {members: [orders-a, orders-b], rto: 60s}
        sources:
          - {name: orders-a log, file: /var/log/a.log, format: postgresql, resource: orders-a}
          - {file: logs/a.log, format: plain, start: beginning}
          - {file: ~/logs/a.log, format: plain}
          - {file: "-", format: plain}
        probes:
          - {probe: postgresql, resource: orders-a, address: &a "host=127.0.0.1 port=25431", alias: n1}
          - {probe: postgresql, resource: orders-b, address: &b "host=127.0.0.1", every: 250ms, timeout: 1s}
        canaries:
          - service: orders
            probe: postgresql
            mode: write
            table: azimuth_canary
            every: 600ms
            targets: {orders-b: *b, orders-a: *a}
        theme: daylight
        history: ~/history.db
        """

    private func load(_ text: String) throws -> Configuration {
        try Configuration.parse(
            text,
            file: "/etc/azimuth/azimuth.yaml",
            catalogue: catalogue,
            home: "/home/op"
        )
    }

    @Test("takes a probe that may look twice at a resource, but at one address once")
    func repeatable() throws {
        try inTemporaryFolder { folder in
            let text = """
                estate: {layers: [l], sites: {s: }, resources: {r: {at: s, layer: l}}}
                probes:
                  - {probe: tcp, resource: r, address: "a:1"}
                  - {probe: tcp, resource: r, address: "a:2"}
                  - {probe: tcp, resource: r, address: "a:1"}
                """
            let path = try folder.write("azimuth.yaml", text.utf8)
            var catalogue = Catalogue(probes: ["tcp"], formats: [], themes: [])
            #expect(try Configuration.problems(path: path, catalogue: catalogue).count == 2)
            catalogue.repeatable = ["tcp"]
            let problems = try Configuration.problems(path: path, catalogue: catalogue)
            #expect(problems.map(\.line) == [5])
        }
    }

    @Test("the estate")
    func estate() throws {
        let estate = try load(Self.text).plan.estate
        #expect(estate.name == "acme hybrid")
        #expect(estate.layers == ["data", "queue"])
        #expect(
            estate.areas == [
                Area(kind: .region, name: "tokyo", code: "ap-northeast-1", zones: ["1a", "1c"]),
                Area(kind: .site, name: "shinagawa", code: "on-prem"),
            ]
        )
        #expect(
            estate.resources == [
                Resource(name: "orders-a", place: Place(area: "tokyo", zone: "1a"), layer: "data"),
                Resource(name: "orders-b", place: Place(area: "shinagawa"), layer: "data"),
            ]
        )
        let link = ReplicationLink(
            name: "orders",
            from: "orders-a",
            to: "orders-b",
            kind: "streaming, async",
            rpo: .seconds(30)
        )
        #expect(estate.links == [link])
        let service = Service(name: "orders", members: ["orders-a", "orders-b"], rto: .seconds(60))
        #expect(estate.services == [service])
    }

    @Test("paths are told apart by their bytes")
    func pathsAlike() throws {
        let text = """
            sources:
              - {name: a, file: "/l/\u{E9}.log", format: plain}
              - {name: b, file: "/l/e\u{301}.log", format: plain}
              - {name: c, file: "/\u{301}.log", format: plain}
            """
        let paths = try load(text).plan.sources.map(\.place)
        #expect(
            paths.map { Array($0.utf8) }
                == ["/l/\u{E9}.log", "/l/e\u{301}.log", "/\u{301}.log"].map { Array($0.utf8) }
        )
    }

    @Test("sources get a name and an absolute path")
    func sources() throws {
        #expect(
            try load(Self.text).plan.sources == [
                LogSource(
                    name: "orders-a log",
                    path: "/var/log/a.log",
                    format: "postgresql",
                    resource: "orders-a"
                ),
                LogSource(
                    name: "a.log",
                    path: "/etc/azimuth/logs/a.log",
                    format: "plain",
                    start: .beginning
                ),
                LogSource(name: "a.log-2", path: "/home/op/logs/a.log", format: "plain"),
                LogSource(name: "standard input", path: "-", format: "plain"),
            ]
        )
    }

    @Test("probes and canaries, with their defaults and the aliases resolved")
    func probes() throws {
        let plan = try load(Self.text).plan
        #expect(
            plan.targets == [
                ProbeTarget(
                    probe: "postgresql",
                    resource: "orders-a",
                    address: "host=127.0.0.1 port=25431",
                    every: .seconds(1),
                    timeout: .seconds(2),
                    alias: "n1"
                ),
                ProbeTarget(
                    probe: "postgresql",
                    resource: "orders-b",
                    address: "host=127.0.0.1",
                    every: .milliseconds(250),
                    timeout: .seconds(1)
                ),
            ]
        )
        #expect(
            plan.canaries == [
                Canary(
                    name: "orders-write",
                    service: "orders",
                    probe: "postgresql",
                    mode: .write,
                    table: "azimuth_canary",
                    targets: [
                        Canary.Target(resource: "orders-b", address: "host=127.0.0.1"),
                        Canary.Target(resource: "orders-a", address: "host=127.0.0.1 port=25431"),
                    ],
                    every: .milliseconds(600),
                    timeout: .milliseconds(1_200)
                )
            ]
        )
    }

    @Test("theme, history, and the line of each part")
    func rest() throws {
        let configuration = try load(Self.text)
        #expect(configuration.theme == "daylight")
        #expect(configuration.historyPath == "/home/op/history.db")
        #expect(configuration.plan.packs.isEmpty)
        #expect(
            configuration.lines
                == PlanLines(
                    areas: [6, 8],
                    resources: [10, 11],
                    links: [13],
                    services: [15],
                    sources: [17, 18, 19, 20],
                    targets: [22, 23],
                    canaries: [25]
                )
        )
    }

    @Test("sites written before regions come first")
    func order() throws {
        let text = "estate:\n  sites: {s: }\n  regions: {r: }\n"
        #expect(try load(text).plan.estate.areas.map(\.name) == ["s", "r"])
    }

    @Test("the example of Docs/configuration.md is read without a complaint")
    func documented() throws {
        let root = PathText.parent(PathText.parent(PathText.parent(#filePath)))
        let page = try TextFile.read(root + "/Docs/configuration.md")
        let example = try #require(page.firstMatch(of: /(?s)```yaml\n(.*?)```/)?.1)
        let configuration = try load(String(example))
        #expect(configuration.plan.estate.resources.count == 3)
        #expect(configuration.plan.canaries.first?.targets.count == 2)
        #expect(configuration.historyPath == "/var/lib/azimuth/history.db")
    }

    @Test("a file that keeps silent about most is fine")
    func short() throws {
        let configuration = try load("theme: mono\n")
        #expect(configuration.plan == WatchPlan())
        #expect(configuration.historyPath == nil)
    }

    @Test("load reads a file, problems lists what is wrong, and the error shows the first")
    func files() throws {
        try inTemporaryFolder { folder in
            let good = try folder.write("azimuth.yaml", "sources: [{file: a.log, format: plain}]")
            let plan = try Configuration.load(path: good, catalogue: catalogue).plan
            #expect(plan.sources.map(\.place) == [folder.path + "/a.log"])
            #expect(try Configuration.problems(path: good, catalogue: catalogue) == [])

            let bad = try folder.write("bad.yaml", "them: x\nsource: []\n")
            let problems = try Configuration.problems(path: bad, catalogue: catalogue)
            #expect(problems.map(\.nearest) == ["theme", "sources"])
            let error = ConfigureError.invalid(problems)
            #expect(error.what == "\(bad):1:1: unknown key 'them' in the file (and 1 more)")
            #expect(error.remedy == "did you mean 'theme'?")
            #expect(error.exit == .badConfiguration)
            #expect(throws: error) { try Configuration.load(path: bad, catalogue: catalogue) }
        }
    }

    @Test("an estate of 2,000 resources is read")
    func large() throws {
        let names = (0..<2_000).map { "resource-\($0)" }
        let text =
            "estate:\n  layers: [l]\n  sites: {s: }\n  resources:\n"
            + names.map { "    \($0): {at: s, layer: l}\n" }.joined()
            + "  services: {all: {members: [\(names.joined(separator: ", "))]}}\n"
        #expect(try load(text).plan.estate.services.first?.members.count == 2_000)
    }

    @Test("thousands of mistakes are told up to a limit")
    func manyMistakes() {
        let text = "estate:\n" + (0..<5_000).map { "  key\($0): x\n" }.joined()
        #expect(problems(text).count == 200)
    }
}
