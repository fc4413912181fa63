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
              silver: '#cfd4dc'
              amber: '#E6C34A'
              deep: '#2f6f8f'
            roles:
              text: {fg: silver, ansi: 7}
              strong: {bold: true, dim: false}
              warn: {fg: amber, ansi: 11, bold: true, underline: true}
              hit: {fg: silver, bg: amber, ansi: 7, ansi-bg: 3}
              cursor: {bg: amber, ansi-bg: 11, reverse: true}
            heat: [deep, {fg: deep, ansi: 4}, amber]
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
                "hit": Style(foreground: silver, background: Color(rgb: 0xE6C34A, ansi: 3)),
                "cursor": Style(background: amber, attributes: .reverse),
            ]
        )
        #expect(
            theme.heat == [Color(rgb: 0x2F6F8F, ansi: 8), Color(rgb: 0x2F6F8F, ansi: 4), amber]
        )
    }

    @Test("what is wrong in a theme is told")
    func mistakes() {
        let text = """
            name: x
            ground: black
            palette:
              silver: cfd4d
              amber: #e6c34a
            roles:
              text: {fg: silvr, ansi: 16}
              txet: {fg: silver, ansi: 7}
              warn: {fg: silver, bold: yes}
              hit: {ansi-bg: 3, blink: true}
            heat: [silver, red]
            """
        let problems = #expect(throws: ConfigureError.self) { try load(text) }?.problems ?? []
        #expect(
            told(problems) == [
                "2:9 'ground' of the theme is 'black' / use one of: dark, light",
                "4:11 colour 'silver' is 'cfd4d', which is no colour /"
                    + " write six hexadecimal digits: '#cfd4dc'",
                "5:9 colour 'amber' is empty / put it in quotes: # begins a comment",
                "7:14 'fg' of role 'text': there is no colour 'silvr' / did you mean 'silver'?",
                "7:27 'ansi' of role 'text' is '16' / write a number from 0 to 15",
                "8:3 the theme: there is no role 'txet' / did you mean 'text'?",
                "9:3 role 'warn' has no 'ansi' / add ansi: 7",
                "9:28 'bold' of role 'warn' is 'yes' / write true or false",
                "10:3 role 'hit' has no 'bg' / add bg: silver",
                "10:21 unknown key 'blink' in role 'hit' /"
                    + " use one of: fg, bg, ansi, ansi-bg, bold, dim, underline, reverse",
                "11:16 'heat': there is no colour 'red' / use one of: silver, amber",
            ]
        )
    }
}
