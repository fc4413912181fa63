/// How every role looks; values only, read from Themes/NAME.yaml by Configure.
package struct Theme: Hashable, Sendable {
    package let name: String
    /// False for a light ground.
    package let isDark: Bool
    /// Colours from calm to alarming, at least one; for values on a scale.
    package let heat: [Color]
    private let styles: [Style]

    /// A role that is missing looks as in `meridian`, on the ground of `text`; an empty `heat` is
    /// the colour of `graph` alone.
    package init(name: String, isDark: Bool, styles: [Role: Style], heat: [Color]) {
        self.name = name
        self.isDark = isDark
        self.heat = heat.isEmpty ? [styles[.graph]?.foreground ?? .terminal] : heat
        self.styles = Role.allCases.map { role in
            if let style = styles[role] { return style }
            var style = BuiltInThemes.meridianStyles[role] ?? Style()
            if role != .raised, role != .cursor, let ground = styles[.text]?.background {
                style.background = ground
            }
            return style
        }
    }

    /// As above, with styles by the names of their roles, as a theme file has them; other names are
    /// passed over.
    package init(name: String, isDark: Bool, named styles: [String: Style], heat: [Color]) {
        let known = Role.allCases.compactMap { role in styles[role.rawValue].map { (role, $0) } }
        self.init(
            name: name,
            isDark: isDark,
            styles: Dictionary(uniqueKeysWithValues: known),
            heat: heat
        )
    }

    package subscript(role: Role) -> Style {
        Role.allCases.firstIndex(of: role).map { styles[$0] } ?? Style()
    }

    /// The style of a role, on the ground of another.
    package func style(_ role: Role, on ground: Role) -> Style {
        var style = self[role]
        style.background = self[ground].background
        return style
    }

    /// The colour of a value on the heat ramp, from 0 (calm) to 1 (alarming).
    package func heat(_ share: Double) -> Color {
        let last = heat.count - 1
        return heat[max(0, min(last, Int((share * Double(heat.count)).rounded(.down))))]
    }

    /// What is used when nothing else was said or could be read.
    package static let builtIn = BuiltInThemes.meridian
    /// Without any colour: for `NO_COLOR`, and for terminals that have none.
    package static let mono = BuiltInThemes.mono
}
