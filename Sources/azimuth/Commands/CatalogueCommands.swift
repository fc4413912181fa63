import ArgumentParser
import Canvas
import Decode

struct FormatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "formats",
        abstract: "List the formats of logs: what each reads.",
        discussion: """
            Examples:
              azimuth formats
            """
    )

    func run() {
        var table = TextTable([])
        for format in FormatCatalog.all { table.add([format.name, format.summary]) }
        StandardOutput.write(table.body)
    }
}

struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes",
        abstract: "List the themes: what --theme, AZIMUTH_THEME and azimuth.yaml may name.",
        discussion: """
            Examples:
              azimuth themes
              azimuth replay postgresql-kill --theme daylight
            """
    )

    func run() throws {
        var table = TextTable([])
        for name in Setup.themeNames {
            let theme = try Setup.theme(named: name)
            table.add([name, theme.isDark ? "for a dark ground" : "for a light ground"])
        }
        StandardOutput.write(table.body)
    }
}
