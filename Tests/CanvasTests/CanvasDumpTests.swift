import Canvas
import Testing

@Suite("A canvas as text and as a picture")
struct CanvasDumpTests {
    @Test("trailing spaces are cut, rows end with a line end")
    func text() {
        var canvas = Canvas(width: 6, height: 2)
        canvas.text("ab", x: 1, y: 0, style: Style())
        #expect(CanvasText.text(canvas) == " ab\n\n")
    }

    @Test("the style map has a letter for each role, and a space where nothing is")
    func styles() {
        var canvas = Canvas(width: 5, height: 1, style: Theme.builtIn[.text])
        canvas.put(0x25CF, columns: 1, x: 0, y: 0, style: Theme.builtIn[.ok])
        canvas.text("x", x: 2, y: 0, style: Theme.builtIn[.text])
        #expect(CanvasText.styles(canvas, theme: .builtIn) == "o a\n")
    }

    @Test("a picture escapes text, draws bars as shapes, and names every colour it uses")
    func picture() {
        var canvas = Canvas(width: 12, height: 1, style: Theme.builtIn[.text])
        canvas.text("a<b&\"", x: 0, y: 0, style: Theme.builtIn[.strong])
        canvas.run("━", x: 6, y: 0, count: 3, style: Theme.builtIn[.down])
        let picture = CanvasSVG.picture(of: canvas)
        #expect(picture.contains("a&lt;b&amp;&quot;"))
        #expect(picture.contains("width=\"27\" height=\"4\" fill=\"#ff6b5e\""))
        #expect(picture.contains("fill=\"#14171c\""))
        #expect(!picture.contains("━"))
    }

    @Test("an empty canvas is an empty picture")
    func empty() {
        #expect(CanvasText.text(Canvas(width: 0, height: 0)) == "")
        #expect(CanvasSVG.picture(of: Canvas(width: 0, height: 0)).contains("width=\"20\""))
    }
}
