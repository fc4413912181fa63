import Atlas
import Canvas
import Testing

@testable import Screens

@Suite("Text from outside")
struct HostileTextTests {
    static let texts = [
        "\u{1B}[2J\u{1B}[31mred\u{1B}]0;title\u{7}",
        String(decoding: [0x61, 0xFF, 0xC3, 0x28], as: UTF8.self),
        "\u{202E}gnirts\u{202C} \u{2066}iso\u{2069}", "👩\u{200D}👩\u{200D}👧 flag 🇯🇵 ❤\u{FE0F}",
        "東京のデータベースが落ちました、再起動しています", "a\tb\r\nc\u{0}d\u{85}e\u{9B}31m",
        "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", "\u{301}\u{20DD}lead",
        "\u{E0041}\u{E007F}tag",
        String(repeating: "wide 幅 ", count: 80),
    ]

    private func picture(_ text: String) -> Picture {
        var picture = SamplePicture.trouble()
        for index in picture.findings.indices {
            picture.findings[index].title = text
            picture.findings[index].detail = text
        }
        for index in picture.resources.indices { picture.resources[index].reason = text }
        for index in picture.links.indices { picture.links[index].reason = text }
        for index in picture.failovers.indices {
            for row in picture.failovers[index].evidence.indices {
                picture.failovers[index].evidence[row].text = text
                picture.failovers[index].evidence[row].subject = text
            }
            picture.failovers[index].lostWrites = LostWrites(state: .unknown, reason: text)
        }
        picture.estate.name = text
        return picture
    }

    @Test("no control or format character reaches a cell", arguments: texts, Screen.allCases)
    func harmless(text: String, screen: Screen) {
        let sample = Sample(screen, "", picture(text)) {
            $0.isEvidenceOpen = true
            $0.panes[.failover] = .evidence
            let rows = (1...40).map { number in
                var row = SampleLogs.row(UInt64(number), 0, text, .error, text)
                row.resource = number % 2 == 0 ? text : nil
                return row
            }
            SampleLogs.answer(&$0, picture(text), rows: rows)
            $0.logs.highlight = "e"
            $0.logs.isWrapped = text.utf8.count % 2 == 0
        }
        for (width, height) in [(120, 40), (80, 24), (41, 11)] {
            let canvas = sample.canvas(width, height)
            for cell in canvas.cells {
                let scalars = canvas.scalars(of: cell).compactMap(Unicode.Scalar.init)
                guard let base = scalars.first else { continue }
                #expect([1, 2].contains(TextWidth.columns(of: base)), "U+\(base.value)")
                #expect(scalars.dropFirst().allSatisfy { TextWidth.columns(of: $0) == 0 })
            }
        }
    }

    @Test("ages, rules and the middle line keep their columns", arguments: texts)
    func aligned(text: String) {
        let canvas = Sample(.overview, "", picture(text)).canvas(120, 40)
        let plain = Sample(.overview, "", SamplePicture.trouble()).canvas(120, 40)
        let column = (0..<120).first { plain[$0, 20].glyph == 0x2502 }
        guard let column else {
            Issue.record("no middle line")
            return
        }
        for y in 3..<37 { #expect(canvas[column, y].glyph == 0x2502, "row \(y)") }
        for y in 0..<40 { #expect(canvas[0, y].glyph == 0x20 && canvas[119, y].glyph == 0x20) }
        // The age stands beside a short title or below a long one, and always at the right end.
        for y in stride(from: 4, to: 16, by: 2) {
            let ends = [canvas[118, y].glyph, canvas[118, y + 1].glyph]
            #expect(ends.contains(plain[118, y].glyph) || ends.contains(plain[118, y + 1].glyph))
        }
    }
}
