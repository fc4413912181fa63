/// A grid of cells that screens draw into and the terminal shows.
///
/// Row by row from the top left. A wide glyph always has its right half beside it: writing over
/// one half blanks the other, and a wide glyph that would be cut by the edge becomes a space.
package struct Canvas: Sendable {
    package private(set) var width: Int
    package private(set) var height: Int
    /// `width * height` cells.
    package private(set) var cells: [Cell]
    /// Base scalar and up to four marks of width 0, for cells with `Cell.clusterFlag`.
    package private(set) var clusters: [[UInt32]]

    /// A grid of spaces.
    ///
    /// - Parameters:
    ///   - width: columns, 0 or more.
    ///   - height: rows, 0 or more.
    ///   - style: of every cell.
    package init(width: Int, height: Int, style: Style = Style()) {
        self.width = max(0, width)
        self.height = max(0, height)
        self.cells = Array(
            repeating: Cell(style: style),
            count: self.width * self.height
        )
        self.clusters = []
    }

    /// The cell at a column and a row, both inside the grid.
    package subscript(x: Int, y: Int) -> Cell {
        cells[y * width + x]
    }

    /// The scalars of a cell: one, or a base and its marks; empty for a right half.
    package func scalars(of cell: Cell) -> [UInt32] {
        if cell.isRightHalf { return [] }
        guard cell.glyph & Cell.clusterFlag != 0 else { return [cell.glyph] }
        return clusters[Int(cell.glyph & ~Cell.clusterFlag)]
    }

    /// Puts one glyph (as in `Cell.glyph`, not 0) of 1 or 2 columns; nothing outside the grid.
    package mutating func put(_ glyph: UInt32, columns: Int, x: Int, y: Int, style: Style) {
        guard x >= 0, x < width, y >= 0, y < height else { return }
        let at = y * width + x
        separateHalves(at: at, x: x)
        if columns == 2 {
            guard x + 1 < width else {
                cells[at] = Cell(style: style)
                return
            }
            separateHalves(at: at + 1, x: x + 1)
            cells[at] = Cell(glyph: glyph, style: style)
            cells[at + 1] = Cell(glyph: 0, style: style)
        } else {
            cells[at] = Cell(glyph: glyph, style: style)
        }
    }

    /// Keeps a base scalar with its marks, and returns the glyph that stands for it.
    package mutating func cluster(_ scalars: [UInt32]) -> UInt32 {
        if let index = clusters.firstIndex(of: scalars) {
            return Cell.clusterFlag | UInt32(index)
        }
        clusters.append(scalars)
        return Cell.clusterFlag | UInt32(clusters.count - 1)
    }

    /// Changes the style of a cell and leaves its glyph.
    package mutating func restyle(x: Int, y: Int, _ change: (inout Style) -> Void) {
        guard x >= 0, x < width, y >= 0, y < height else { return }
        let cell = cells[y * width + x]
        var style = Style(
            foreground: cell.foreground,
            background: cell.background,
            attributes: cell.attributes
        )
        change(&style)
        cells[y * width + x] = Cell(glyph: cell.glyph, style: style)
    }

    private mutating func separateHalves(at index: Int, x: Int) {
        if cells[index].isRightHalf, x > 0 {
            cells[index - 1].glyph = 0x20
        }
        if x + 1 < width, cells[index + 1].isRightHalf {
            cells[index + 1].glyph = 0x20
        }
    }
}
