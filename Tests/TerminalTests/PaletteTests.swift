import Canvas
import Terminal
import Testing

@Suite("Colour pairs")
struct PaletteTests {
    @Test("are given out once each, from 1 on, up to the limit")
    func table() {
        var table = PairTable(limit: 2)
        #expect(table.lookUp(foreground: -1, background: -1) == .known(0))
        #expect(table.lookUp(foreground: 1, background: -1) == .new(1))
        #expect(table.lookUp(foreground: -1, background: 1) == .new(2))
        #expect(table.lookUp(foreground: 1, background: -1) == .known(1))
        #expect(table.lookUp(foreground: 2, background: 2) == .full)
        #expect(table.lookUp(foreground: -1, background: 1) == .known(2))
        table.removeAll()
        #expect(table.lookUp(foreground: 2, background: 2) == .new(1))
    }

    @Test("a terminal without pairs has none to give")
    func none() {
        var table = PairTable(limit: -1)
        #expect(table.lookUp(foreground: 1, background: 2) == .full)
    }

    @Test("a palette never holds more than its bound, however many colours there are")
    func bound() {
        var palette = Palette(mode: .direct, pairs: 65536)
        var defined = 0
        var refused = 0
        for rgb in UInt32(0)..<10_000 {
            let color = Color(rgb: rgb * 16 + 8, ansi: 7)
            let ink = palette.ink(foreground: color, background: .terminal) { number, _, _ in
                defined += 1
                #expect(number <= Palette.pairLimit)
            }
            if ink == nil { refused += 1 }
            #expect(palette.pairCount <= Palette.pairLimit)
        }
        #expect(defined == Palette.pairLimit)
        #expect(refused == 10_000 - Palette.pairLimit)
    }

    @Test("colours that look the same share a pair")
    func shared() {
        var palette = Palette(mode: .ansi8, pairs: 64)
        let red = palette.ink(foreground: Color(rgb: 0xCC_0000, ansi: 1), background: .terminal) {
            #expect(($0, $1, $2) == (1, 1, -1))
        }
        let bright = palette.ink(foreground: Color(rgb: 0xFF_0000, ansi: 9), background: .terminal)
        {
            _,
            _,
            _ in Issue.record("a second pair")
        }
        #expect(red == Palette.Ink(pair: 1, bold: false))
        #expect(bright == Palette.Ink(pair: 1, bold: true))
    }

    @Test("without colours there are no pairs")
    func mono() {
        var palette = Palette(mode: .mono, pairs: 1)
        let color = Color(rgb: 0xFF_0000, ansi: 9)
        let ink = palette.ink(foreground: color, background: color) { _, _, _ in
            Issue.record("a pair was defined")
        }
        #expect(ink == Palette.Ink(pair: 0, bold: false))
    }
}
