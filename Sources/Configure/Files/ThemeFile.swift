package import Canvas

/// A theme as its file says it: styles by the names of their roles.
///
/// Themes/meridian.yaml describes the format. Colours are exact in the palette, and have their
/// stand-ins among the 16 colours in each role. The heat ramp may name a palette colour only: then
/// the stand-in is that of a role in this colour, else the nearest of xterm's 16, which is gray
/// for many; `{fg: deep, ansi: 4}` says it.
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
        let known = Names(roles)
        var styles: [(role: String, style: Style)] = []
        if let node = reader.require(fields, "roles", example: "a map of roles") {
            for entry in reader.entries(of: node, subject: fields.name(of: "roles")) ?? [] {
                let (key, at) = (entry.key, entry.keyAt)
                let isRole = reader.isKnown(key, at: at, user: "the theme", "role", known)
                guard let style = style(entry, palette), isRole else { continue }
                styles.append((key, style))
            }
        }
        let heat = heat(fields, palette, styles.map(\.style))
        guard let name, let ground else { return nil }
        return ThemeFile(
            name: name,
            isDark: ground == .dark,
            styles: Dictionary(styles.map { ($0.role, $0.style) }) { first, _ in first },
            heat: heat
        )
    }

    /// Exact colours as `0xRRGGBB`; nil for one that is there and bad.
    private typealias Palette = [(name: String, rgb: UInt32?)]

    private func palette(_ fields: Fields) -> Palette {
        guard let node = fields["palette"] else { return [] }
        return (reader.entries(of: node, subject: fields.name(of: "palette")) ?? []).map { entry in
            let subject = "colour '\(reader.shown(entry.key))'"
            if entry.value.isNull {
                let remedy = "put it in quotes: # begins a comment"
                reader.note(entry.value.at, "\(subject) is empty", remedy)
                return (entry.key, nil)
            }
            guard let text = reader.text(of: entry.value, subject: subject) else {
                return (entry.key, nil)
            }
            let digits = text.wholeMatch(of: /#([0-9A-Fa-f]{6})/)?.1
            guard let digits, let rgb = UInt32(digits, radix: 16) else {
                let what = "\(subject) is '\(reader.shown(text))', which is no colour"
                reader.note(entry.value.at, what, "write six hexadecimal digits: '#cfd4dc'")
                return (entry.key, nil)
            }
            return (entry.key, rgb)
        }
    }

    private func style(_ entry: YamlNode.Entry, _ palette: Palette) -> Style? {
        let flags: [(String, Attributes)] = [
            ("bold", .bold), ("dim", .dim), ("underline", .underline), ("reverse", .reverse),
        ]
        let allowed = ["fg", "bg", "ansi", "ansi-bg"] + flags.map(\.0)
        let subject = "role '\(reader.shown(entry.key))'"
        var fields = reader.fields(of: entry.value, subject: subject, allowed: allowed)
        fields?.at = entry.keyAt
        guard let fields else { return nil }
        var style = Style()
        style.foreground = color(fields, "fg", "ansi", palette)
        style.background = color(fields, "bg", "ansi-bg", palette)
        for (key, attribute) in flags where reader.flag(fields, key) == true {
            style.attributes.insert(attribute)
        }
        return style
    }

    /// The terminal's own where none is named, or where it is bad.
    private func color(
        _ fields: Fields,
        _ key: String,
        _ ansiKey: String,
        _ palette: Palette
    ) -> Color {
        guard fields.has(key) || fields.has(ansiKey) else { return .terminal }
        let example = palette.first?.name ?? "silver"
        let name = reader.requiredText(fields, key, example: example)
        let ansi = reader.requiredText(fields, ansiKey, example: "7")
        let rgb = name.flatMap {
            find($0, fields.position(of: key), fields.name(of: key), palette)
        }
        let number = ansi.flatMap { UInt8($0) }.flatMap { $0 < 16 ? $0 : nil }
        if let ansi, number == nil {
            let what = "\(fields.name(of: ansiKey)) is '\(reader.shown(ansi))'"
            reader.note(fields.position(of: ansiKey), what, "write a number from 0 to 15")
        }
        guard let rgb, let number else { return .terminal }
        return Color(rgb: rgb, ansi: number)
    }

    private func find(
        _ name: String,
        _ at: Position,
        _ user: String,
        _ palette: Palette
    ) -> UInt32? {
        if let found = palette.first(where: { $0.name == name }) { return found.rgb }
        let what = "\(user): there is no colour '\(reader.shown(name))'"
        reader.noteUnknown(at, what, name, among: palette.map(\.name))
        return nil
    }

    private func heat(_ fields: Fields, _ palette: Palette, _ styles: [Style]) -> [Color] {
        guard let node = fields["heat"] else { return [] }
        let items = reader.items(of: node, subject: fields.name(of: "heat")) ?? []
        return items.compactMap { item in
            if case .map = item.content {
                let pair = reader.fields(of: item, subject: "'heat'", allowed: ["fg", "ansi"])
                return pair.map { color($0, "fg", "ansi", palette) }
            }
            let rgb = reader.text(of: item, subject: "a colour of 'heat'")
                .flatMap { find($0, item.at, "'heat'", palette) }
            return rgb.map { rgb in
                styles.map(\.foreground).first { !$0.isTerminal && $0.rgb == rgb }
                    ?? Color(rgb: rgb, ansi: Self.nearestAnsi(to: rgb))
            }
        }
    }

    /// The nearest of xterm's 16 default colours (xterm, XTerm-col.ad), by distance in RGB.
    private static func nearestAnsi(to rgb: UInt32) -> UInt8 {
        let colors: [UInt32] = [
            0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
            0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
        ]
        func distance(_ other: UInt32) -> Int {
            [16, 8, 0].map { shift in
                let step = Int(rgb >> shift & 0xFF) - Int(other >> shift & 0xFF)
                return step * step
            }.reduce(0, +)
        }
        let nearest = colors.indices.min { distance(colors[$0]) < distance(colors[$1]) }
        return UInt8(nearest ?? 7)
    }
}
