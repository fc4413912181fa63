import Atlas

extension PlanWriter {
    mutating func rules(_ rules: [LineRule]) {
        guard !rules.isEmpty else { return }
        yaml.line("rules:")
        for rule in rules {
            yaml.line("- name: \(YamlWriter.scalar(rule.name))", depth: 1)
            when(rule.when)
            action(rule.action)
        }
    }

    private mutating func when(_ conditions: [LineRule.Condition]) {
        guard !conditions.isEmpty else { return }
        yaml.line("when:", depth: 2)
        var tests: [(field: String, parts: [String])] = []
        for condition in conditions {
            switch condition {
            case .source(let globs): yaml.line("source: \(YamlWriter.list(globs))", depth: 3)
            case .format(let names): yaml.line("format: \(YamlWriter.list(names))", depth: 3)
            case .level(let level): yaml.line("level", level.name, depth: 3)
            case .levelBelow(let level): yaml.line("below", level.name, depth: 3)
            case .field(let name, let test):
                if let index = tests.firstIndex(where: { $0.field == name }) {
                    tests[index].parts.append(Self.text(test))
                } else {
                    tests.append((name, [Self.text(test)]))
                }
            }
        }
        guard !tests.isEmpty else { return }
        yaml.line("fields:", depth: 3)
        for test in tests {
            let parts = test.parts.joined(separator: ", ")
            yaml.line("\(YamlWriter.scalar(test.field)): {\(parts)}", depth: 4)
        }
    }

    private static func text(_ test: LineRule.FieldTest) -> String {
        switch test {
        case .equals(let texts): "equals: \(YamlWriter.list(texts))"
        case .matches(let pattern): "regex: \(YamlWriter.scalar(pattern))"
        case .exists(let isThere): "exists: \(isThere)"
        case .number(let comparison, let bound):
            bound.isDuration
                ? "\(comparison.rawValue): \(Span(nanoseconds: Int64(bound.value)).exact)"
                : "\(comparison.rawValue): \(bound.value)"
        }
    }

    private mutating func action(_ action: LineRule.Action) {
        switch action {
        case .drop: yaml.line("drop: true", depth: 2)
        case .keep: yaml.line("keep: true", depth: 2)
        case .sample(let count, let field):
            let pairs = [("keep", Optional("1/\(count)")), ("by", field)]
            yaml.line("sample: \(YamlWriter.map(pairs))", depth: 2)
        case .rename(let from, let to):
            yaml.line("rename: \(YamlWriter.map([(from, to)]))", depth: 2)
        case .derive(.constant(let to, let value)):
            yaml.line("derive:", depth: 2)
            let made = YamlWriter.map([("value", value)])
            yaml.line("\(YamlWriter.scalar(to)): \(made)", depth: 3)
        case .derive(.capture(let to, let from, let pattern)):
            yaml.line("derive:", depth: 2)
            let made = YamlWriter.map([("from", from), ("regex", pattern)])
            yaml.line("\(YamlWriter.scalar(to)): \(made)", depth: 3)
        case .place(let placement):
            var pairs = [("field", Optional(placement.field))]
            switch placement.pattern {
            case .glob(let glob): pairs.append(("is", glob))
            case .regex(let pattern): pairs.append(("regex", pattern))
            }
            pairs += placement.traits.map { ($0.target.rawValue, $0.value) }
            yaml.line("place: \(YamlWriter.map(pairs))", depth: 2)
        }
    }
}
