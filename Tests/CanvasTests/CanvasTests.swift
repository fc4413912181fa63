import Canvas
import Testing

@Suite("Drawing into the grid")
struct CanvasTests {
    private func drawn(_ width: Int, _ draw: (inout Canvas) -> Void) -> String {
        var canvas = Canvas(width: width, height: 1)
        draw(&canvas)
        expectWhole(canvas)
        return CanvasText.row(0, of: canvas)
    }

    /// Every right half has its wide glyph before it, and every wide glyph its right half.
    private func expectWhole(_ canvas: Canvas) {
        for y in 0..<canvas.height {
            for x in 0..<canvas.width {
                let cell = canvas[x, y]
                let columns = canvas.scalars(of: cell).first.flatMap(Unicode.Scalar.init)
                    .flatMap(TextWidth.columns(of:))
                if cell.isRightHalf {
                    #expect(x > 0 && !canvas[x - 1, y].isRightHalf)
                } else if columns == 2 {
                    #expect(x + 1 < canvas.width && canvas[x + 1, y].isRightHalf)
                }
            }
        }
    }

    @Test("a wide glyph that the edge would cut becomes a space")
    func edge() {
        #expect(drawn(3) { $0.text("a日b", x: 1, y: 0, style: Style()) } == " a")
        #expect(drawn(4) { $0.text("a日b", x: 1, y: 0, style: Style()) } == " a日")
        #expect(drawn(4) { $0.text("日b", x: -1, y: 0, style: Style()) } == " b")
    }

    @Test("writing over one half of a wide glyph blanks the other")
    func halves() {
        let wide: (inout Canvas) -> Void = { $0.text("日本", x: 0, y: 0, style: Style()) }
        #expect(
            drawn(4) {
                wide(&$0)
                $0.text("x", x: 0, y: 0, style: Style())
            } == "x 本"
        )
        #expect(
            drawn(4) {
                wide(&$0)
                $0.text("x", x: 1, y: 0, style: Style())
            } == " x本"
        )
        #expect(
            drawn(4) {
                wide(&$0)
                $0.text("語", x: 1, y: 0, style: Style())
            } == " 語"
        )
    }

    @Test("any text at any place leaves every wide glyph whole")
    func anything() {
        let texts = ["日本語", "abc", "e\u{301}日", "▌●", "\u{202E}한", "🙂🙂"]
        var canvas = Canvas(width: 9, height: 1)
        for (step, text) in (0..<200).map({ ($0, texts[$0 * 7 % texts.count]) }) {
            canvas.text(text, x: step * 5 % 13 - 2, y: 0, style: Style())
            expectWhole(canvas)
        }
    }

    @Test("a limit cuts with an ellipsis, also to the right")
    func limits() {
        #expect(drawn(10) { $0.text("abcdef", x: 0, y: 0, style: Style(), limit: 4) } == "abc…")
        #expect(drawn(10) { $0.text("abcdef", endingAt: 9, y: 0, style: Style()) } == "   abcdef")
        #expect(
            drawn(10) { $0.text("abcdef", endingAt: 9, y: 0, style: Style(), limit: 3) }
                == "      ab…"
        )
    }

    @Test("a ground changes backgrounds and adds its attributes")
    func ground() {
        var canvas = Canvas(width: 2, height: 1)
        canvas.text("a", x: 0, y: 0, style: Style(attributes: .bold))
        let blue = Color(rgb: 0x0000FF, ansi: 4)
        canvas.lay(
            Style(background: blue, attributes: .reverse),
            under: Rect(x: 0, y: 0, width: 9, height: 9)
        )
        #expect(canvas[0, 0].attributes == [.bold, .reverse])
        #expect(canvas[1, 0].background == blue)
    }

    @Test("a cell takes 16 bytes")
    func stride() {
        #expect(MemoryLayout<Cell>.stride == 16)
    }
}
