import Canvas
import Testing

@Suite("Widths and harmless glyphs")
struct TextWidthTests {
    @Test(
        "a text takes the columns of the table",
        arguments: [
            ("", 0), ("plain", 5), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("ｱｲｳ", 3), ("Ａ", 2),
            ("│─█▁⣿", 5), ("● ▲ ✖ ↻ ■ ◌ ·", 13), ("→ › … — ≥ ━ ▌ ◆ ┃", 17), ("°①Ωж", 4),
            ("한국", 4), ("\u{1100}\u{1161}", 2), ("🙂", 2), ("\u{1FAE8}", 1), ("\u{378}", 1),
            ("\u{E000}", 1), ("a\tb", 3), ("\u{1B}[31m", 5), ("\u{85}\u{9B}", 2),
            ("\u{200B}\u{2066}\u{202E}\u{FEFF}", 0), ("a\u{FE0F}\u{200D}b", 2),
            ("\u{301}x", 2), ("\u{FFFD}", 1), ("\u{E0041}", 0), ("\r\n", 2), ("\u{AD}", 0),
        ]
    )
    func columns(text: String, expected: Int) {
        #expect(TextWidth.columns(of: text) == expected)
        var canvas = Canvas(width: 40, height: 1)
        #expect(canvas.text(text, x: 0, y: 0, style: Style()) == expected)
    }

    @Test("the canvas and glibc 2.36 agree on samples of every class")
    func scalars() {
        let table: [(Unicode.Scalar, Int?)] = [
            ("a", 1), ("\u{7F}", nil), ("\u{A0}", 1), ("\u{300}", 0), ("\u{200D}", nil),
            ("\u{3248}", 2), ("\u{4DC0}", 2), ("\u{D7B0}", 0), ("\u{1F600}", 2), ("\u{2E80}", 2),
            ("\u{2FFFE}", nil), ("\u{10FFFF}", nil), ("\u{20000}", 2), ("\u{2028}", nil),
        ]
        for (scalar, columns) in table {
            #expect(TextWidth.columns(of: scalar) == columns, "U+\(scalar.value)")
        }
    }

    @Test("controls become pictures, invisible controls vanish, the unknown is U+FFFD")
    func sanitised() {
        var canvas = Canvas(width: 20, height: 1)
        canvas.text(
            "\u{1B}]0;x\u{7}\u{7F}\u{9B}\u{202E}a\u{200D}\u{E0041}\t\u{378}",
            x: 0,
            y: 0,
            style: Style()
        )
        #expect(CanvasText.row(0, of: canvas) == "␛]0;x␇␡?a \u{FFFD}")
    }

    @Test("at most four marks join a base, and a mark without one is U+FFFD")
    func marks() {
        let glyphs = Array(Glyphs("\u{301}a" + String(repeating: "\u{301}", count: 9)))
        #expect(glyphs.map(\.base) == [0xFFFD, 0x61])
        #expect(glyphs[1].marks.count == Glyphs.mostMarks)
    }

    @Test("a cut text ends with an ellipsis and never takes more than it may")
    func cut() {
        #expect(TextWidth.cut("abcdef", to: 6) == "abcdef")
        #expect(TextWidth.cut("abcdef", to: 4) == "abc…")
        #expect(TextWidth.cut("日本語", to: 4) == "日…")
        #expect(TextWidth.cut("日本語", to: 5) == "日本…")
        #expect(TextWidth.cut("ab", to: 0) == "")
        for limit in 0...12 {
            #expect(TextWidth.columns(of: TextWidth.cut("a日\u{301}b本 cde", to: limit)) <= limit)
        }
    }

    @Test("cuts the beginning off where the end says more")
    func cutBeginning() {
        #expect(TextWidth.cutBeginning("abcdef", to: 6) == "abcdef")
        #expect(TextWidth.cutBeginning("abcdef", to: 4) == "…def")
        #expect(TextWidth.cutBeginning("日本語", to: 4) == "…語")
        #expect(TextWidth.cutBeginning("日本語", to: 5) == "…本語")
        #expect(TextWidth.cutBeginning("ab", to: 0) == "")
        for limit in 0...8 {
            let cut = TextWidth.cutBeginning("a日\u{301}b本 cde", to: limit)
            #expect(TextWidth.columns(of: cut) <= limit)
        }
    }

    @Test("wrapping breaks at spaces, and long words where it must", arguments: 1...12)
    func wrap(width: Int) {
        let lines = TextWidth.wrap("the 日本語日本語 quick unbreakable-word", to: width)
        #expect(lines.allSatisfy { TextWidth.columns(of: $0) <= max(2, width) && !$0.isEmpty })
        let joined = lines.joined().filter { $0 != " " }
        #expect(joined == "the日本語日本語quickunbreakable-word")
    }
}
