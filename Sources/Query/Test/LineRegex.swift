internal import Patterns

/// A regular expression that a line, or a field of it, has to match somewhere.
struct LineRegex: Sendable {
    /// Nil for a pattern that is none, which the reader of queries refuses.
    private let code: RegexCode?
    /// What every match holds; nil when nothing is certain.
    let literal: LiteralFinder?
    /// True when it can be looked for in many lines at once (`PatternShape.isSeamless`).
    let isSeamless: Bool

    init(_ pattern: LogCondition.Pattern) {
        let shape = PatternShape(pattern.pattern)
        literal =
            shape.literal.isEmpty
            ? nil : LiteralFinder(shape.literal, ignoresCase: pattern.ignoresCase)
        isSeamless = shape.isSeamless
        let prefix = pattern.ignoresCase ? Self.caseless : ""
        if case .code(let code) = RegexCode.compile(prefix + pattern.pattern, isAnchored: false) {
            self.code = code
        } else {
            code = nil
        }
    }

    private static let caseless = "(?i)"

    /// What PCRE2 has against a pattern, and where in it.
    static func fault(in pattern: String) -> (words: String, offset: Int)? {
        guard
            case .refused(let words, let offset) = RegexCode.compile(
                caseless + pattern,
                isAnchored: false
            )
        else { return nil }
        return (words, max(0, offset - caseless.utf8.count))
    }

    /// Where a match begins first, from a byte on; the count of bytes when there is none, nil where
    /// it cannot be told.
    ///
    /// The bytes are at most those that an expression may see at once.
    func first(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let code else { return nil }
        return switch code.match(bytes, from: start) {
        case .matched(let groups): groups[0]?.lowerBound
        case .none: bytes.count
        case .gaveUp: nil
        }
    }

    /// Nil where it cannot be told: the match reached a limit.
    ///
    /// It sees the first 4 KiB (`RegexCode.reach`).
    func matches(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        guard let code else { return nil }
        return switch code.search(bytes) {
        case .matched: true
        case .none: false
        case .gaveUp: nil
        }
    }
}
