package import Atlas
internal import Patterns

/// The rules of one source, ready to judge its lines in order.
package struct SourceRules: Sendable {
    /// What becomes of a line.
    package struct Verdict: Hashable, Sendable {
        /// The rule that drops it, by its index in the plan; nil keeps it.
        package var dropper: Int?
        /// A placement that leads to no resource, by its index in the plan.
        package var lost: Int?
        /// Index into the estate's resources; nil leaves it where its source is.
        package var resource: Int?

        package static let kept = Verdict()
    }

    private enum Action: Sendable {
        case drop
        case keep
        case sample(UInt64, by: FieldName?)
        case rename(FieldName, FieldName)
        case capture(FieldName, from: FieldName, RegexCode, group: Int)
        case constant(FieldName, RuledFields.Found)
        /// Index into the placers.
        case place(Int)
    }

    private struct Rule: Sendable {
        /// In the plan.
        var index: Int
        var tests: [RuleTest]
        var action: Action
        /// Lines that a sample without a field has seen.
        var seen: UInt64 = 0
    }

    private var rules: [Rule]
    private var placers: [Placer]
    /// The last rule that says what is kept; nil where none does.
    private let keeper: Int?
    /// False where no rule looks at a field: then nobody need look for them.
    package let needsFields: Bool
    private let names: [String]

    /// Nil where no rule is about the source.
    package init?(_ plan: WatchPlan, source: LogSource, format: any LogFormat) {
        var names = FieldNames(format: format)
        var rules: [Rule] = []
        var placers: [Placer] = []
        for (index, rule) in plan.rules.enumerated() where rule.isAbout(source) {
            let conditions = rule.when.filter { !$0.isAboutSource }
            let tests = conditions.compactMap { RuleTest($0, &names) }
            guard tests.count == conditions.count,
                let action = Self.action(rule.action, plan.estate, &names, &placers)
            else { continue }
            rules.append(Rule(index: index, tests: tests, action: action))
        }
        guard !rules.isEmpty else { return nil }
        self.rules = rules
        self.placers = placers
        keeper = rules.last { if case .keep = $0.action { true } else { false } }?.index
        self.names = names.list
        needsFields = names.list.contains { $0 != "message" && $0 != "line" }
    }

    private static func action(
        _ action: LineRule.Action,
        _ estate: Estate,
        _ names: inout FieldNames,
        _ placers: inout [Placer]
    ) -> Action? {
        switch action {
        case .drop: return .drop
        case .keep: return .keep
        case .sample(let count, let field):
            return .sample(UInt64(max(1, count)), by: field.map { names.name($0) })
        case .rename(let from, let to): return .rename(names.name(from), names.name(to))
        case .derive(.constant(let to, let value)):
            let found = RuledFields.Found(value: .constant(Array(value.utf8)), kind: .text)
            return .constant(names.name(to), found)
        case .derive(.capture(let to, let from, let pattern)):
            guard case .code(let code) = RegexCode.compile(pattern, isAnchored: false) else {
                return nil
            }
            let group = min(1, code.groupCount)
            return .capture(names.name(to), from: names.name(from), code, group: group)
        case .place(let placement):
            guard let placer = Placer(placement, estate, &names) else { return nil }
            placers.append(placer)
            return .place(placers.count - 1)
        }
    }

    /// Judges the next line; `ruled` holds its fields as the rules left them.
    package mutating func judge(
        _ line: RawSpan,
        level: Level,
        messageStart: Int,
        fields: borrowing FieldList,
        ruled: inout RuledFields
    ) -> Verdict {
        ruled.removeAll()
        var verdict = Verdict.kept
        var isKept = keeper == nil
        for index in rules.indices {
            guard
                holds(rules[index].tests, line, level, messageStart, fields, &ruled)
            else { continue }
            switch rules[index].action {
            case .drop:
                verdict.dropper = rules[index].index
                return verdict
            case .keep:
                isKept = true
            case .sample(let count, let name):
                guard !isSampled(index, count, name, line, messageStart, fields, &ruled) else {
                    continue
                }
                verdict.dropper = rules[index].index
                return verdict
            case .rename(let from, let to):
                _ = ruled.rename(from, to: to, fields, line)
            case .constant(let name, let found):
                ruled.derive(name, found)
            case .capture(let name, let from, let code, let group):
                guard let found = ruled.find(from, fields, line, messageStart: messageStart)
                else { continue }
                let range = ruled.withBytes(of: found.value, line) { bytes -> Range<Int>? in
                    guard case .matched(let groups) = code.search(bytes) else { return nil }
                    return groups[group]
                }
                guard let range else { continue }
                let part = ruled.part(range, of: found.value)
                ruled.derive(name, RuledFields.Found(value: part, kind: .text))
            case .place(let number):
                let name = placers[number].field
                guard verdict.resource == nil,
                    let found = ruled.find(name, fields, line, messageStart: messageStart)
                else { continue }
                let answer = ruled.withBytes(of: found.value, line) { placers[number].place($0) }
                switch answer {
                case .other: continue
                case .nowhere: verdict.lost = rules[index].index
                case .resource(let resource):
                    verdict.resource = resource
                    verdict.lost = nil
                }
            }
        }
        if !isKept { verdict.dropper = keeper }
        return verdict
    }

    private func holds(
        _ tests: [RuleTest],
        _ line: RawSpan,
        _ level: Level,
        _ messageStart: Int,
        _ fields: borrowing FieldList,
        _ ruled: inout RuledFields
    ) -> Bool {
        for test in tests {
            switch test {
            case .atLeast(let least):
                guard level >= least else { return false }
            case .below(let bound):
                guard level < bound else { return false }
            default:
                guard let name = test.name else { return false }
                guard let found = ruled.find(name, fields, line, messageStart: messageStart) else {
                    if case .exists(_, false) = test { continue }
                    return false
                }
                guard ruled.withBytes(of: found.value, line, { test.holds($0) }) else {
                    return false
                }
            }
        }
        return true
    }

    private mutating func isSampled(
        _ index: Int,
        _ count: UInt64,
        _ name: FieldName?,
        _ line: RawSpan,
        _ messageStart: Int,
        _ fields: borrowing FieldList,
        _ ruled: inout RuledFields
    ) -> Bool {
        guard let name else {
            defer { rules[index].seen += 1 }
            return rules[index].seen % count == 0
        }
        // Without the field there is nothing to go by: the line stays.
        guard let found = ruled.find(name, fields, line, messageStart: messageStart) else {
            return true
        }
        return ruled.withBytes(of: found.value, line) { FieldHash.value($0) } % count == 0
    }
}

extension SourceRules {
    /// The name that rules gave to field `index` of the list; nil where none did.
    package func newName(ofField index: Int, _ ruled: RuledFields) -> String? {
        ruled.newName(ofField: index).map { names[$0] }
    }

    /// Calls `take` for each field that rules added, in their order.
    package func forEachNew(
        _ ruled: RuledFields,
        of line: RawSpan,
        _ take: (_ name: String, _ text: [UInt8], _ kind: Field.Kind) -> Void
    ) {
        for new in ruled.new {
            let text = ruled.withBytes(of: new.found.value, line) { Array($0) }
            take(names[new.name], text, new.found.kind)
        }
    }
}

extension LineRule.Condition {
    fileprivate var isAboutSource: Bool {
        switch self {
        case .source, .format: true
        case .level, .levelBelow, .field: false
        }
    }
}
