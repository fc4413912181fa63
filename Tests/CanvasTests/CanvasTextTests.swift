import Canvas
import Testing

@Suite("A canvas as text")
struct CanvasTextTests {
    @Test("trailing spaces are cut, rows end with a line end")
    func dump() {
        var canvas = Canvas(width: 6, height: 2)
        canvas.text("ab", x: 1, y: 0, style: Style())
        #expect(CanvasText.text(canvas) == " ab\n\n")
    }
}
