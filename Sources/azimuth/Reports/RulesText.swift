import Atlas

/// What `azimuth check` says of rules and redactions: each in a sentence.
enum RulesText {
    static func text(_ plan: WatchPlan, _ redaction: RedactionPlan) -> String {
        redactions(plan, redaction)
            + plan.rules.map { "rule '\($0.name)': \(sentence($0, lines($0, plan)))\n" }.joined()
    }

    private static func redactions(_ plan: WatchPlan, _ redaction: RedactionPlan) -> String {
        guard !redaction.isEmpty else { return "" }
        var text = ""
        if !redaction.everywhere.isEmpty {
            text += "redaction: \(names(redaction.everywhere)) in every line\n"
        }
        for source in plan.sources {
            guard let own = redaction.sources[source.name], !own.isEmpty else { continue }
            text += "redaction: \(names(own)) in lines of \(source.name)\n"
        }
        return text
    }

    private static func names(_ redactions: [Redaction]) -> String {
        redactions.map(\.name).joined(separator: ", ")
    }

    private static func sentence(_ rule: LineRule, _ lines: String) -> String {
        switch rule.action {
        case .drop: "drops \(lines)"
        case .keep: "keeps nothing but \(lines)"
        case .sample(let count, nil): "keeps one in \(count) of \(lines)"
        case .sample(let count, let field?): "keeps one in \(count), by \(field), of \(lines)"
        case .rename(let from, let to): "calls \(from) \(to) in \(lines)"
        case .derive(.constant(let to, let value)): "adds \(to) = '\(value)' to \(lines)"
        case .derive(.capture(let to, let from, _)):
            "adds \(to), taken out of \(from), to \(lines)"
        case .place(let placement):
            "places \(lines) at \(target(placement)), if \(placement.field) is like"
                + " \(pattern(placement))"
        }
    }

    private static func target(_ placement: LineRule.Placement) -> String {
        let traits = placement.traits.map { "\($0.target.rawValue) \($0.value)" }
        return traits.isEmpty ? "what its groups say" : traits.joined(separator: ", ")
    }

    private static func pattern(_ placement: LineRule.Placement) -> String {
        switch placement.pattern {
        case .glob(let glob): "'\(glob)'"
        case .regex(let pattern): "/\(pattern)/"
        }
    }

    private static func lines(_ rule: LineRule, _ plan: WatchPlan) -> String {
        let about = plan.sources.filter(rule.isAbout).map(\.name)
        let of =
            about.count == plan.sources.count
            ? "lines of all sources" : "lines of \(about.joined(separator: ", "))"
        let tests = rule.when.compactMap(condition)
        return of + (tests.isEmpty ? "" : " where " + tests.joined(separator: " and "))
    }

    private static func condition(_ condition: LineRule.Condition) -> String? {
        switch condition {
        case .source, .format: nil
        case .level(let level): "the level is \(level.name) or graver"
        case .levelBelow(let level): "the level is below \(level.name)"
        case .field(let name, .equals(let texts)):
            "\(name) is '\(texts.joined(separator: "' or '"))'"
        case .field(let name, .matches(let pattern)): "\(name) matches /\(pattern)/"
        case .field(let name, .exists(let isThere)):
            "there is \(isThere ? "a" : "no") field \(name)"
        case .field(let name, .number(let comparison, let bound)):
            "\(name) is \(comparison.rawValue) "
                + (bound.isDuration
                    ? Span(nanoseconds: Int64(bound.value)).description : "\(bound.value)")
        }
    }
}
