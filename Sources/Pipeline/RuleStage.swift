internal import Atlas
internal import Decode

/// The rules of a plan over its sources: which lines stay, and whose they are.
struct RuleStage: Sendable {
    /// What becomes of a line.
    enum Fate {
        case dropped
        /// Index into the plan's sources, and behind them into `placed`.
        case kept(UInt16)
    }

    private let plan: WatchPlan
    /// By the source; nil for those that no rule is about.
    private var rules: [SourceRules?]
    /// Of the last record of each stream, between batches: lines that go on with it share it.
    private var verdicts: [StreamKey: SourceRules.Verdict] = [:]
    /// Lines by source and rule.
    private var counts: [[RuleCount]]
    private var ruled = RuledFields()
    private(set) var placed: [PlacedSource] = []
    private var places: [Pair: UInt16] = [:]

    private struct Pair: Hashable {
        var source: Int
        var resource: Int
    }

    /// `formats` are those of the plan's sources.
    init(_ plan: WatchPlan, formats: [any LogFormat]) {
        self.plan = plan
        rules = zip(plan.sources, formats).map { SourceRules(plan, source: $0, format: $1) }
        counts = plan.sources.map { _ in [] }
    }

    /// False where no rule is about a source: then nothing need be asked here.
    func areAbout(_ source: Int) -> Bool { rules[source] != nil }

    func needFields(of source: Int) -> Bool { rules[source]?.needsFields ?? false }

    /// What rules did with lines of a source so far; nil for nothing.
    func ruled(_ source: Int) -> [RuleCount]? { counts[source].isEmpty ? nil : counts[source] }

    /// That of the last record of a stream, to be given to `judge` with each line of a batch.
    func verdict(of key: StreamKey) -> SourceRules.Verdict { verdicts[key] ?? .kept }

    mutating func note(_ verdict: SourceRules.Verdict, of key: StreamKey) {
        verdicts[key] = verdict
    }

    /// Judges the next line of a stream.
    mutating func judge(
        _ line: RawSpan,
        _ reading: SourceDecoder.Reading,
        _ fields: borrowing FieldList,
        _ key: StreamKey,
        _ verdict: inout SourceRules.Verdict
    ) -> Fate {
        let source = Int(key.source)
        if reading.shape != .continuation {
            verdict =
                rules[source]?.judge(
                    line,
                    level: reading.level,
                    messageStart: reading.messageStart,
                    fields: fields,
                    ruled: &ruled
                ) ?? .kept
        }
        if let rule = verdict.dropper {
            count(rule, .dropped, source)
            return .dropped
        }
        if let rule = verdict.lost { count(rule, .unplaced, source) }
        guard let resource = verdict.resource else { return .kept(key.source) }
        return .kept(place(source, resource))
    }

    mutating func close(_ key: StreamKey) {
        verdicts[key] = nil
    }

    private mutating func count(_ rule: Int, _ fate: RuleCount.Fate, _ source: Int) {
        let name = plan.rules[rule].name
        if let index = counts[source].firstIndex(where: { $0.rule == name && $0.fate == fate }) {
            counts[source][index].lines += 1
        } else {
            counts[source].append(RuleCount(rule: name, fate: fate, lines: 1))
        }
    }

    /// The source whose lines of this resource are.
    private mutating func place(_ source: Int, _ resource: Int) -> UInt16 {
        let name = plan.estate.resources[resource].name
        guard name != plan.sources[source].resource else { return UInt16(source) }
        let pair = Pair(source: source, resource: resource)
        if let known = places[pair] { return known }
        guard placed.count < PlacedSource.limit, plan.sources.count + placed.count < 65_535 else {
            return UInt16(source)
        }
        let index = UInt16(plan.sources.count + placed.count)
        placed.append(PlacedSource(source: plan.sources[source].name, resource: name))
        places[pair] = index
        return index
    }
}

/// A stream of a source.
struct StreamKey: Hashable, Sendable {
    var source: UInt16
    var stream: UInt32
}
