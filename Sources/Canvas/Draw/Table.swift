/// A column of a table: how wide, and how dear.
package struct TableColumn: Hashable, Sendable {
    package enum Side: Hashable, Sendable {
        case left
        case right
    }

    package var title: String
    package var width: Int
    /// Columns it takes at most of what is left over.
    package var growth: Int
    package var side: Side
    /// Who goes first when it is too narrow: the greatest; 0 never goes.
    package var rank: Int

    package init(
        _ title: String,
        width: Int,
        growth: Int = 0,
        side: Side = .left,
        rank: Int = 0
    ) {
        self.title = title
        self.width = width
        self.growth = growth
        self.side = side
        self.rank = rank
    }
}

/// Columns laid out in a width: who is there, and where.
package struct Table: Sendable {
    package let columns: [TableColumn]
    /// Where each column stands; nil when it is left out.
    package let places: [Range<Int>?]

    /// Lays columns out from `x` on in `width`, with `gap` blank columns between two.
    package init(_ columns: [TableColumn], x: Int, width: Int, gap: Int = 2) {
        var isShown = [Bool](repeating: true, count: columns.count)
        func needed() -> Int {
            let shown = columns.indices.filter { isShown[$0] }
            return shown.reduce(0) { $0 + columns[$1].width } + gap * max(0, shown.count - 1)
        }
        while needed() > width {
            let droppable = columns.indices.filter { isShown[$0] && columns[$0].rank > 0 }
            guard let victim = droppable.max(by: { columns[$0].rank <= columns[$1].rank }) else {
                break
            }
            isShown[victim] = false
        }
        var left = max(0, width - needed())
        var start = x
        var places: [Range<Int>?] = []
        for (index, column) in columns.enumerated() {
            guard isShown[index] else {
                places.append(nil)
                continue
            }
            let more = min(left, column.growth)
            left -= more
            let end = max(start, min(start + column.width + more, x + width))
            places.append(start..<end)
            start = end + gap
        }
        self.columns = columns
        self.places = places
    }

    /// The width that the widest of some texts needs, within bounds.
    package static func width(of texts: some Sequence<String>, least: Int, most: Int) -> Int {
        max(least, min(most, texts.map(TextWidth.columns).max() ?? 0))
    }

    /// Draws a text into a column; does nothing where the column is left out.
    package func cell(
        _ column: Int,
        _ text: String,
        y: Int,
        style: Style,
        into canvas: inout Canvas
    ) {
        guard let place = places[column] else { return }
        switch columns[column].side {
        case .left:
            canvas.text(text, x: place.lowerBound, y: y, style: style, limit: place.count)
        case .right:
            canvas.text(text, endingAt: place.upperBound, y: y, style: style, limit: place.count)
        }
    }

    /// Draws the titles.
    package func head(y: Int, style: Style, into canvas: inout Canvas) {
        for (index, column) in columns.enumerated() {
            cell(index, column.title, y: y, style: style, into: &canvas)
        }
    }
}
