internal import Patterns

/// A regular expression (PCRE2) that a line matches from its beginning, or does not.
///
/// It sees bytes, as operators' own formats do.
package struct LinePattern: Sendable {
    private let code: RegexCode

    /// Nil where it is no regular expression; `mistake` says why.
    package init?(_ pattern: String) {
        guard case .code(let code) = RegexCode.compile(pattern) else { return nil }
        self.code = code
    }

    /// What is wrong with a pattern, in PCRE2's own words; nil when nothing is.
    package static func mistake(in pattern: String) -> String? {
        guard case .refused(let words, _) = RegexCode.compile(pattern) else { return nil }
        return words
    }

    package func matches(_ line: ArraySlice<UInt8>) -> Bool {
        line.withUnsafeBytes { bytes in
            if case .matched = code.search(bytes) { true } else { false }
        }
    }
}
