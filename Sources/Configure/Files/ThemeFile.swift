package import Canvas

/// A theme as its file says it: styles by the names of their roles.
///
///     name: meridian
///     ground: dark
///     palette:
///       silver: {rgb: "#cfd4dc", ansi: 7}
///       amber: {rgb: "#e6c34a", ansi: 11}
///     roles:
///       text: silver
///       warn: amber bold
///       hit: silver on amber underline
///     heat: [silver, amber]
///
/// A role is `[COLOUR] [on COLOUR] [bold] [dim] [underline] [reverse]`; the colour `terminal` is
/// the terminal's own, and what is left out is, too.
package struct ThemeFile: Hashable, Sendable {
    package var name: String
    package var isDark: Bool
    package var styles: [String: Style]
    /// From cold to hot.
    package var heat: [Color]

    /// Throws `.unreadable`, or as `load(yaml:file:roles:)`.
    package static func load(
        path: String,
        roles: [String]
    ) throws(ConfigureError) -> ThemeFile {
        try load(yaml: TextFile.read(path), file: path, roles: roles)
    }

    /// Reads a theme; `file` is how problems name the text.
    ///
    /// `roles` are the names that a role may have; one that the file leaves out is no problem.
    /// Throws `.invalid` with all problems.
    package static func load(
        yaml text: String,
        file: String,
        roles: [String]
    ) throws(ConfigureError) -> ThemeFile {
        let (root, problems) = YamlText.parse(text, file: file)
        let reader = Reader(file: file, problems: problems)
        let theme = root.flatMap { ThemeReader(reader: reader, roles: roles).theme($0) }
        if root == nil, problems.isEmpty {
            reader.note(.start, "the file says nothing", "begin with the line 'name: NAME'")
        }
        guard let theme, reader.problems.isEmpty else { throw .invalid(reader.sortedProblems) }
        return theme
    }
}

private struct ThemeReader {
    private enum Ground: String {
        case dark
        case light
    }

    let reader: Reader
    let roles: [String]

    private static let attributes: [(String, Attributes)] = [
        ("bold", .bold), ("dim", .dim), ("underline", .underline), ("reverse", .reverse),
    ]

    func theme(_ root: YamlNode) -> ThemeFile? {
        let allowed = ["name", "ground", "palette", "roles", "heat"]
        guard let fields = reader.fields(of: root, subject: "the theme", allowed: allowed) else {
            return nil
        }
        let name = reader.require(fields, "name", example: "meridian")
            .flatMap { reader.name(of: $0, subject: fields.name(of: "name")) }
        let ground = reader.require(fields, "ground", example: "dark")
            .flatMap { _ in reader.choice(fields, "ground", among: [Ground.dark, .light]) }
        let palette = palette(fields)
        var styles: [String: Style] = [:]
        if let node = reader.require(fields, "roles", example: "a map of roles") {
            for entry in reader.entries(of: node, subject: fields.name(of: "roles")) ?? [] {
                let subject = "role '\(reader.shown(entry.key))'"
                let isRole = reader.isKnown(
                    entry.key,
                    at: entry.keyAt,
                    user: "the theme",
                    "role",
                    Names(roles)
                )
                guard let style = style(entry.value, subject, palette), isRole else { continue }
                styles[entry.key] = style
            }
        }
        let heat = heat(fields, palette)
        guard let name, let ground else { return nil }
        return ThemeFile(name: name, isDark: ground == .dark, styles: styles, heat: heat)
    }

    /// Nil for a colour that is there and bad.
    private typealias Palette = [(name: String, color: Color?)]

    private func palette(_ fields: Fields) -> Palette {
        var palette: Palette = [("terminal", .terminal)]
        guard let node = fields["palette"] else { return palette }
        let reserved = ["terminal", "on"] + Self.attributes.map(\.0)
        for entry in reader.entries(of: node, subject: fields.name(of: "palette")) ?? [] {
            let subject = "colour '\(reader.shown(entry.key))'"
            guard entry.key.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil, !reserved.contains(entry.key)
            else {
                let remedy = "use letters, digits, '-' and '_', and none of the words of a role"
                reader.note(entry.keyAt, "\(subject) has no name that a role can use", remedy)
                continue
            }
            palette.append((entry.key, color(entry, subject)))
        }
        return palette
    }

    private func color(_ entry: YamlNode.Entry, _ subject: String) -> Color? {
        var fields = reader.fields(of: entry.value, subject: subject, allowed: ["rgb", "ansi"])
        fields?.at = entry.keyAt
        guard let fields,
            let rgb = reader.requiredText(fields, "rgb", example: "\"#cfd4dc\""),
            let ansi = reader.requiredText(fields, "ansi", example: "7")
        else { return nil }
        let value = rgb.wholeMatch(of: /#([0-9A-Fa-f]{6})/).flatMap { UInt32($0.1, radix: 16) }
        if value == nil {
            let what = "\(fields.name(of: "rgb")) is '\(reader.shown(rgb))', which is no colour"
            reader.note(
                fields.position(of: "rgb"),
                what,
                "write six hexadecimal digits: \"#cfd4dc\""
            )
        }
        let number = UInt8(ansi).flatMap { $0 < 16 ? $0 : nil }
        if number == nil {
            let what = "\(fields.name(of: "ansi")) is '\(reader.shown(ansi))'"
            reader.note(fields.position(of: "ansi"), what, "write a number from 0 to 15")
        }
        guard let value, let number else { return nil }
        return Color(rgb: value, ansi: number)
    }

    private func style(_ node: YamlNode, _ subject: String, _ palette: Palette) -> Style? {
        guard let text = reader.text(of: node, subject: subject) else { return nil }
        var style = Style()
        var words = text.split(separator: " ").map(String.init)[...]
        let attributeNames = Self.attributes.map(\.0)
        if let word = words.first, word != "on", !attributeNames.contains(word) {
            guard let color = find(word, node.at, subject, palette) else { return nil }
            style.foreground = color
            words.removeFirst()
        }
        if words.first == "on" {
            words.removeFirst()
            guard let color = find(words.first ?? "", node.at, subject, palette) else { return nil }
            style.background = color
            words.removeFirst()
        }
        for word in words {
            guard let attribute = Self.attributes.first(where: { $0.0 == word }) else {
                let what = "\(subject): there is no attribute '\(reader.shown(word))'"
                reader.noteUnknown(node.at, what, word, among: attributeNames)
                return nil
            }
            style.attributes.insert(attribute.1)
        }
        return style
    }

    private func find(
        _ name: String,
        _ at: Position,
        _ subject: String,
        _ palette: Palette
    ) -> Color? {
        if let found = palette.first(where: { $0.name == name }) { return found.color }
        let what = "\(subject): there is no colour '\(reader.shown(name))'"
        reader.noteUnknown(at, what, name, among: palette.map(\.name))
        return nil
    }

    private func heat(_ fields: Fields, _ palette: Palette) -> [Color] {
        guard let node = fields["heat"] else { return [] }
        return (reader.items(of: node, subject: fields.name(of: "heat")) ?? []).compactMap { item in
            reader.text(of: item, subject: "a colour of 'heat'")
                .flatMap { find($0, item.at, "'heat'", palette) }
        }
    }
}
