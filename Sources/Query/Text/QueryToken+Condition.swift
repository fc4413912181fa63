internal import Atlas

/// What a comparison means.
extension QueryToken.Comparison {
    func condition(at offset: Int) throws(QueryMistake) -> LogCondition {
        if case .none = value {
            throw QueryMistake(
                valueOffset,
                "a value has to follow \(name)\(sign.rawValue)",
                remedy: isField ? "write it, or * for any" : example
            )
        }
        guard !isField else { return try field() }
        switch name {
        case QueryWords.level: return try level()
        case QueryWords.time: return try time()
        case QueryWords.source: return try named(LogCondition.source)
        case QueryWords.resource: return try named(LogCondition.resource)
        default: return try field()
        }
    }

    private var example: String {
        switch name {
        case QueryWords.level: "such as level>=warn"
        case QueryWords.time: "such as time>=2026-11-23T07:20:31Z"
        case QueryWords.source, QueryWords.resource: "a name, with * for any part of it"
        default: "a number, such as 5, 12ms or 4MiB"
        }
    }

    private var text: String? {
        switch value {
        case .word(let text), .phrase(let text): text
        case .none, .regex: nil
        }
    }

    private func level() throws(QueryMistake) -> LogCondition {
        if let text, let level = QueryWords.level(text) { return .level(sign, level) }
        let names = Level.allCases.map(\.name)
        let nearest = text.flatMap { nearestName(to: $0, among: names) }
        throw QueryMistake(
            valueOffset,
            text.map { "'\($0)' is no level" } ?? "a level is a word",
            remedy: nearest.map { "did you mean '\($0)'?" }
                ?? "choose \(names.joined(separator: ", ")); a field is field:level:VALUE"
        )
    }

    private func time() throws(QueryMistake) -> LogCondition {
        guard let text, let instant = Self.instant(text) else {
            throw QueryMistake(
                valueOffset,
                text.map { "'\($0)' is no time" } ?? "a time is no expression",
                remedy: "write one like 2026-11-23T07:20:31Z, or a day like 2026-11-23"
            )
        }
        guard sign != .equal, sign != .unequal else {
            throw QueryMistake(
                valueOffset - 1,
                "times are compared with < <= >= >",
                remedy: "such as time>=\(text)"
            )
        }
        return .time(sign, instant)
    }

    /// A day begins at midnight UTC.
    private static func instant(_ text: String) -> Instant? {
        Instant(rfc3339: text) ?? Instant(rfc3339: text + "T00:00:00Z")
    }

    private func named(
        _ make: (LogCondition.FieldTest) -> LogCondition
    ) throws(QueryMistake) -> LogCondition {
        switch sign {
        case .equal: return make(equality)
        // Lines of no resource differ from all of them.
        case .unequal: return .not(make(equality))
        case .less, .most, .least, .more:
            throw QueryMistake(
                valueOffset - sign.rawValue.utf8.count,
                "a \(name) is a name, no number",
                remedy: "write \(name):NAME or \(name)!=NAME"
            )
        }
    }

    private func field() throws(QueryMistake) -> LogCondition {
        switch sign {
        case .equal: return .field(name, equality)
        // Not having the field is no other value of it.
        case .unequal: return .and([.field(name, .exists), .not(.field(name, equality))])
        case .less, .most, .least, .more: break
        }
        guard let text, let bound = Quantity(text) else {
            throw QueryMistake(
                valueOffset,
                text.map { "'\($0)' is no number" } ?? "a regular expression is no number",
                remedy: "write one such as 5, 12ms or 4MiB; in \"quotes\" all of it is text"
            )
        }
        return .field(name, .number(sign, bound))
    }

    private var equality: LogCondition.FieldTest {
        switch value {
        case .none: return .exists
        case .regex(let pattern): return .matches(pattern)
        case .phrase(let text): return isHeld ? .holds(.init(text)) : .equals(.init(text))
        case .word("*"): return .exists
        case .word(let text):
            if text.utf8.contains(UInt8(ascii: "*")) { return .like(.init(text)) }
            return isHeld ? .holds(.init(text)) : .equals(.init(text))
        }
    }

    /// Nobody asks for a message that is one word and no more.
    private var isHeld: Bool {
        !isField && (name == QueryWords.message || name == QueryWords.line)
    }
}
