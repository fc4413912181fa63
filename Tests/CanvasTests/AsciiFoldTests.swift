import Canvas
import Testing

@Suite("ASCII twins")
struct AsciiFoldTests {
    private func folded(_ text: String) -> String {
        var canvas = Canvas(width: 40, height: 1)
        canvas.text(text, x: 0, y: 0, style: Style())
        AsciiFold.fold(&canvas)
        return CanvasText.row(0, of: canvas)
    }

    @Test(
        "what screens draw has a twin, and no column moves",
        arguments: [
            ("● ▲ ✖ ↻ ■ ◌ ·", "o ! X ~ m ? -"), ("━━──│┃┼", "==--||+"), ("▁▂▃▄▅▆▇█", "_.:-=+*#"),
            ("▌a → b › c…", ">a > b > c."), ("≥9 ≤1 — ×", ">9 <1 - x"), ("日本x", "????x"),
            ("e\u{301}é", "e?"), ("⠀⠁⠇⣿", " .:#"), ("◆┃", "*|"), ("🙂|", "??|"), ("“a”", "\"a\""),
        ]
    )
    func twins(text: String, expected: String) {
        #expect(folded(text) == expected)
    }

    @Test("every scalar folds to printable ASCII")
    func total() {
        for value in UInt32(0x20)...0x2FFFF {
            #expect((0x20..<0x7F).contains(AsciiFold.twin(of: value).value))
        }
    }

    @Test("the states stay different")
    func states() {
        let twins = "●▲✖↻■◌·".unicodeScalars.map { AsciiFold.twin(of: $0.value) }
        #expect(Set(twins).count == twins.count)
    }
}
