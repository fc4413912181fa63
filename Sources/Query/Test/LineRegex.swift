internal import Patterns

/// A regular expression that a line, or a field of it, has to match somewhere.
struct LineRegex: Sendable {
    /// Nil for a pattern that is none, which the reader of queries refuses.
    private let code: RegexCode?

    init(_ pattern: LogCondition.Pattern) {
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
