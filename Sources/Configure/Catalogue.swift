/// The names that a configuration may refer to; the caller knows them, so that Configure need not.
package struct Catalogue: Hashable, Sendable {
    package var probes: [String]
    package var formats: [String]
    package var themes: [String]

    package init(probes: [String], formats: [String], themes: [String]) {
        self.probes = probes
        self.formats = formats
        self.themes = themes
    }
}
