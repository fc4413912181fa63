internal import Atlas

/// What every line that matches has in common: what lets chunks be passed over.
extension TestNode {
    struct Bounds {
        var levels = LevelMask(rawValue: 0x7F)
        /// Nanoseconds, the first one included and the last one excluded.
        var since = Int64.min
        var until = Int64.max

        static let nothing = Bounds(levels: [], since: .max, until: .min)
    }

    var bounds: Bounds {
        switch self {
        case .never: return .nothing
        case .level(let mask): return Bounds(levels: mask)
        case .time(let comparison, let instant): return Self.bounds(comparison, instant)
        case .and(let nodes):
            return nodes.map(\.bounds).reduce(into: Bounds()) { all, next in
                all.levels.formIntersection(next.levels)
                all.since = max(all.since, next.since)
                all.until = min(all.until, next.until)
            }
        case .or(let nodes):
            return nodes.map(\.bounds).reduce(into: .nothing) { any, next in
                any.levels.formUnion(next.levels)
                any.since = min(any.since, next.since)
                any.until = max(any.until, next.until)
            }
        case .always, .source, .resource, .text, .pattern, .field, .not: return Bounds()
        }
    }

    private static func bounds(
        _ comparison: LogCondition.Comparison,
        _ instant: Instant
    ) -> Bounds {
        let at = instant.nanoseconds
        let next = at == .max ? at : at + 1
        return switch comparison {
        case .equal: Bounds(since: at, until: next)
        case .unequal: Bounds()
        case .less: Bounds(until: at)
        case .most: Bounds(until: next)
        case .least: Bounds(since: at)
        case .more: Bounds(since: next)
        }
    }
}

/// What every line that matches holds.
extension TestNode {
    /// More alternatives are no faster than the lines themselves.
    private static let mostAlternatives = 12

    /// One literal of each group.
    var literals: [[LiteralFinder]] {
        switch self {
        case .text(let finder): [[finder]]
        case .field(let key, let test): key.isComputed ? [] : Self.literals(of: test)
        case .and(let nodes): nodes.flatMap(\.literals)
        case .or(let nodes): Self.alternatives(nodes.map(\.literals))
        case .pattern(let regex): Self.literals(of: regex)
        case .always, .never, .level, .time, .source, .resource, .not: []
        }
    }

    /// A byte or two stand in most lines: there the expression itself finds more quickly.
    private static func literals(of regex: LineRegex) -> [[LiteralFinder]] {
        guard let literal = regex.literal, literal.length > 2 || !regex.isSeamless else {
            return []
        }
        return [[literal]]
    }

    /// An expression that every line matches, and that can be looked for in many lines at once.
    var seamlessPattern: LineRegex? {
        switch self {
        case .pattern(let regex): regex.isSeamless ? regex : nil
        case .and(let nodes): nodes.lazy.compactMap(\.seamlessPattern).first
        case .always, .never, .level, .time, .source, .resource, .text, .field, .or, .not: nil
        }
    }

    /// Of each branch the group that says most.
    private static func alternatives(_ branches: [[[LiteralFinder]]]) -> [[LiteralFinder]] {
        var group: [LiteralFinder] = []
        for branch in branches {
            let best = branch.max { ($0.map(\.length).min() ?? 0) < ($1.map(\.length).min() ?? 0) }
            guard let best else { return [] }
            group += best
        }
        return group.count <= mostAlternatives ? [group] : []
    }

    /// A value stands in its line, unless parts of it are escaped.
    ///
    /// Letters and digits are escaped by their numbers only: `\u0061`, `\x61`, `\U00000061`.
    private static func literals(of test: ValueTest) -> [[LiteralFinder]] {
        switch test {
        case .equals(let text, let ignoresCase), .like(let text, let ignoresCase):
            // A bare key of logfmt is true without saying so.
            guard text != Array("true".utf8) else { return [] }
            return literals(in: text, ignoresCase: ignoresCase)
        case .exists, .holds, .matches, .number: return []
        }
    }

    private static func literals(in text: [UInt8], ignoresCase: Bool) -> [[LiteralFinder]] {
        let runs = text.split { !((97...122).contains($0 | 0x20) || $0 &- 48 < 10) }
        guard let longest = runs.max(by: { $0.count < $1.count }), longest.count > 1 else {
            return []
        }
        let run = String(decoding: longest, as: UTF8.self)
        return [
            [
                LiteralFinder(run, ignoresCase: ignoresCase),
                LiteralFinder("\\u", ignoresCase: true), LiteralFinder("\\x", ignoresCase: true),
            ]
        ]
    }
}
