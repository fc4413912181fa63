internal import Canvas

/// What of a cell may reach the terminal: the last gate, whatever a canvas holds.
///
/// A canvas has its own table of widths; the C library, which ncurses asks, may know another
/// version of Unicode. Where the two disagree a stand-in of the right width is shown, so that no
/// row shifts. Control characters never pass.
package struct GlyphFilter: Sendable {
    private let asciiOnly: Bool
    private let columnWidth: @Sendable (UInt32) -> Int
    private let standIn: UInt32

    /// - Parameters:
    ///   - asciiOnly: fold everything to ASCII.
    ///   - columnWidth: as wcwidth(3).
    package init(asciiOnly: Bool, columnWidth: @escaping @Sendable (UInt32) -> Int) {
        self.asciiOnly = asciiOnly
        self.columnWidth = columnWidth
        self.standIn = asciiOnly || columnWidth(0xFFFD) != 1 ? 0x3F : 0xFFFD
    }

    /// What to show for a cell: one glyph of `columns` columns, or two of one column in its place.
    ///
    /// - Parameters:
    ///   - base: the scalar of the cell.
    ///   - marks: what stands on it.
    ///   - columns: 1 or 2, as the canvas has it.
    ///   - output: takes the glyphs from left to right.
    package func glyphs(
        for base: UInt32,
        marks: ArraySlice<UInt32> = [],
        columns: Int,
        _ output: (Glyph) -> Void
    ) {
        if columns == 1, 0x20...0x7E ~= base, marks.isEmpty {
            output(Glyph(base))
        } else if columns == 1, asciiOnly {
            output(Glyph(folded(base)))
        } else if asciiOnly || !isShowable(base, columns: columns) {
            for _ in 0..<columns {
                output(Glyph(standIn))
            }
        } else {
            var glyph = Glyph(base)
            for mark in marks where isMark(mark) {
                glyph.append(mark)
            }
            output(glyph)
        }
    }

    private func isShowable(_ scalar: UInt32, columns: Int) -> Bool {
        if scalar < 0x7F { return scalar >= 0x20 && columns == 1 }
        return scalar >= 0xA0 && Unicode.Scalar(scalar) != nil && columnWidth(scalar) == columns
            && !Self.isInvisible(scalar)
    }

    private func isMark(_ scalar: UInt32) -> Bool {
        scalar >= 0x300 && Unicode.Scalar(scalar) != nil && columnWidth(scalar) == 0
            && !Self.isInvisible(scalar)
    }

    private func folded(_ scalar: UInt32) -> UInt32 {
        let shown = AsciiFold.twin(of: scalar).value
        return 0x20...0x7E ~= shown ? shown : standIn
    }

    /// Joiners, direction controls, variation selectors and tags: they change what stands around
    /// them, and terminals disagree how.
    private static func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xAD, 0x61C, 0x180B...0x180F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
            0xFE00...0xFE0F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
            true
        default:
            false
        }
    }
}

/// The scalars of one character for ncurses, without an allocation.
package struct Glyph: Equatable, Sendable {
    package private(set) var scalars: (UInt32, UInt32, UInt32, UInt32, UInt32)
    package private(set) var count: Int

    package init(_ base: UInt32) {
        scalars = (base, 0, 0, 0, 0)
        count = 1
    }

    /// Does nothing when the glyph is full.
    package mutating func append(_ mark: UInt32) {
        switch count {
        case 1: scalars.1 = mark
        case 2: scalars.2 = mark
        case 3: scalars.3 = mark
        case 4: scalars.4 = mark
        default: return
        }
        count += 1
    }

    package static func == (left: Glyph, right: Glyph) -> Bool {
        left.count == right.count && left.scalars == right.scalars
    }
}
