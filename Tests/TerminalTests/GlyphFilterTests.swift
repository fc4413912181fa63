import Terminal
import Testing

@Suite("What may reach the terminal")
struct GlyphFilterTests {
    /// As wcwidth(3) of glibc 2.36 has it, for the scalars used here.
    private static func width(_ scalar: UInt32) -> Int {
        switch scalar {
        case 0x20...0x7E, 0xA1...0x2FF, 0x370...0x10FF, 0x2190...0x28FF, 0xFFFD: 1
        case 0x300...0x36F, 0x200B...0x200F, 0x202A...0x202E, 0xFE0F: 0
        case 0x3041...0x9FFF: 2
        default: -1
        }
    }

    private func shown(
        _ base: UInt32,
        marks: [UInt32] = [],
        columns: Int = 1,
        ascii: Bool = false
    ) -> [Glyph] {
        let filter = GlyphFilter(asciiOnly: ascii, columnWidth: Self.width)
        var glyphs: [Glyph] = []
        filter.glyphs(for: base, marks: marks[...], columns: columns) { glyphs.append($0) }
        return glyphs
    }

    @Test("what the C library agrees with passes")
    func passes() {
        #expect(shown(0x41) == [Glyph(0x41)])
        #expect(shown(0x2502) == [Glyph(0x2502)])
        #expect(shown(0x6771, columns: 2) == [Glyph(0x6771)])
    }

    @Test(
        "control characters, direction controls and what is no scalar never pass",
        arguments: [0x00, 0x07, 0x0A, 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F, 0xAD, 0x200D, 0x202E]
            + [0xD800, 0xDFFF, 0x11_0000, 0x7FFF_FFFF] as [UInt32]
    )
    func refused(scalar: UInt32) {
        #expect(shown(scalar) == [Glyph(0xFFFD)])
        #expect(shown(scalar, columns: 2) == [Glyph(0xFFFD), Glyph(0xFFFD)])
        #expect(shown(scalar, ascii: true).allSatisfy { 0x20...0x7E ~= $0.scalars.0 })
    }

    @Test("a width that the C library has otherwise becomes a stand-in of the canvas' width")
    func disagreement() {
        #expect(shown(0x6771, columns: 1) == [Glyph(0xFFFD)])
        #expect(shown(0x2502, columns: 2) == [Glyph(0xFFFD), Glyph(0xFFFD)])
        #expect(shown(0x41, columns: 2) == [Glyph(0xFFFD), Glyph(0xFFFD)])
        #expect(shown(0x1_FAE8, columns: 2) == [Glyph(0xFFFD), Glyph(0xFFFD)])
        #expect(shown(0x301) == [Glyph(0xFFFD)])
    }

    @Test("marks pass up to four, and nothing else rides on them")
    func marks() {
        var accented = Glyph(0x65)
        accented.append(0x301)
        #expect(shown(0x65, marks: [0x301, 0xFE0F, 0x1B, 0x41, 0x200D]) == [accented])
        #expect(shown(0x65, marks: Array(repeating: 0x301, count: 9)).first?.count == 5)
        #expect(shown(0x65, marks: [0x301], ascii: true) == [Glyph(0x65)])
    }

    @Test("in ASCII everything is ASCII and keeps its columns")
    func ascii() {
        for scalar in UInt32(0)..<0x1_1000 {
            for columns in 1...2 {
                let glyphs = shown(scalar, columns: columns, ascii: true)
                #expect(glyphs.count == columns)
                #expect(glyphs.allSatisfy { 0x20...0x7E ~= $0.scalars.0 && $0.count == 1 })
            }
        }
        #expect(shown(0x2500, ascii: true) == [Glyph(0x2D)])
    }
}
