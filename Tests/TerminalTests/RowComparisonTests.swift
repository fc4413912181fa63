import Canvas
import Terminal
import Testing

@Suite("What of a row is drawn again")
struct RowComparisonTests {
    private func row(_ text: String, width: Int = 12) -> Canvas {
        var canvas = Canvas(width: width, height: 2)
        var x = 0
        for scalar in text.unicodeScalars {
            let columns = scalar.value > 0x3000 ? 2 : 1
            canvas.put(scalar.value, columns: columns, x: x, y: 1, style: Style())
            x += columns
        }
        return canvas
    }

    private func changed(_ old: String, _ new: String) -> Range<Int>? {
        RowComparison.changedColumns(1, from: row(old), to: row(new))
    }

    @Test("nothing, where nothing changed")
    func equal() {
        #expect(changed("abc", "abc") == nil)
        #expect(RowComparison.changedColumns(0, from: row("abc"), to: row("xyz")) == nil)
        #expect(
            RowComparison.changedColumns(0, from: row("", width: 0), to: row("", width: 0)) == nil
        )
    }

    @Test("from the first change to the last")
    func span() {
        #expect(changed("abcdef", "aXcdYf") == 1..<5)
        #expect(changed("", "           z") == 11..<12)
    }

    @Test("both halves of a wide glyph")
    func wide() {
        #expect(changed("a東b", "a京b") == 1..<3)
        #expect(changed("abcb", "a東b") == 1..<3)
        #expect(changed("a東b", "abcb") == 1..<3)
    }

    @Test("a style alone")
    func style() {
        let old = row("abc")
        var new = old
        new.restyle(x: 2, y: 1) { $0.attributes = .bold }
        #expect(RowComparison.changedColumns(1, from: old, to: new) == 2..<3)
    }

    @Test("clusters by what they are, not by their index")
    func clusters() {
        func canvas(_ clusters: [[UInt32]]) -> Canvas {
            var canvas = Canvas(width: 4, height: 2)
            for (x, scalars) in clusters.enumerated() {
                let glyph = canvas.cluster(scalars)
                canvas.put(glyph, columns: 1, x: x, y: 1, style: Style())
            }
            return canvas
        }
        let acute = canvas([[0x65, 0x301]])
        #expect(RowComparison.changedColumns(1, from: acute, to: acute) == nil)
        let grave = canvas([[0x65, 0x300]])
        #expect(RowComparison.changedColumns(1, from: acute, to: grave) == 0..<1)
    }
}
