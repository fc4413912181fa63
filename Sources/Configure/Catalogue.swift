/// The names that a configuration may refer to; the caller knows them, so that Configure need not.
package struct Catalogue: Hashable, Sendable {
    package var probes: [String]
    package var formats: [String]
    package var themes: [String]
    /// Probes that a resource may have more than once, each with another address.
    package var repeatable: Set<String>

    package init(
        probes: [String],
        formats: [String],
        themes: [String],
        repeatable: Set<String> = []
    ) {
        self.repeatable = repeatable
        self.probes = probes
        self.formats = formats
        self.themes = themes
    }
}
