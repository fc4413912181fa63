/// How a scalar takes part in a row of cells.
///
/// The raw values are those of `widthChanges`.
enum WidthClass: UInt32 {
    /// Joins the scalar before it.
    case mark
    case narrow
    case wide
    /// Unassigned, private use, a surrogate: nobody knows how a terminal shows it.
    case absent
    /// Format controls, bidi controls, joiners, variation selectors, tags: never shown.
    case dropped
    /// C0, C1, line and paragraph separators.
    case control

    init(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        if value < 0x300 {
            self =
                switch value {
                case 0x20..<0x7F, 0xA0..<0xAD, 0xAE...: .narrow
                case 0xAD: .dropped
                default: .control
                }
            return
        }
        var low = 0
        var high = widthChanges.count
        while low + 1 < high {
            let middle = (low + high) / 2
            if widthChanges[middle] >> 3 <= value { low = middle } else { high = middle }
        }
        self = WidthClass(rawValue: widthChanges[low] & 7) ?? .absent
    }
}

/// Widths in columns by one fixed table, so that a screen is the same on every machine.
package enum TextWidth {
    /// Columns that a text takes when drawn.
    package static func columns(of text: String) -> Int {
        var columns = 0
        for glyph in Glyphs(text) { columns += glyph.columns }
        return columns
    }

    /// 1 or 2 for what is shown as it is, 0 for a mark; nil for what the canvas never shows as it is.
    package static func columns(of scalar: Unicode.Scalar) -> Int? {
        switch WidthClass(scalar) {
        case .mark: 0
        case .narrow: 1
        case .wide: 2
        case .absent, .dropped, .control: nil
        }
    }

    /// The text cut to at most `limit` columns, with an ellipsis as its last one where it was cut.
    package static func cut(_ text: String, to limit: Int) -> String {
        guard columns(of: text) > limit else { return text }
        guard limit > 0 else { return "" }
        var kept = String.UnicodeScalarView()
        var used = 0
        for glyph in Glyphs(text) {
            guard used + glyph.columns <= limit - 1 else { break }
            kept.append(contentsOf: glyph.scalars.compactMap(Unicode.Scalar.init))
            used += glyph.columns
        }
        while kept.last == " " { kept.removeLast() }
        kept.append("…")
        return String(kept)
    }

    /// The text cut to at most `limit` columns at its beginning: of a path, its name stays.
    package static func cutBeginning(_ text: String, to limit: Int) -> String {
        var columns = columns(of: text)
        guard columns > limit else { return text }
        guard limit > 0 else { return "" }
        var kept = String.UnicodeScalarView("…".unicodeScalars)
        for glyph in Glyphs(text) {
            if columns < limit {
                kept.append(contentsOf: glyph.scalars.compactMap(Unicode.Scalar.init))
            } else {
                columns -= glyph.columns
            }
        }
        return String(kept)
    }

    /// The text in lines of at most `width` columns, broken at spaces where there are any.
    package static func wrap(_ text: String, to width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            var rest = String(word)
            let room = width - columns(of: line) - (line.isEmpty ? 0 : 1)
            if columns(of: rest) <= room {
                line += (line.isEmpty ? "" : " ") + rest
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while columns(of: rest) > width {
                let (head, tail) = split(rest, at: width)
                lines.append(head)
                rest = tail
            }
            line = rest
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private static func split(_ text: String, at width: Int) -> (String, String) {
        var head = String.UnicodeScalarView()
        var tail = String.UnicodeScalarView()
        var used = 0
        for glyph in Glyphs(text) {
            let scalars = glyph.scalars.compactMap(Unicode.Scalar.init)
            if tail.isEmpty, used + glyph.columns <= width || used == 0 {
                head.append(contentsOf: scalars)
                used += glyph.columns
            } else {
                tail.append(contentsOf: scalars)
            }
        }
        return (String(head), String(tail))
    }
}
