extension Canvas {
    /// Draws a text from a column on, made harmless by `Glyphs`; gives the columns it took.
    ///
    /// It takes `limit` columns at most, then with an ellipsis at its end. The edge of the canvas
    /// cuts as well, without one.
    @discardableResult
    package mutating func text(
        _ text: String,
        x: Int,
        y: Int,
        style: Style,
        limit: Int = .max
    ) -> Int {
        guard limit > 0 else { return 0 }
        if limit != .max, text.utf8.count > limit, TextWidth.columns(of: text) > limit {
            return draw(TextWidth.cut(text, to: limit), x: x, y: y, style: style)
        }
        return draw(text, x: x, y: y, style: style)
    }

    /// Draws a text so that it ends just before the column `right`; gives where it begins.
    @discardableResult
    package mutating func text(
        _ text: String,
        endingAt right: Int,
        y: Int,
        style: Style,
        limit: Int = .max
    ) -> Int {
        let columns = max(0, min(TextWidth.columns(of: text), limit))
        self.text(text, x: right - columns, y: y, style: style, limit: limit)
        return right - columns
    }

    /// Puts one glyph of width 1 into each cell of a run.
    package mutating func run(
        _ glyph: Unicode.Scalar,
        x: Int,
        y: Int,
        count: Int,
        style: Style
    ) {
        for column in max(0, x)..<max(0, x, min(width, x + max(0, count))) {
            put(glyph.value, columns: 1, x: column, y: y, style: style)
        }
    }

    /// Fills an area with spaces.
    package mutating func fill(_ rect: Rect, style: Style) {
        for y in rect.rows { run(" ", x: rect.x, y: y, count: rect.width, style: style) }
    }

    /// Lays a ground under what is drawn: its background, and its attributes on top of theirs.
    package mutating func lay(_ ground: Style, under rect: Rect) {
        for y in rect.rows {
            for x in rect.columns {
                restyle(x: x, y: y) { style in
                    style.background = ground.background
                    style.attributes.formUnion(ground.attributes)
                }
            }
        }
    }

    private mutating func draw(_ text: String, x: Int, y: Int, style: Style) -> Int {
        var column = x
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
            for byte in text.utf8 where column < width {
                put(UInt32(byte), columns: 1, x: column, y: y, style: style)
                column += 1
            }
            return column - x
        }
        for glyph in Glyphs(text) {
            guard column < width else { break }
            let stored = glyph.marks.isEmpty ? glyph.base : cluster(glyph.scalars)
            put(stored, columns: glyph.columns, x: column, y: y, style: style)
            column += glyph.columns
        }
        return column - x
    }
}
