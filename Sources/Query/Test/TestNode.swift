internal import Atlas
internal import Decode

/// A condition as it is tested: negations stand before texts, expressions and fields only, and what
/// costs less comes first.
indirect enum TestNode: Sendable {
    case always
    case never
    case level(LevelMask)
    case time(LogCondition.Comparison, Instant)
    case source(ValueTest)
    case resource(ValueTest)
    case text(LiteralFinder)
    case pattern(LineRegex)
    case field(FieldKey, ValueTest)
    case not(TestNode)
    case and([TestNode])
    case or([TestNode])

    init(_ condition: LogCondition) {
        self = TestNode.made(condition, isNegated: false)
    }

    private static func made(_ condition: LogCondition, isNegated: Bool) -> TestNode {
        switch condition {
        case .all: return isNegated ? .never : .always
        case .not(let inner): return made(inner, isNegated: !isNegated)
        case .and(let parts):
            let nodes = parts.map { made($0, isNegated: isNegated) }
            return isNegated ? any(nodes) : all(nodes)
        case .or(let parts):
            let nodes = parts.map { made($0, isNegated: isNegated) }
            return isNegated ? all(nodes) : any(nodes)
        case .level(let comparison, let level):
            let comparison = isNegated ? comparison.inverse : comparison
            return .level(
                Level.allCases.reduce(into: LevelMask()) { mask, candidate in
                    if comparison.holds(candidate, level) { mask.insert(LevelMask(candidate)) }
                }
            )
        case .time(let comparison, let instant):
            return .time(isNegated ? comparison.inverse : comparison, instant)
        case .text(let text) where text.text.isEmpty: return isNegated ? .never : .always
        case .text, .pattern, .source, .resource, .field:
            let leaf = leaf(condition)
            return isNegated ? .not(leaf) : leaf
        }
    }

    private static func leaf(_ condition: LogCondition) -> TestNode {
        switch condition {
        case .text(let text): .text(LiteralFinder(text.text, ignoresCase: text.ignoresCase))
        case .pattern(let pattern): .pattern(LineRegex(pattern))
        case .source(let test): .source(ValueTest(test))
        case .resource(let test): .resource(ValueTest(test))
        case .field(let name, let test): .field(FieldKey(name), ValueTest(test))
        case .all, .level, .time, .not, .and, .or: .never
        }
    }

    private static func all(_ nodes: [TestNode]) -> TestNode {
        var kept: [TestNode] = []
        for node in nodes {
            switch node {
            case .always: continue
            case .never: return .never
            default: kept.append(node)
            }
        }
        guard kept.count != 1 else { return kept[0] }
        return kept.isEmpty ? .always : .and(ordered(kept))
    }

    private static func any(_ nodes: [TestNode]) -> TestNode {
        var kept: [TestNode] = []
        for node in nodes {
            switch node {
            case .never: continue
            case .always: return .always
            default: kept.append(node)
            }
        }
        guard kept.count != 1 else { return kept[0] }
        return kept.isEmpty ? .never : .or(ordered(kept))
    }

    private static func ordered(_ nodes: [TestNode]) -> [TestNode] {
        nodes.enumerated().sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }
            .map(\.element)
    }

    private var cost: Int {
        switch self {
        case .always, .never, .level, .time, .source, .resource: 0
        case .text: 1
        case .pattern: 2
        case .field: 3
        case .not(let node): node.cost
        case .and(let nodes), .or(let nodes): nodes.map(\.cost).max() ?? 0
        }
    }

    var readsBytes: Bool { cost > 0 }

    /// Names of fields, in no order.
    var fields: [String] {
        switch self {
        case .field(let key, _): [key.text]
        case .not(let node): node.fields
        case .and(let nodes), .or(let nodes): nodes.flatMap(\.fields)
        case .always, .never, .level, .time, .source, .resource, .text, .pattern: []
        }
    }

    /// What is left to ask once the source is known.
    func known(_ source: SourceFacts) -> TestNode {
        switch self {
        case .source(let test):
            return Self.isOne(source.name, test) ? .always : .never
        case .resource(let test):
            let holds = source.resource.flatMap { test.holds($0) } ?? false
            return holds ? .always : .never
        case .not(let node):
            switch node.known(source) {
            case .always: return .never
            case .never: return .always
            case let rest: return .not(rest)
            }
        case .and(let nodes): return Self.all(nodes.map { $0.known(source) })
        case .or(let nodes): return Self.any(nodes.map { $0.known(source) })
        case .always, .never, .level, .time, .text, .pattern, .field: return self
        }
    }

    /// A placed source (`SOURCE: RESOURCE`) is part of the source, too.
    private static func isOne(_ name: String, _ test: ValueTest) -> Bool {
        if test.holds(name) ?? false { return true }
        let bytes = Array(name.utf8)
        return bytes.indices.dropLast().contains { index in
            bytes[index] == UInt8(ascii: ":") && bytes[index + 1] == UInt8(ascii: " ")
                && bytes[..<index].withUnsafeBytes { test.holds($0) ?? false }
        }
    }

    /// With the names of fields looked up in a format.
    func bound(to format: any LogFormat) -> TestNode {
        switch self {
        case .field(let key, let test): .field(key.bound(to: format), test)
        case .not(let node): .not(node.bound(to: format))
        case .and(let nodes): .and(nodes.map { $0.bound(to: format) })
        case .or(let nodes): .or(nodes.map { $0.bound(to: format) })
        case .always, .never, .level, .time, .source, .resource, .text, .pattern: self
        }
    }
}
