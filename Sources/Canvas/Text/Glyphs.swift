/// A text as glyphs that are harmless on a terminal; the only way from a `String` into a canvas.
///
/// Control characters become pictures (U+2400…) or `?`, a tab a space; format and bidi controls,
/// joiners, variation selectors and tags are dropped; what is unassigned, and a mark without a
/// base, becomes U+FFFD; marks past the fourth are dropped.
package struct Glyphs: Sequence, IteratorProtocol {
    package static let mostMarks = 4

    /// One thing to put into a cell (or two): a base scalar and up to four marks.
    package struct Glyph: Hashable, Sendable {
        package var base: UInt32
        package var marks: [UInt32]
        /// 1 or 2.
        package var columns: Int

        package var scalars: [UInt32] { [base] + marks }
    }

    private var scalars: String.UnicodeScalarView.Iterator
    private var pending: Glyph?

    package init(_ text: String) {
        scalars = text.unicodeScalars.makeIterator()
        pending = take()
    }

    package mutating func next() -> Glyph? {
        guard var glyph = pending else { return nil }
        pending = nil
        while let scalar = scalars.next() {
            if scalar.value < 0x300 || WidthClass(scalar) != .mark {
                guard let found = Self.glyph(for: scalar) else { continue }
                pending = found
                break
            }
            if glyph.marks.count < Self.mostMarks { glyph.marks.append(scalar.value) }
        }
        return glyph
    }

    private mutating func take() -> Glyph? {
        while let scalar = scalars.next() {
            if let glyph = Self.glyph(for: scalar) { return glyph }
        }
        return nil
    }

    private static func glyph(for scalar: Unicode.Scalar) -> Glyph? {
        switch WidthClass(scalar) {
        case .narrow: Glyph(base: scalar.value, marks: [], columns: 1)
        case .wide: Glyph(base: scalar.value, marks: [], columns: 2)
        case .mark, .absent: Glyph(base: 0xFFFD, marks: [], columns: 1)
        case .dropped: nil
        case .control: Glyph(base: picture(of: scalar.value), marks: [], columns: 1)
        }
    }

    private static func picture(of control: UInt32) -> UInt32 {
        switch control {
        case 0x09: 0x20
        case 0..<0x20: 0x2400 + control
        case 0x7F: 0x2421
        case 0x2028, 0x2029: 0x2424
        default: 0x3F
        }
    }
}
