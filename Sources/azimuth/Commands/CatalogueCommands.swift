import ArgumentParser
import Canvas

struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes",
        abstract: "List the themes: what --theme, AZIMUTH_THEME and azimuth.yaml may name.",
        discussion: """
            Examples:
              azimuth themes
              azimuth replay SampleData/postgresql-kill --theme daylight
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
