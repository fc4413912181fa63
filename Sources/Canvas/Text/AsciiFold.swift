/// ASCII twins of what screens draw, for terminals and locales without UTF-8.
package enum AsciiFold {
    /// Makes every cell ASCII; no column moves.
    package static func fold(_ canvas: inout Canvas) {
        for y in 0..<canvas.height {
            var x = 0
            while x < canvas.width {
                let cell = canvas[x, y]
                guard cell.glyph > 0x7E || cell.isRightHalf else {
                    x += 1
                    continue
                }
                let style = Style(
                    foreground: cell.foreground,
                    background: cell.background,
                    attributes: cell.attributes
                )
                let isWide = x + 1 < canvas.width && canvas[x + 1, y].isRightHalf
                let base = canvas.scalars(of: cell).first ?? 0x3F
                let twin: Unicode.Scalar = isWide ? "?" : self.twin(of: base)
                canvas.put(twin.value, columns: 1, x: x, y: y, style: style)
                if isWide { canvas.put(0x3F, columns: 1, x: x + 1, y: y, style: style) }
                x += isWide ? 2 : 1
            }
        }
    }

    /// The ASCII twin of a scalar of width 1; itself when it is ASCII, `?` when it has none.
    package static func twin(of scalar: UInt32) -> Unicode.Scalar {
        if scalar < 0x7F { return Unicode.Scalar(scalar) ?? "?" }
        if let twin = twins[scalar] { return twin }
        return switch scalar {
        case 0x2190...0x21FF: arrow(scalar)
        case 0x2500...0x257F: box(scalar)
        case 0x2581...0x2588: levels[Int(scalar - 0x2581)]
        case 0x2589...0x258F: "|"
        case 0x2580, 0x2590...0x259F: "#"
        case 0x2800...0x28FF: braille(scalar)
        default: "?"
        }
    }

    /// ▁ to █.
    private static let levels: [Unicode.Scalar] = ["_", ".", ":", "-", "=", "+", "*", "#"]

    private static let twins: [UInt32: Unicode.Scalar] = [
        // The states, each different from the others.
        0x25CF: "o", 0x25B2: "!", 0x2716: "X", 0x21BB: "~", 0x25A0: "m", 0x25CC: "?", 0xB7: "-",
        // Cursor bar, time cursor, punctuation.
        0x258C: ">", 0x258D: ">", 0x258E: ">", 0x25C6: "*", 0x25C7: "*", 0x203A: ">", 0x2039: "<",
        0x2026: ".", 0x2013: "-", 0x2014: "-", 0x2212: "-", 0xD7: "x", 0x2265: ">", 0x2264: "<",
        0x2248: "~", 0xA0: " ", 0x2018: "'", 0x2019: "'", 0x201C: "\"", 0x201D: "\"", 0xB5: "u",
        0x25B6: ">", 0x25BC: "v",
    ]

    private static func arrow(_ scalar: UInt32) -> Unicode.Scalar {
        switch scalar {
        case 0x2190: "<"
        case 0x2191: "^"
        case 0x2193: "v"
        default: ">"
        }
    }

    private static func box(_ scalar: UInt32) -> Unicode.Scalar {
        switch scalar {
        case 0x2500, 0x2504, 0x2508, 0x254C: "-"
        case 0x2501, 0x2505, 0x2509, 0x254D, 0x2550: "="
        case 0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2551: "|"
        case 0x2574, 0x2576: "-"
        case 0x2578, 0x257A: "="
        default: "+"
        }
    }

    private static func braille(_ scalar: UInt32) -> Unicode.Scalar {
        switch (scalar - 0x2800).nonzeroBitCount {
        case 0: " "
        case 1...2: "."
        case 3...4: ":"
        default: "#"
        }
    }
}
