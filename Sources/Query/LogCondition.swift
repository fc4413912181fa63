package import Atlas

/// Which lines are wanted: what a query says, as a value that can travel to whoever finds them.
package indirect enum LogCondition: Codable, Hashable, Sendable {
    /// Any line.
    case all
    /// Bytes that the line, as it came, holds anywhere.
    case text(Text)
    /// A regular expression that matches anywhere in the line as it came.
    case pattern(Pattern)
    case level(Comparison, Level)
    /// The line's own time, or its arrival when it states none.
    case time(Comparison, Instant)
    /// The name of its source; a placed source is part of the one that its name begins with.
    case source(FieldTest)
    /// The resource that its source belongs to.
    case resource(FieldTest)
    /// The first field of a name that the line's format tells.
    case field(String, FieldTest)
    case not(LogCondition)
    case and([LogCondition])
    case or([LogCondition])

    package struct Text: Codable, Hashable, Sendable {
        package var text: String
        /// ASCII letters stand for either case.
        package var ignoresCase: Bool

        package init(_ text: String, ignoresCase: Bool) {
            self.text = text
            self.ignoresCase = ignoresCase
        }

        /// Smart case, as in less -i and vim: a text without a capital stands for either case.
        package init(_ text: String) {
            self.init(text, ignoresCase: !text.utf8.contains { (65...90).contains($0) })
        }
    }

    /// A regular expression (PCRE2).
    package struct Pattern: Codable, Hashable, Sendable {
        package var pattern: String
        package var ignoresCase: Bool

        package init(_ pattern: String, ignoresCase: Bool) {
            self.pattern = pattern
            self.ignoresCase = ignoresCase
        }
    }

    package enum Comparison: String, Codable, Hashable, Sendable, CaseIterable {
        case equal = "="
        case unequal = "!="
        case less = "<"
        case most = "<="
        case least = ">="
        case more = ">"
    }

    package enum FieldTest: Codable, Hashable, Sendable {
        /// There is one, whatever its value.
        case exists
        case equals(Text)
        /// `*` is any run of bytes.
        case like(Text)
        case holds(Text)
        case matches(Pattern)
        case number(Comparison, Quantity)
    }
}

extension LogCondition {
    /// True when lines have to be read in their format to test it.
    package var asksForFields: Bool {
        switch self {
        case .field: true
        case .not(let condition): condition.asksForFields
        case .and(let parts), .or(let parts): parts.contains(where: \.asksForFields)
        case .all, .text, .pattern, .level, .time, .source, .resource: false
        }
    }

    /// Both have to hold.
    package func and(_ other: LogCondition) -> LogCondition {
        switch (self, other) {
        case (.all, _): other
        case (_, .all): self
        case (.and(let left), .and(let right)): .and(left + right)
        case (.and(let left), _): .and(left + [other])
        case (_, .and(let right)): .and([self] + right)
        default: .and([self, other])
        }
    }
}

extension LogCondition.Comparison {
    func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .equal: left == right
        case .unequal: left != right
        case .less: left < right
        case .most: left <= right
        case .least: left >= right
        case .more: left > right
        }
    }

    var inverse: LogCondition.Comparison {
        switch self {
        case .equal: .unequal
        case .unequal: .equal
        case .less: .least
        case .most: .more
        case .least: .less
        case .more: .most
        }
    }
}
