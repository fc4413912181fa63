/// A small black and white picture of two by four dots a cell.
package struct Braille: Sendable {
    /// In cells.
    package let width: Int
    package let height: Int
    private var cells: [UInt8]

    package init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
        self.cells = Array(repeating: 0, count: self.width * self.height)
    }

    /// Sets a dot, from the top left; does nothing outside.
    package mutating func dot(x: Int, y: Int) {
        guard x >= 0, y >= 0, x < width * 2, y < height * 4 else { return }
        // The Unicode Standard, "Braille Patterns": dots 1-3 and 7 left, 4-6 and 8 right.
        let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
        cells[y / 4 * width + x / 2] |= bits[y % 4 * 2 + x % 2]
    }

    /// A line through values, oldest first, one a column of dots; gaps where nil.
    ///
    /// `full` is what the top stands for.
    package mutating func plot(_ values: [Double?], full: Double) {
        guard full > 0, height > 0 else { return }
        var last: Int?
        for (x, value) in values.suffix(width * 2).enumerated() {
            guard let value else {
                last = nil
                continue
            }
            let share = max(0, min(1, value / full))
            let y = Int(((1 - share) * Double(height * 4 - 1)).rounded())
            for step in min(last ?? y, y)...max(last ?? y, y) { dot(x: x, y: step) }
            last = y
        }
    }

    /// Draws the cells that have a dot.
    package func draw(into canvas: inout Canvas, x: Int, y: Int, style: Style) {
        for row in 0..<height {
            for column in 0..<width where cells[row * width + column] != 0 {
                let glyph = 0x2800 + UInt32(cells[row * width + column])
                canvas.put(glyph, columns: 1, x: x + column, y: y + row, style: style)
            }
        }
    }
}
