import Atlas
import Chance

@testable import Configure

/// Makes plans at random, with names as nasty as the rules allow; the same seed, the same plan.
struct PlanMaker {
    private var dice: Dice

    init(seed: Int) {
        dice = Dice(seed)
    }

    private mutating func maybe() -> Bool { dice.isLucky(50) }

    private static let words = [
        "orders", "a b", "null", "~", "yes", "12", "1.5", "-", "- x", "a: b", "a:", "#x", "a #b",
        "\"quoted\"", "it's", "\\", "back\\slash", "*star", "x*", "&amp", "!tag", "%x", "@x", "`x`",
        "{a}", "[b]", "a,b", "?", "? q", "|", ">", " lead", "trail ", "東京", "é", "e\u{301}", "🗼",
        "\u{200B}", "\u{2028}", "\u{10FFFD}", "\u{F0000}", "=", "<<", "...", "---",
        "é*",
    ]

    private mutating func name(_ suffix: String) -> String { dice.pick(Self.words) + suffix }

    /// A text of a log: control characters and line ends, too.
    private mutating func line() -> String {
        dice.pick(Self.words) + dice.pick(["", "\t", "\u{1B}[31m", "\n", "\u{0}", "\u{85}", "\r"])
            + dice.pick(Self.words)
    }

    private mutating func instant() -> Instant {
        let scale = dice.pick([1, 1_000, 1_000_000, 1_000_000_000])
        return Instant(
            nanoseconds: Int64(dice.roll(0..<4_000_000_000)) * 1_000_000_000 / Int64(scale)
                * Int64(scale)
        )
    }

    private mutating func span(_ low: Int64, _ high: Int64) -> Span {
        let unit = dice.pick([1, 1_000_000, 1_000_000_000] as [Int64])
        return Span(nanoseconds: max(low, Int64.random(in: low...high, using: &dice) / unit * unit))
    }

    mutating func recording() -> RecordingFile {
        RecordingFile(
            made: instant(),
            ended: maybe() ? instant() : nil,
            by: maybe() ? "azimuth 0.1.0" : "",
            title: maybe() ? line() : "",
            plan: plan()
        )
    }

    private mutating func plan() -> WatchPlan {
        var plan = WatchPlan()
        estate(&plan.estate)
        let resources = plan.estate.resources.map(\.name)
        for index in 0..<dice.roll(0...4) {
            plan.sources.append(
                LogSource(
                    name: name("\(index)"),
                    path: index == 0 ? "-" : "/var/\(dice.pick(["log", "a b", "é: x"]))/\(index)",
                    format: dice.pick(catalogue.formats),
                    resource: maybe() && !resources.isEmpty ? dice.pick(resources) : nil,
                    start: dice.pick([.end, .beginning])
                )
            )
        }
        for resource in resources where maybe() {
            plan.targets.append(
                ProbeTarget(
                    probe: "postgresql",
                    resource: resource,
                    address: dice.pick(["host=127.0.0.1 port=5432", "postgresql://u@h/db", "'#'"]),
                    every: span(100_000_000, 3_600_000_000_000),
                    timeout: span(10_000_000, 300_000_000_000),
                    alias: maybe() ? name("") : nil
                )
            )
        }
        if !plan.estate.services.isEmpty {
            for index in 0..<dice.roll(0...2) { plan.canaries.append(canary(index, plan.estate)) }
        }
        for _ in 0..<dice.roll(0...2) { plan.packs.append(pack()) }
        for index in 0..<dice.roll(0...2) { plan.formats.append(format(index)) }
        for index in 0..<dice.roll(0...3) { plan.rules.append(rule(index, plan)) }
        return plan
    }

