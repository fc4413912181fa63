/// A colour in two depths: exact for terminals with 256 colours or more, and one of the 16.
///
/// Laid out as 8 bits of kind and ANSI number, then 24 bits of RGB; zero is the terminal's own.
package struct Color: Hashable, Sendable {
    package let rawValue: UInt32

    /// The terminal's own foreground or background.
    package static let terminal = Color(rawValue: 0)

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// - Parameters:
    ///   - rgb: `0xRRGGBB`.
    ///   - ansi: its stand-in among the 16 colours, 0 to 15.
    package init(rgb: UInt32, ansi: UInt8) {
        self.rawValue = 0x8000_0000 | UInt32(ansi & 0x0F) << 24 | (rgb & 0xFF_FFFF)
    }

    package var isTerminal: Bool { rawValue & 0x8000_0000 == 0 }
    /// `0xRRGGBB`; without meaning for the terminal's own.
    package var rgb: UInt32 { rawValue & 0xFF_FFFF }
    /// 0 to 15; without meaning for the terminal's own.
    package var ansi: UInt8 { UInt8(rawValue >> 24 & 0x0F) }
}

package struct Attributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let bold = Attributes(rawValue: 1)
    package static let dim = Attributes(rawValue: 2)
    package static let underline = Attributes(rawValue: 4)
    package static let reverse = Attributes(rawValue: 8)
}

package struct Style: Hashable, Sendable {
    package var foreground: Color
    package var background: Color
    package var attributes: Attributes

    package init(
        foreground: Color = .terminal,
        background: Color = .terminal,
        attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
}

/// One character cell: 16 bytes, so that rows compare as memory.
///
/// `glyph` is a Unicode scalar of column width 1 or 2; or 0 for the right half of the wide glyph
/// to the left; or `clusterFlag | index` into the canvas' clusters.
package struct Cell: Hashable, Sendable {
    package static let clusterFlag: UInt32 = 0x8000_0000

    package var glyph: UInt32
    package var foreground: Color
    package var background: Color
    package var attributes: Attributes
    private var unused: UInt16 = 0

    package init(glyph: UInt32 = 0x20, style: Style = Style()) {
        self.glyph = glyph
        self.foreground = style.foreground
        self.background = style.background
        self.attributes = style.attributes
    }

    package var isRightHalf: Bool { glyph == 0 }
}
