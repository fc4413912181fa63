/// A part of the canvas, in cells; never of negative size.
package struct Rect: Hashable, Sendable {
    package var x: Int
    package var y: Int
    package private(set) var width: Int
    package private(set) var height: Int

    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    package var right: Int { x + width }
    package var bottom: Int { y + height }
    package var columns: Range<Int> { x..<right }
    package var rows: Range<Int> { y..<bottom }
    package var isEmpty: Bool { width == 0 || height == 0 }

    /// Cut by so many cells on each side.
    package func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
        Rect(
            x: x + min(left, width),
            y: y + min(top, height),
            width: width - left - right,
            height: height - top - bottom
        )
    }

    /// The first `count` rows, or as many as there are.
    package func top(_ count: Int) -> Rect {
        Rect(x: x, y: y, width: width, height: min(max(0, count), height))
    }

    /// One row of it, counted from its top.
    package func row(_ index: Int) -> Rect {
        Rect(x: x, y: y + index, width: width, height: 1)
    }

    /// A left part of `count` columns and what is right of it after a gap.
    package func split(left count: Int, gap: Int = 0) -> (left: Rect, right: Rect) {
        let first = min(max(0, count), width)
        return (
            Rect(x: x, y: y, width: first, height: height),
            Rect(x: x + first + gap, y: y, width: width - first - gap, height: height)
        )
    }
}

/// Something that wants rows of a column of things.
package struct RowDemand: Hashable, Sendable {
    /// With less it is left out.
    package var least: Int
    /// With more it would only be emptier.
    package var most: Int
    /// Who is served first: 0 before 1.
    package var rank: Int

    package init(least: Int, most: Int, rank: Int) {
        self.least = least
        self.most = max(least, most)
        self.rank = rank
    }
}

extension Rect {
    /// Divides the rows among things that stand one below the other.
    ///
    /// By rank each gets its least, if that fits; then, by rank again, up to its most. Blank rows
    /// part them where there is room for one between all.
    ///
    /// - Returns: for each demand its part, or nil when it is left out.
    package func stack(_ demands: [RowDemand]) -> [Rect?] {
        let order = demands.indices.sorted { (demands[$0].rank, $0) < (demands[$1].rank, $1) }
        var rows = [Int](repeating: 0, count: demands.count)
        var free = height
        for index in order where demands[index].least <= free {
            rows[index] = demands[index].least
            free -= rows[index]
        }
        let shown = rows.filter { $0 > 0 }.count
        let wanted = demands.indices.filter { rows[$0] > 0 }
            .reduce(0) { $0 + demands[$1].most - rows[$1] }
        // Blank rows only when they hide nothing, or hardly anything, of what is shown.
        let gaps = max(0, shown - 1)
        let hasGaps = free >= gaps && (wanted + gaps <= free || free >= gaps + wanted / 2)
        if hasGaps { free -= gaps }
        for index in order where rows[index] > 0 {
            let more = min(free, demands[index].most - rows[index])
            rows[index] += more
            free -= more
        }
        var top = y
        return demands.indices.map { index in
            guard rows[index] > 0 else { return nil }
            defer { top += rows[index] + (hasGaps ? 1 : 0) }
            return Rect(x: x, y: top, width: width, height: rows[index])
        }
    }
}