    private mutating func estate(_ estate: inout Estate) {
        if maybe() { estate.name = name("") }
        let layers = (0..<dice.roll(1...3)).map { name("layer\($0)") }
        estate.layers = layers
        let kinds: [Area.Kind] = maybe() ? [.region, .site] : [.site, .region]
        for kind in kinds {
            for index in 0..<dice.roll(0...2) {
                let zones = (0..<dice.roll(0...2)).map { name("z\($0)") }
                let area = Area(
                    kind: kind,
                    name: name("\(kind)\(index)"),
                    code: name("c"),
                    zones: zones
                )
                estate.areas.append(area)
            }
        }
        let places = estate.areas.flatMap(\.places)
        guard !places.isEmpty else { return }
        for index in 0..<dice.roll(0...4) {
            let resource = Resource(
                name: name("r\(index)"),
                place: dice.pick(places),
                layer: dice.pick(layers)
            )
            estate.resources.append(resource)
        }
        let names = estate.resources.map(\.name)
        guard names.count >= 2 else { return }
        for index in 0..<dice.roll(0...2) {
            estate.links.append(
                ReplicationLink(
                    name: name("l\(index)"),
                    from: names[0],
                    to: dice.pick(Array(names.dropFirst())),
                    kind: maybe() ? "streaming, async" : "",
                    rpo: maybe() ? span(0, 2_592_000_000_000_000) : nil
                )
            )
        }
        for index in 0..<dice.roll(0...2) {
            let rto = maybe() ? span(0, 2_592_000_000_000_000) : nil
            estate.services.append(Service(name: name("s\(index)"), members: names, rto: rto))
        }
    }

    private mutating func canary(_ index: Int, _ estate: Estate) -> Canary {
        let mode = dice.pick([Canary.Mode.read, .write])
        let every = span(100_000_000, 1_000_000_000)
        return Canary(
            name: name("canary\(index)"),
            service: dice.pick(estate.services).name,
            probe: "postgresql",
            mode: mode,
            table: mode == .write ? dice.pick(["azimuth_canary", "public.t1"]) : "",
            targets: estate.resources.map {
                Canary.Target(resource: $0.name, address: "host=/run/postgresql")
            },
            every: every,
            timeout: span(every.nanoseconds * 2, 60_000_000_000)
        )
    }

    private mutating func format(_ index: Int) -> UserFormat {
        let samples = (0..<dice.roll(1...3)).map { _ in
            UserFormat.Sample(
                line: line(),
                shape: dice.pick(UserFormat.Sample.Shape.allCases),
                time: maybe() ? instant() : nil,
                level: maybe() ? dice.pick(Level.allCases) : nil,
                message: maybe() ? line() : nil
            )
        }
        return UserFormat(
            name: name("format\(index)"),
            summary: maybe() ? line() : "",
            pattern: line(),
            continuation: maybe() ? line() : nil,
            time: maybe() ? line() : nil,
            zone: maybe() ? dice.pick(UserFormat.Zone.allCases) : nil,
            levels: (0..<dice.roll(0...2)).map {
                UserFormat.LevelWord(word: name("level\($0)"), level: dice.pick(Level.allCases))
            },
            fields: (0..<dice.roll(0...2)).map {
                UserFormat.TypedField(
                    name: name("field\($0)"),
                    type: dice.pick(UserFormat.FieldType.allCases)
                )
            },
            samples: samples
        )
    }

    private mutating func rule(_ index: Int, _ plan: WatchPlan) -> LineRule {
        var when: [LineRule.Condition] = []
        if maybe(), !plan.sources.isEmpty { when.append(.source([dice.pick(plan.sources).name])) }
        if maybe() { when.append(.level(dice.pick(Level.allCases))) }
        if maybe() {
            let field = name("f")
            when.append(.field(field, .equals([line(), line()])))
            when.append(.field(field, .matches(dice.pick(Self.words))))
            when.append(.field(field, .exists(maybe())))
            let isDuration = maybe()
            let value = Double(isDuration ? span(0, 3_600_000_000_000).nanoseconds : 3) / 1
            let bound = LineRule.Bound(value: value, isDuration: isDuration)
            when.append(.field(field, .number(dice.pick(LineRule.Comparison.allCases), bound)))
        }
        let actions: [LineRule.Action] = [
            .drop, .keep, .sample(oneIn: dice.roll(2...9), by: maybe() ? name("b") : nil),
            .rename(from: name("old"), to: name("new")),
            .derive(.constant(to: name("c"), value: line())),
            .derive(.capture(to: name("c"), from: name("d"), pattern: dice.pick(Self.words))),
        ]
        return LineRule(name: name("rule\(index)"), when: when, action: dice.pick(actions))
    }

    private mutating func pack() -> SignaturePack {
        let signatures = (0..<dice.roll(0...3)).map { index in
            let match = line()
            return Signature(
                name: name("signature\(index)"),
                match: match,
                phase: dice.pick(FailoverPhase.allCases),
                edge: dice.pick([.begin, .end, .point]),
                role: dice.pick([.successor, .predecessor, .any]),
                sample: line() + match + line()
            )
        }
        return SignaturePack(system: name(""), signatures: signatures)
    }
}
