import Atlas
import Testing

@testable import Configure

@Suite("Rules and redactions in a configuration")
struct RulesTests {
    private static let catalogue = Catalogue(
        probes: [],
        formats: ["plain", "syslog"],
        themes: [],
        judge: { pattern in
            // The real judge is PCRE2's, in another module: here a '[' without an end is wrong.
            guard let open = pattern.utf8.firstIndex(of: 0x5B), !pattern.contains("]") else {
                let groups = pattern.split(separator: "(?<", omittingEmptySubsequences: false)
                    .dropFirst()
                return .groups(groups.map { String($0.prefix { $0 != ">" }) })
            }
            return .mistake(
                what: "missing ]",
                offset: pattern.utf8.distance(from: pattern.utf8.startIndex, to: open)
            )
        }
    )

    private static let head = """
        estate:
          layers: [web, db]
          regions: {tokyo: {code: ap-1, zones: [1a]}}
          sites: {osaka: {code: dc-2}}
          resources:
            web-1: {at: tokyo/1a, layer: web}
            web-2: {at: osaka, layer: web}
            db-1: {at: osaka, layer: db}
          services: {orders: {members: [db-1]}}
        sources:
          - {name: hub, file: /hub.log, format: syslog}
          - {name: app, file: /app.log, format: plain, redact: [ipv4]}

        """

    private func load(_ rest: String) throws -> Configuration {
        try Configuration.parse(
            Self.head + rest,
            file: "azimuth.yaml",
            catalogue: Self.catalogue,
            home: nil
        )
    }

    private func problems(_ rest: String) -> [String] {
        do {
            _ = try load(rest)
            return []
        } catch ConfigureError.invalid(let problems) {
            return problems.map { "\($0.line - 12):\($0.column) \($0.what) / \($0.remedy)" }
        } catch {
            return ["\(error)"]
        }
    }

    private static let everything = """
        redact: [email, {name: order, regex: 'ORD-\\d+'}]
        rules:
          - name: health checks
            when:
              source: [hub, "a*"]
              format: syslog
              level: info
              below: error
              fields:
                path: /health
                agent: [kube, elb]
                took: {at-least: 1ms, below: 2s}
                status: {above: 199.5, regex: '^2', exists: true}
            drop: true
          - {when: {source: app, level: warn}, keep: true}
          - {sample: 1/10}
          - {sample: {keep: 1/3, by: user}}
          - {rename: {remote_addr: client}}
          - {derive: {tenant: {from: path, regex: '^/t/([^/]+)'}}}
          - {derive: {dc: {value: east}}}
          - {place: {host: "web-1*", resource: web-1}}
          - {place: {field: node, is: "x", layer: db, site: dc-2}}
          - {place: {regex: '^(?<layer>web)', region: tokyo}}
          - {when: {source: hub}, redact: [card]}
          - {redact: [jwt]}
        """

