import Canvas
import Terminal
import Testing

@Suite("The ink of spaces")
struct CalmBlanksTests {
    private static let ground = Color(rgb: 0x101010, ansi: 0)
    private static let raised = Color(rgb: 0x303030, ansi: 8)
    private static let dim = Style(foreground: Color(rgb: 0x888888, ansi: 7), background: ground)
    private static let bold = Style(
        foreground: Color(rgb: 0xFFFFFF, ansi: 15),
        background: ground,
        attributes: .bold
    )

    /// A row with its texts at their columns.
    private func row(_ texts: (Int, String, Style)..., fill: Style = Style(background: ground))
        -> Canvas
    {
        var canvas = Canvas(width: 20, height: 1, style: fill)
        for (x, text, style) in texts { canvas.text(text, x: x, y: 0, style: style) }
        return canvas
    }

    /// How often a terminal is told another style, from left to right.
    private func changes(_ canvas: Canvas) -> Int {
        (1..<canvas.width).count { x in
            let (left, right) = (canvas[x - 1, 0], canvas[x, 0])
            return left.foreground != right.foreground || left.background != right.background
                || left.attributes != right.attributes
        }
    }

    @Test("is that of the glyph before them, and else of the one behind")
    func neighbours() {
        let loud = row((3, "ab", Self.dim), (8, "cd", Self.bold))
        #expect(changes(loud) == 4)
        let calm = loud.withCalmBlanks()
        #expect(changes(calm) == 1)
        #expect(calm[0, 0].foreground == Self.dim.foreground)
        #expect(calm[7, 0].foreground == Self.dim.foreground)
        #expect(calm[19, 0].attributes == .bold)
    }

    @Test("never changes what is seen")
    func sameToTheEye() {
        let other = Style(foreground: Self.dim.foreground, background: Self.raised)
        let loud = row((0, "a", Self.dim), (1, "  b ", other), (9, "東", Self.bold))
        let calm = loud.withCalmBlanks()
        for x in 0..<loud.width {
            #expect(calm[x, 0].glyph == loud[x, 0].glyph)
            #expect(calm[x, 0].background == loud[x, 0].background)
            if loud[x, 0].glyph != 0x20 { #expect(calm[x, 0] == loud[x, 0]) }
        }
    }

    @Test("stays where a space is underlined or reversed, and is taken from no such glyph")
    func underlined() {
        var reversed = Self.bold
        reversed.attributes = .reverse
        var underlined = Self.dim
        underlined.attributes = .underline
        let loud = row((2, "x x", reversed), (8, "   ", underlined))
        #expect(loud.withCalmBlanks().cells == loud.cells)
    }

    @Test("is one and the same over an empty row, and nothing is there in an empty canvas")
    func empty() {
        var loud = row()
        loud.restyle(x: 4, y: 0) { $0.foreground = Self.dim.foreground }
        #expect(changes(loud.withCalmBlanks()) == 0)
        #expect(Canvas(width: 0, height: 3).withCalmBlanks().cells.isEmpty)
    }
}
