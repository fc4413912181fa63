import Atlas

extension PlanReader {
    private static let actions = ["drop", "keep", "sample", "redact", "rename", "derive", "place"]

    mutating func readRules(_ node: YamlNode) {
        var names: Set<String> = []
        for (index, item) in (reader.items(of: node, subject: "'rules'") ?? []).enumerated() {
            let subject = reader.subject("rule", item, index + 1)
            let allowed = ["name", "when"] + Self.actions
            guard let fields = reader.fields(of: item, subject: subject, allowed: allowed) else {
                continue
            }
            let name = reader.name(fields, "name") ?? "rule \(index + 1)"
            guard names.insert(name).inserted else {
                noteTwice(fields.position(of: "name"), "the rule '\(reader.shown(name))'")
                continue
            }
            readRule(fields, name)
        }
    }

    private mutating func readRule(_ fields: Fields, _ name: String) {
        let before = reader.problems.count
        let when = fields["when"].map { conditions($0, fields) } ?? []
        let chosen = Self.actions.filter(fields.has)
        guard chosen.count == 1, let key = chosen.first, let node = fields[key] else {
            let isNone = chosen.isEmpty
            return reader.note(
                isNone ? fields.at : fields.keyPosition(of: chosen[1]),
                isNone
                    ? "\(fields.subject) does nothing"
                    : "\(fields.subject) has two actions: \(chosen.joined(separator: " and "))",
                isNone
                    ? "add one of: \(Self.actions.joined(separator: ", "))"
                    : "write a rule for each"
            )
        }
        guard key != "redact" else { return redact(node, fields, when) }
        guard let action = action(key, node, fields), reader.problems.count == before else {
            return
        }
        plan.rules.append(LineRule(name: name, when: when, action: action))
        lines.rules.append(fields.at.line)
    }

    /// Hidden where lines come in, so only what is known there can be its condition.
    private mutating func redact(_ node: YamlNode, _ fields: Fields, _ when: [LineRule.Condition]) {
        let found = redactions(node, subject: fields.name(of: "redact"))
        let rule = LineRule(name: "", when: when, action: .drop)
        let isAboutLines = when.contains { condition in
            switch condition {
            case .source, .format: false
            case .level, .levelBelow, .field: true
            }
        }
        guard !isAboutLines else {
            return reader.note(
                fields.keyPosition(of: "redact"),
                "\(fields.subject): redaction comes before levels and fields are read",
                "let 'when' name sources and formats only; a regex finds what is to be hidden"
            )
        }
        guard !when.isEmpty else {
            redaction.everywhere += found
            return
        }
        for source in plan.sources where rule.isAbout(source) {
            redaction.sources[source.name, default: []] += found
        }
    }

    // MARK: when

    private func conditions(_ node: YamlNode, _ rule: Fields) -> [LineRule.Condition] {
        let allowed = ["source", "format", "level", "below", "fields"]
        let subject = rule.name(of: "when")
        guard let fields = reader.fields(of: node, subject: subject, allowed: allowed) else {
            return []
        }
        var found: [LineRule.Condition] = []
        if let node = fields["source"] {
            found += sources(node, fields).map { [.source($0)] } ?? []
        }
        if let node = fields["format"] {
            let names = texts(node, fields.name(of: "format"))
            for name in names {
                let user = fields.name(of: "format")
                _ = reader.isKnown(name, at: node.at, user: user, "format", formats)
            }
            found.append(.format(names))
        }
        if let level = level(fields, "level") { found.append(.level(level)) }
        if let level = level(fields, "below") { found.append(.levelBelow(level)) }
        guard let node = fields["fields"] else { return found }
        for entry in reader.entries(of: node, subject: fields.name(of: "fields")) ?? [] {
            found += tests(entry).map { .field(entry.key, $0) }
        }
        return found
    }

    private func sources(_ node: YamlNode, _ fields: Fields) -> [String]? {
        let globs = texts(node, fields.name(of: "source"))
        let names = plan.sources.map(\.name)
        for glob in globs where !names.contains(where: { NamePattern(glob).matches($0) }) {
            let what = "\(fields.name(of: "source")): there is no source '\(reader.shown(glob))'"
            reader.noteUnknown(node.at, what, glob, among: names)
        }
        return globs
    }

    private func level(_ fields: Fields, _ key: String) -> Level? {
        guard let text = reader.text(fields, key) else { return nil }
        if let level = Level.allCases.first(where: { $0.name == text }) { return level }
        let what = "\(fields.name(of: key)) is '\(reader.shown(text))'"
        reader.noteUnknown(
            fields.position(of: key),
            what,
            text,
            among: Level.allCases.map(\.name)
        )
        return nil
    }

    /// One text, or a list of them.
    private func texts(_ node: YamlNode, _ subject: String) -> [String] {
        guard case .list(let items) = node.content else {
            return reader.text(of: node, subject: subject).map { [$0] } ?? []
        }
        if items.isEmpty {
            reader.note(node.at, "\(subject) is an empty list", "name one at least")
        }
        return items.compactMap { reader.text(of: $0, subject: "an item of \(subject)") }
    }