    @Test("are read as they are written")
    func reads() throws {
        let configuration = try load(Self.everything)
        let rules = configuration.plan.rules
        let names = ["health checks"] + (2...10).map { "rule \($0)" }
        #expect(rules.map(\.name) == names)
        let ms = LineRule.Bound(value: 1_000_000, isDuration: true)
        let two = LineRule.Bound(value: 2_000_000_000, isDuration: true)
        let status = LineRule.Bound(value: 199.5, isDuration: false)
        #expect(
            rules[0].when == [
                .source(["hub", "a*"]), .format(["syslog"]), .level(.info), .levelBelow(.error),
                .field("path", .equals(["/health"])), .field("agent", .equals(["kube", "elb"])),
                .field("took", .number(.below, two)), .field("took", .number(.least, ms)),
                .field("status", .matches("^2")), .field("status", .exists(true)),
                .field("status", .number(.above, status)),
            ]
        )
        #expect(
            rules.map(\.action) == [
                .drop, .keep, .sample(oneIn: 10, by: nil), .sample(oneIn: 3, by: "user"),
                .rename(from: "remote_addr", to: "client"),
                .derive(.capture(to: "tenant", from: "path", pattern: "^/t/([^/]+)")),
                .derive(.constant(to: "dc", value: "east")),
                .place(
                    .init(
                        field: "host",
                        pattern: .glob("web-1*"),
                        traits: [.init(.resource, "web-1")]
                    )
                ),
                .place(
                    .init(
                        field: "node",
                        pattern: .glob("x"),
                        traits: [.init(.site, "dc-2"), .init(.layer, "db")]
                    )
                ),
                .place(
                    .init(
                        field: "host",
                        pattern: .regex("^(?<layer>web)"),
                        traits: [.init(.region, "tokyo")]
                    )
                ),
            ]
        )
        let redaction = configuration.redaction
        #expect(
            redaction.everywhere == [
                .known(.email), .own(name: "order", pattern: #"ORD-\d+"#), .known(.jwt),
            ]
        )
        #expect(redaction.sources == ["hub": [.known(.card)], "app": [.known(.ipv4)]])
    }

    @Test("travel with a recording, but for the redactions: a pattern may be a secret itself")
    func recording() throws {
        let plan = try load(Self.everything).plan
        let file = RecordingFile(made: Instant(nanoseconds: 0), by: "", plan: plan)
        let back = try RecordingFile.load(
            yaml: file.yaml,
            file: "recording.yaml",
            catalogue: Self.catalogue
        )
        #expect(back.plan.rules == plan.rules)
        #expect(!file.yaml.contains("redact") && !file.yaml.contains("ORD"))
    }

    static let mistakes: [(text: String, told: String)] = [
        (
            "redact: [emial]",
            "1:10 item 1 of 'redact': there is no redaction 'emial' / did you mean 'email'?"
        ),
        (
            "redact: [email, email]",
            "1:17 the redaction 'email' is there twice / keep one of the two, or give it another name"
        ),
        (
            "redact: [{name: x, regex: 'a[b'}]",
            "1:29 'regex' of item 1 of 'redact': missing ] / correct the regular expression; its language is PCRE2's (man pcre2pattern)"
        ),
        (
            "redact: [{name: 'a]', regex: x}]",
            "1:17 'name' of item 1 of 'redact' is no name of a redaction / use 1 to 40 letters, digits, '-', '_' and '.'"
        ),
        (
            "rules: [{when: {level: warn}}]",
            "1:9 rule 1 does nothing / add one of: drop, keep, sample, redact, rename, derive, place"
        ),
        (
            "rules: [{drop: true, sample: 1/2}]",
            "1:22 rule 1 has two actions: drop and sample / write a rule for each"
        ),
        (
            "rules: [{when: {source: hbu}, drop: true}]",
            "1:25 'source' of 'when' of rule 1: there is no source 'hbu' / did you mean 'hub'?"
        ),
        (
            "rules: [{when: {format: sislog}, drop: true}]",
            "1:25 'format' of 'when' of rule 1: there is no format 'sislog' / did you mean 'syslog'?"
        ),
        (
            "rules: [{when: {level: wran}, drop: true}]",
            "1:24 'level' of 'when' of rule 1 is 'wran' / did you mean 'warn'?"
        ),
        (
            "rules: [{when: {fields: {took: {above: fast}}}, drop: true}]",
            "1:40 'above' of field 'took' is 'fast', which is no number / write a number such as 400, or a length of time such as 250ms"
        ),
        (
            "rules: [{sample: 10}]",
            "1:18 'sample' of rule 1 is '10', which is no share / write 1/10 to keep every tenth line"
        ),
        (
            "rules: [{drop: false}]",
            "1:16 'drop' of rule 1 is false / leave the rule out"
        ),
        (
            "rules: [{rename: {a: b, c: d}}]",
            "1:18 'rename' of rule 1 is about 2 fields, where one is needed / write {remote_addr: client}, and a rule for each"
        ),
        (
            "rules: [{derive: {x: {from: path, regex: '(['}}}]",
            "1:44 'regex' of the new field 'x': missing ] / correct the regular expression; its language is PCRE2's (man pcre2pattern)"
        ),
        (
            "rules: [{place: {host: 'w*', resource: web-3}}]",
            "1:40 'resource' of 'place' of rule 1: there is no resource 'web-3' / did you mean 'web-1'?"
        ),
        (
            "rules: [{place: {host: 'w*', layer: web}}]",
            "1:17 'place' of rule 1 means 2 resources: web-1, web-2 / say more, until one is left: resource, zone, layer or service"
        ),
        (
            "rules: [{place: {host: 'w*', layer: db, region: tokyo}}]",
            "1:17 'place' of rule 1: no resource has all of this / correct it; the resources of the estate say their place and layer"
        ),
        (
            "rules: [{place: {regex: '(?<layr>web)'}}]",
            "1:25 'regex' of 'place' of rule 1: a group is called 'layr' / did you mean 'layer'?"
        ),
        (
            "rules: [{when: {level: warn}, redact: [card]}]",
            "1:31 rule 1: redaction comes before levels and fields are read / let 'when' name sources and formats only; a regex finds what is to be hidden"
        ),
        (
            "rules: [{name: a, drop: true}, {name: a, keep: true}]",
            "1:39 the rule 'a' is there twice / keep one of the two, or give it another name"
        ),
    ]

    @Test("say what is wrong with them, where, and what to do", arguments: mistakes)
    func tells(_ mistake: (text: String, told: String)) {
        #expect(problems(mistake.text) == [mistake.told])
    }
}
