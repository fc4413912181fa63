internal import Atlas

/// Reads queries: text to conditions (Docs/queries.md).
///
///     query      = all, { "OR", all }
///     all        = one, { [ "AND" ], one }
///     one        = [ "-" | "!" | "NOT" ], ( "(", query, ")" | test )
///     test       = word | phrase | regex | name, sign, ( word | phrase | regex )
///     phrase     = '"', { character | '\"' | '\\' }, '"'
///     regex      = "/", pattern, "/", [ "i" | "c" ]
///     sign       = ":" | "=" | "!=" | "<" | "<=" | ">=" | ">"
package struct QueryReader {
    /// Brackets and signs of negation inside each other.
    private static let mostDepth = 50
    private static let mostTests = 500

    private let tokens: [QueryToken]
    private var index = 0
    private var depth = 0
    private var tests = 0

    /// `.all` for a query without a word.
    package static func read(_ query: String) throws(QueryError) -> LogCondition {
        do throws(QueryMistake) {
            var scanner = QueryScanner(query)
            var reader = QueryReader(tokens: try scanner.tokens())
            return try reader.whole()
        } catch {
            throw .unreadable(query: query, error)
        }
    }

    private init(tokens: [QueryToken]) {
        self.tokens = tokens
    }

    private var token: QueryToken { tokens[index] }

    private mutating func whole() throws(QueryMistake) -> LogCondition {
        if token.kind == .end { return .all }
        let condition = try either()
        guard token.kind == .end else {
            throw QueryMistake(
                token.offset,
                "this bracket closes nothing",
                remedy: "open it with (, or put it into quotes to find it as text"
            )
        }
        return condition
    }

    private mutating func either() throws(QueryMistake) -> LogCondition {
        var parts = [try every()]
        while token.kind == .or {
            index += 1
            parts.append(try every())
        }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func every() throws(QueryMistake) -> LogCondition {
        var parts = [try one()]
        while true {
            switch token.kind {
            case .end, .close, .or: return parts.count == 1 ? parts[0] : .and(parts)
            case .and:
                index += 1
                parts.append(try one())
            default: parts.append(try one())
            }
        }
    }

    private mutating func one() throws(QueryMistake) -> LogCondition {
        let start = token
        switch start.kind {
        case .not:
            index += 1
            try enter(start)
            defer { depth -= 1 }
            return .not(try one())
        case .open:
            index += 1
            try enter(start)
            defer { depth -= 1 }
            let inside = try either()
            guard token.kind == .close else {
                throw QueryMistake(
                    start.offset,
                    "this bracket is not closed",
                    remedy: "close it with ), or put it into quotes to find it as text"
                )
            }
            index += 1
            return inside
        case .word(let text), .phrase(let text):
            guard !text.isEmpty else {
                throw QueryMistake(start.offset, "these quotes hold nothing", remedy: "fill them")
            }
            return try test(.text(LogCondition.Text(text)))
        case .regex(let pattern): return try test(.pattern(pattern))
        case .comparison(let comparison):
            return try test(try comparison.condition(at: start.offset))
        case .end, .close, .or, .and: throw missing(at: start)
        }
    }

    private mutating func test(_ condition: LogCondition) throws(QueryMistake) -> LogCondition {
        tests += 1
        guard tests <= Self.mostTests else {
            throw QueryMistake(
                token.offset,
                "a query has at most \(Self.mostTests) conditions",
                remedy: "leave some out, or write a regular expression"
            )
        }
        index += 1
        return condition
    }

    private mutating func enter(_ start: QueryToken) throws(QueryMistake) {
        guard depth < Self.mostDepth else {
            throw QueryMistake(
                start.offset,
                "more than \(Self.mostDepth) brackets and negations are inside each other",
                remedy: "write it flatter"
            )
        }
        depth += 1
    }

    private func missing(at token: QueryToken) -> QueryMistake {
        let word: String? =
            switch token.kind {
            case .or: "OR"
            case .and: "AND"
            default: nil
            }
        guard let word else {
            return QueryMistake(
                token.offset,
                "a condition is missing here",
                remedy: index == 0
                    ? "write a word, a \"phrase\", a /regex/ or field:value"
                    : "go on, or take away what stands before"
            )
        }
        return QueryMistake(
            token.offset,
            "\(word) has no condition before it",
            remedy: "write one, or \"\(word)\" in quotes to find the word"
        )
    }
}
