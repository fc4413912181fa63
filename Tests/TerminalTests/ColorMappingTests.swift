import Canvas
import Terminal
import Testing

@Suite("Colours of a theme on a terminal")
struct ColorMappingTests {
    @Test("the terminal's own colour is its own everywhere")
    func own() {
        for mode in [ColorMode.mono, .ansi8, .ansi16, .indexed256, .direct] {
            #expect(ColorMapping.number(of: .terminal, in: mode) == -1)
        }
    }

    @Test("with few colours the theme's stand-in is taken")
    func few() {
        let color = Color(rgb: 0xFF_6B5E, ansi: 9)
        #expect(ColorMapping.number(of: color, in: .ansi16) == 9)
        #expect(ColorMapping.number(of: color, in: .ansi8) == 1)
        #expect(ColorMapping.needsBold(color, in: .ansi8))
        #expect(!ColorMapping.needsBold(color, in: .ansi16))
        #expect(ColorMapping.number(of: color, in: .mono) == -1)
    }

    @Test("true colour keeps clear of the palette's numbers")
    func direct() {
        #expect(ColorMapping.number(of: Color(rgb: 0x5F_B3E6, ansi: 12), in: .direct) == 0x5F_B3E6)
        #expect(ColorMapping.number(of: Color(rgb: 3, ansi: 0), in: .direct) == 8)
    }

    @Test("every colour of the cube and every gray is its own nearest")
    func exact() {
        let levels: [UInt32] = [0, 0x5F, 0x87, 0xAF, 0xD7, 0xFF]
        for number in 16..<232 {
            let index = number - 16
            let rgb = levels[index / 36] << 16 | levels[index / 6 % 6] << 8 | levels[index % 6]
            // Dark grays of the cube are in the ramp as well, or next to it.
            let isDarkGray = index % 43 == 0 && rgb & 0xFF < 0x80
            if !isDarkGray { #expect(ColorMapping.nearest256(rgb) == Int32(number)) }
        }
        for step in UInt32(0)..<24 {
            let gray = 8 + 10 * step
            let rgb = gray << 16 | gray << 8 | gray
            #expect(ColorMapping.nearest256(rgb) == Int32(232 + step))
        }
    }

    @Test(
        "a dark colour of little saturation stays gray",
        arguments: [0x4A_5058, 0x2B_3038, 0x1B_1E24, 0x3C_4048, 0x50_4A58] as [UInt32]
    )
    func darkGrays(rgb: UInt32) {
        #expect(ColorMapping.nearest256(rgb) >= 232)
    }

    @Test(
        "a colour with a hue keeps it",
        arguments: [
            (0xFF_6B5E as UInt32, 203 as Int32), (0x5F_B3E6, 74), (0x6F_B28A, 72), (0xE6_C34A, 185),
            (0x50_0000, 52),
        ]
    )
    func hues(rgb: UInt32, number: Int32) {
        #expect(ColorMapping.nearest256(rgb) == number)
    }
}
