package import Atlas

/// What is to be known of a regular expression.
package enum PatternReading: Hashable, Sendable {
    /// The names of its groups.
    case groups([String])
    /// Why it is none, and where in it, in bytes of UTF-8.
    case mistake(what: String, offset: Int)
}

/// What a configuration may refer to; the caller knows it, so that Configure need not.
package struct Catalogue: Sendable {
    /// What a format makes of a line.
    package enum LineReading: Hashable, Sendable {
        case message(String)
        /// The line has not the form of the format.
        case unknown
    }

    package var probes: [String]
    package var formats: [String]
    package var themes: [String]
    /// Probes that a resource may have more than once, each with another address.
    package var repeatable: Set<String>
    /// What is wrong with a format of the operator's own.
    package var mistakes: @Sendable (UserFormat) -> [FormatMistake]
    /// Reads a regular expression.
    package var judge: @Sendable (_ pattern: String) -> PatternReading
    /// Reads a line with the format of a name, bundled or one of those given.
    package var read: @Sendable (_ line: String, _ format: String, [UserFormat]) -> LineReading

    /// What is wrong with a regular expression; nil when nothing is.
    package var patternMistake: @Sendable (String) -> String?
    /// Whether text in an encoding can be read.
    package var knowsEncoding: @Sendable (String) -> Bool

    package init(
        probes: [String],
        formats: [String],
        themes: [String],
        repeatable: Set<String> = [],
        judge: @escaping @Sendable (String) -> PatternReading = { _ in .groups([]) },
        mistakes: @escaping @Sendable (UserFormat) -> [FormatMistake] = { _ in [] },
        read: @escaping @Sendable (String, String, [UserFormat]) -> LineReading = { line, _, _ in
            .message(line)
        },
        patternMistake: @escaping @Sendable (String) -> String? = { _ in nil },
        knowsEncoding: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.probes = probes
        self.formats = formats
        self.themes = themes
        self.repeatable = repeatable
        self.judge = judge
        self.mistakes = mistakes
        self.read = read
        self.patternMistake = patternMistake
        self.knowsEncoding = knowsEncoding
    }
}
