import Canvas
import Testing

@Suite("Bars, lines and tables")
struct DrawTests {
    private func drawn(_ width: Int, _ height: Int = 1, _ draw: (inout Canvas) -> Void) -> String {
        var canvas = Canvas(width: width, height: height)
        draw(&canvas)
        return CanvasText.row(0, of: canvas)
    }

    private let styles = Sparkline.Styles(normal: Style(), past: Style(), zero: Style())

    @Test("a sparkline has eight levels, shows a little above nothing, and blanks the unknown")
    func sparkline() {
        let values: [Double?] = [0, 0.01, 2, 3, 4, 5, 6, 7, nil, 7]
        let line = drawn(10) {
            Sparkline(values, ceiling: 7).draw(into: &$0, x: 0, y: 0, width: 10, styles: styles)
        }
        #expect(line == "▁▂▃▄▅▆▇█ █")
    }

    @Test("a sparkline shows the newest, at the right end")
    func newest() {
        let line = drawn(6) {
            Sparkline([9, 1, 9]).draw(into: &$0, x: 0, y: 0, width: 2, styles: styles)
        }
        #expect(line == "▂▇")
        let padded = drawn(6) {
            Sparkline([1]).draw(into: &$0, x: 0, y: 0, width: 4, styles: styles)
        }
        #expect(padded == "   ▇")
    }

    @Test("only what is past the threshold changes its colour")
    func threshold() {
        let past = Style(foreground: Color(rgb: 1, ansi: 1))
        var canvas = Canvas(width: 3, height: 1)
        Sparkline([1, 2, 3], threshold: 2).draw(
            into: &canvas,
            x: 0,
            y: 0,
            width: 3,
            styles: Sparkline.Styles(normal: Style(), past: past, zero: Style())
        )
        #expect(
            (0..<3).map { canvas[$0, 0].foreground == past.foreground } == [false, false, true]
        )
    }

    @Test("groups keep their content while time passes, and keep the worst", arguments: 1...9)
    func groups(size: Int) {
        let all: [Double?] = (0..<60).map { Double($0 * 31 % 17) }
        func groups(until end: Int) -> [Double?] {
            Sparkline.grouped(Array(all[10..<end]), by: size, phase: 10)
        }
        for end in 30..<59 {
            let before = groups(until: end).dropLast()
            let after = groups(until: end + 1)
            #expect(Array(after.prefix(before.count)) == Array(before))
            #expect(after.compactMap { $0 }.max() == all[10...end].compactMap { $0 }.max())
        }
    }

    @Test(
        "a gauge shows some for a little, and all only for all",
        arguments: [(0.0, 0), (0.001, 1), (0.5, 5), (0.999, 9), (1.0, 10), (1.47, 10), (-1, 0)]
    )
    func gauge(part: Double, filled: Int) {
        let line = drawn(10) {
            Gauge(part).draw(into: &$0, x: 0, y: 0, width: 10, line: Style(), track: Style())
        }
        let track = String(repeating: "─", count: 10 - filled)
        #expect(line == String(repeating: "━", count: filled) + track)
    }

    @Test("a braille line goes from corner to corner, without gaps")
    func braille() {
        var braille = Braille(width: 2, height: 1)
        braille.plot([0, 1, 2, 3], full: 3)
        #expect(drawn(2) { braille.draw(into: &$0, x: 0, y: 0, style: Style()) } == "⣠⠞")
    }

    @Test("a table drops the cheapest columns first and lets the others grow")
    func table() {
        let columns = [
            TableColumn("name", width: 6, growth: 4),
            TableColumn("kind", width: 5, rank: 2),
            TableColumn("lag", width: 4, side: .right, rank: 1),
        ]
        #expect(Table(columns, x: 1, width: 19).places == [1..<7, 9..<14, 16..<20])
        #expect(Table(columns, x: 1, width: 25).places == [1..<11, 13..<18, 20..<24])
        #expect(Table(columns, x: 1, width: 18).places == [1..<11, nil, 13..<17])
        #expect(Table(columns, x: 1, width: 9).places == [1..<10, nil, nil])
        #expect(Table(columns, x: 1, width: 3).places == [1..<4, nil, nil])
        let line = drawn(30) {
            let table = Table(columns, x: 1, width: 19)
            table.cell(0, "longer name", y: 0, style: Style(), into: &$0)
            table.cell(2, "9 s", y: 0, style: Style(), into: &$0)
        }
        #expect(line == " longe…          9 s")
    }

    @Test("a rule gives up its note, then its line, then the end of its title")
    func rule() {
        func rule(_ width: Int) -> String {
            drawn(30) {
                let rect = Rect(x: 0, y: 0, width: width, height: 1)
                Rule("Health", note: "all").draw(into: &$0, rect, theme: .builtIn)
            }
        }
        #expect(rule(16) == "Health ───── all")
        #expect(rule(12) == "Health ─────")
        #expect(rule(4) == "Hea…")
    }
}
