import Canvas
import Foundation
import Testing

@testable import Screens

@Suite("The themes that are shipped")
struct ThemeFileTests {
    static let names = ["meridian", "daylight", "mono"]

    @Test("each file names every role, and nothing else", arguments: names)
    func complete(name: String) {
        let file = ThemeFile(name)
        #expect(file.name == name)
        #expect(["dark", "light"].contains(file.ground))
        #expect(Set(file.roles.keys) == Set(Role.allCases.map(\.rawValue)))
        for (role, fields) in file.roles {
            #expect((fields["fg"] == nil) == (fields["ansi"] == nil), "\(role)")
            #expect((fields["bg"] == nil) == (fields["ansi-bg"] == nil), "\(role)")
            for colour in [fields["fg"], fields["bg"]].compactMap({ $0 }) {
                #expect(file.palette[colour] != nil, "\(role): \(colour)")
            }
        }
        #expect(file.heat.allSatisfy { $0["fg"].map { file.palette[$0] != nil } ?? false })
    }

    @Test("the built-in themes are those of the files")
    func builtIn() {
        for (file, theme) in [(ThemeFile("meridian"), Theme.builtIn), (ThemeFile("mono"), .mono)] {
            for role in Role.allCases { #expect(file.theme[role] == theme[role], "\(role)") }
            #expect(file.theme.isDark == theme.isDark && file.theme.name == theme.name)
        }
        #expect(ThemeFile("meridian").theme == Theme.builtIn)
        #expect(ThemeFile("mono").theme == Theme.mono)
    }

    @Test("what must be read has a contrast of 4.5 to 1", arguments: ["meridian", "daylight"])
    func contrast(name: String) {
        let theme = ThemeFile(name).theme
        for role in Role.readable {
            let style = theme[role]
            let contrast = Self.contrast(style.foreground.rgb, style.background.rgb)
            #expect(contrast >= 4.5, "\(role): \(contrast)")
        }
        for ground in [Role.raised, .cursor] {
            for role in [Role.text, .strong, .ok, .warn, .down, .moving, .maintenance] {
                let style = theme.style(role, on: ground)
                let contrast = Self.contrast(style.foreground.rgb, style.background.rgb)
                #expect(contrast >= 4.5, "\(role) on \(ground): \(contrast)")
            }
        }
        let faint = theme[.faint]
        #expect(Self.contrast(faint.foreground.rgb, faint.background.rgb) >= 3)
    }

    @Test(
        "colour says a state only beside a sign: state colours differ all the same",
        arguments: ["meridian", "daylight"]
    )
    func different(name: String) {
        let theme = ThemeFile(name).theme
        let states: [Role] = [.ok, .warn, .down, .moving, .maintenance, .noData]
        #expect(Set(states.map { theme[$0].foreground }).count == states.count)
        #expect(Set(states.map { theme[$0].foreground.ansi }).count == states.count)
    }

    @Test("a theme that leaves roles out looks as meridian, on its own ground")
    func partial() {
        let ground = Color(rgb: 0x00_2B36, ansi: 0)
        let ink = Style(foreground: Color(rgb: 0xFF_FFFF, ansi: 15), background: ground)
        let theme = Theme(name: "mine", isDark: true, styles: [.text: ink], heat: [])
        #expect(theme[.warn].foreground == Theme.builtIn[.warn].foreground)
        #expect(theme[.warn].background == ground)
        #expect(theme.heat(0) == theme.heat(1))
    }

    /// WCAG 2.1, "relative luminance" and "contrast ratio".
    static func contrast(_ left: UInt32, _ right: UInt32) -> Double {
        func luminance(_ rgb: UInt32) -> Double {
            func part(_ shift: UInt32) -> Double {
                let value = Double(rgb >> shift & 0xFF) / 255
                return value <= 0.03928 ? value / 12.92 : power((value + 0.055) / 1.055)
            }
            return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
        }
        let (a, b) = (luminance(left), luminance(right))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    private static func power(_ value: Double) -> Double { Foundation.pow(value, 2.4) }
}
