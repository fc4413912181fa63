import Canvas
import Testing

@testable import Configure

@Suite("Theme files")
struct ThemeFileTests {
    private static let roles = ["text", "strong", "warn", "hit", "cursor"]

    private func load(_ text: String) throws(ConfigureError) -> ThemeFile {
        try ThemeFile.load(yaml: text, file: "theme.yaml", roles: Self.roles)
    }

    @Test("colours, attributes and the terminal's own")
    func reads() throws {
        let theme = try load(
            """
            name: meridian
            ground: dark
            palette:
              silver: {rgb: "#cfd4dc", ansi: 7}
              amber: {rgb: "#E6C34A", ansi: 11}
            roles:
              text: silver
              strong: bold
              warn: amber bold underline
              hit: silver on amber
              cursor: terminal on amber reverse dim
            heat: [silver, amber]
            """
        )
        let silver = Color(rgb: 0xCFD4DC, ansi: 7)
        let amber = Color(rgb: 0xE6C34A, ansi: 11)
        #expect(theme.name == "meridian")
        #expect(theme.isDark)
        #expect(
            theme.styles == [
                "text": Style(foreground: silver),
                "strong": Style(attributes: .bold),
                "warn": Style(foreground: amber, attributes: [.bold, .underline]),
                "hit": Style(foreground: silver, background: amber),
                "cursor": Style(background: amber, attributes: [.reverse, .dim]),
            ]
        )
        #expect(theme.heat == [silver, amber])
    }

    @Test("what is wrong in a theme is told")
    func mistakes() {
        let text = """
            name: x
            ground: black
            palette:
              silver: {rgb: cfd4d, ansi: 16}
              bold: {rgb: "#000000", ansi: 0}
              amber: {rgb: "#000000"}
            roles:
              text: silvr
              txet: silver
              warn: silver blink
              hit: silver on
            heat: [silver, red]
            """
        let problems = #expect(throws: ConfigureError.self) { try load(text) }?.problems ?? []
        #expect(
            told(problems) == [
                "2:9 'ground' of the theme is 'black' / use one of: dark, light",
                "4:17 'rgb' of colour 'silver' is 'cfd4d', which is no colour /"
                    + " write six hexadecimal digits: \"#cfd4dc\"",
                "4:30 'ansi' of colour 'silver' is '16' / write a number from 0 to 15",
                "5:3 colour 'bold' has no name that a role can use /"
                    + " use letters, digits, '-' and '_', and none of the words of a role",
                "6:3 colour 'amber' has no 'ansi' / add ansi: 7",
                "8:9 role 'text': there is no colour 'silvr' / did you mean 'silver'?",
                "9:3 the theme: there is no role 'txet' / did you mean 'text'?",
                "12:16 'heat': there is no colour 'red' / use one of: terminal, silver, amber",
            ]
        )
    }
}
