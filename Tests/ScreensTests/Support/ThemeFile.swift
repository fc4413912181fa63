import Canvas
import Foundation

/// Reads a file of Themes/ with just as much YAML as those files use; the real reader is
/// Configure's.
struct ThemeFile {
    var name = ""
    var ground = ""
    var palette: [String: UInt32] = [:]
    var roles: [String: [String: String]] = [:]
    var heat: [[String: String]] = []

    static let daylight = ThemeFile("daylight").theme

    init(_ file: String) {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Themes/\(file).yaml")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        var block = ""
        for line in text.split(separator: "\n").map(String.init) where !line.hasPrefix("#") {
            if line.hasPrefix("  - ") {
                heat.append(Self.fields(String(line.dropFirst(4))))
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let key = line[..<colon].trimmingCharacters(in: .whitespaces)
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            if line.hasPrefix(" ") {
                if block == "palette" {
                    palette[key] = UInt32(value.trimmingCharacters(in: ["'", "#"]), radix: 16)
                } else {
                    roles[key] = Self.fields(value)
                }
                continue
            }
            block = key
            switch key {
            case "name": name = value
            case "ground": ground = value
            default: break
            }
        }
    }

    private static func items(_ flow: String) -> [String] {
        flow.trimmingCharacters(in: ["[", "]", "{", "}"]).split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private static func fields(_ flow: String) -> [String: String] {
        var fields: [String: String] = [:]
        for item in items(flow) {
            let parts = item.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        return fields
    }

    var theme: Theme {
        var styles: [Role: Style] = [:]
        for (key, fields) in roles {
            guard let role = Role(rawValue: key) else { continue }
            var attributes: Attributes = []
            if fields["bold"] == "true" { attributes.insert(.bold) }
            if fields["dim"] == "true" { attributes.insert(.dim) }
            if fields["underline"] == "true" { attributes.insert(.underline) }
            if fields["reverse"] == "true" { attributes.insert(.reverse) }
            styles[role] = Style(
                foreground: color(fields["fg"], fields["ansi"]),
                background: color(fields["bg"], fields["ansi-bg"]),
                attributes: attributes
            )
        }
        return Theme(
            name: name,
            isDark: ground == "dark",
            styles: styles,
            heat: heat.map { color($0["fg"], $0["ansi"]) }
        )
    }

    private func color(_ name: String?, _ ansi: String?) -> Color {
        guard let rgb = name.flatMap({ palette[$0] }) else { return .terminal }
        return Color(rgb: rgb, ansi: ansi.flatMap { UInt8($0) } ?? 0)
    }
}