    private func tests(_ entry: YamlNode.Entry) -> [LineRule.FieldTest] {
        let subject = "field '\(reader.shown(entry.key))'"
        guard case .map = entry.value.content else {
            let texts = texts(entry.value, subject)
            return texts.isEmpty ? [] : [.equals(texts)]
        }
        let comparisons = LineRule.Comparison.allCases
        let allowed = ["equals", "regex", "exists"] + comparisons.map(\.rawValue)
        guard let fields = reader.fields(of: entry.value, subject: subject, allowed: allowed) else {
            return []
        }
        var tests: [LineRule.FieldTest] = []
        if let node = fields["equals"] {
            tests.append(.equals(texts(node, fields.name(of: "equals"))))
        }
        if fields.has("regex"), let found = pattern(fields, "regex", example: "'^/health'") {
            tests.append(.matches(found.text))
        }
        if let isThere = reader.flag(fields, "exists") { tests.append(.exists(isThere)) }
        for comparison in comparisons {
            if let bound = bound(fields, comparison.rawValue) {
                tests.append(.number(comparison, bound))
            }
        }
        if fields.isEmpty {
            reader.note(entry.value.at, "\(subject) says nothing", "write a value to compare with")
        }
        return tests
    }

    private func bound(_ fields: Fields, _ key: String) -> LineRule.Bound? {
        guard let text = reader.text(fields, key) else { return nil }
        if let number = Double(text), number.isFinite {
            return LineRule.Bound(value: number, isDuration: false)
        }
        if let span = Span(text) {
            return LineRule.Bound(value: Double(span.nanoseconds), isDuration: true)
        }
        reader.note(
            fields.position(of: key),
            "\(fields.name(of: key)) is '\(reader.shown(text))', which is no number",
            "write a number such as 400, or a length of time such as 250ms"
        )
        return nil
    }

    // MARK: actions

    private func action(_ key: String, _ node: YamlNode, _ fields: Fields) -> LineRule.Action? {
        switch key {
        case "drop", "keep":
            guard let isMeant = reader.flag(fields, key) else { return nil }
            guard isMeant else {
                reader.note(node.at, "\(fields.name(of: key)) is false", "leave the rule out")
                return nil
            }
            return key == "drop" ? .drop : .keep
        case "sample": return sample(node, fields)
        case "rename": return rename(node, fields)
        case "derive": return derivation(node, fields).map { .derive($0) }
        default: return placement(node, fields).map { .place($0) }
        }
    }

    private func sample(_ node: YamlNode, _ rule: Fields) -> LineRule.Action? {
        let subject = rule.name(of: "sample")
        guard case .map = node.content else {
            return reader.text(of: node, subject: subject, needed: "a share such as 1/10")
                .flatMap { share($0, node.at, subject) }
                .map { .sample(oneIn: $0, by: nil) }
        }
        guard let fields = reader.fields(of: node, subject: subject, allowed: ["keep", "by"]) else {
            return nil
        }
        let by = reader.name(fields, "by")
        return reader.requiredText(fields, "keep", example: "1/10")
            .flatMap { share($0, fields.position(of: "keep"), fields.name(of: "keep")) }
            .map { .sample(oneIn: $0, by: by) }
    }

    private func share(_ text: String, _ at: Position, _ subject: String) -> Int? {
        let digits = text.hasPrefix("1/") ? text.dropFirst(2) : ""
        if let count = Int(digits), (2...1_000_000_000).contains(count) { return count }
        reader.note(
            at,
            "\(subject) is '\(reader.shown(text))', which is no share",
            "write 1/10 to keep every tenth line"
        )
        return nil
    }

    private func rename(_ node: YamlNode, _ rule: Fields) -> LineRule.Action? {
        let subject = rule.name(of: "rename")
        guard let entry = onlyEntry(node, subject, example: "{remote_addr: client}"),
            let new = reader.name(of: entry.value, subject: "\(subject): the new name"),
            reader.isName(entry.key, at: entry.keyAt, subject: "\(subject): the old name")
        else { return nil }
        return .rename(from: entry.key, to: new)
    }

    private func derivation(_ node: YamlNode, _ rule: Fields) -> LineRule.Derivation? {
        let subject = rule.name(of: "derive")
        let example = "{tenant: {from: path, regex: '^/t/([^/]+)'}}"
        guard let entry = onlyEntry(node, subject, example: example),
            reader.isName(entry.key, at: entry.keyAt, subject: "\(subject): the new name"),
            let fields = reader.fields(
                of: entry.value,
                subject: "the new field '\(reader.shown(entry.key))'",
                allowed: ["from", "regex", "value"]
            )
        else { return nil }
        guard !fields.has("value") else {
            if fields.has("from") || fields.has("regex") {
                reader.note(
                    fields.keyPosition(of: "value"),
                    "\(fields.subject) has a value, and something to take it from",
                    "leave one of the two out"
                )
            }
            return reader.text(fields, "value").map { .constant(to: entry.key, value: $0) }
        }
        let from = reader.require(fields, "from", example: "path")
            .flatMap { reader.name(of: $0, subject: fields.name(of: "from")) }
        let found = pattern(fields, "regex", example: "'^/t/([^/]+)'")
        guard let from, let found else { return nil }
        return .capture(to: entry.key, from: from, pattern: found.text)
    }

    private func onlyEntry(
        _ node: YamlNode,
        _ subject: String,
        example: String
    ) -> YamlNode.Entry? {
        guard let entries = reader.entries(of: node, subject: subject) else { return nil }
        guard entries.count == 1 else {
            reader.note(
                node.at,
                "\(subject) is about \(entries.count) fields, where one is needed",
                "write \(example), and a rule for each"
            )
            return nil
        }
        return entries[0]
    }
}
