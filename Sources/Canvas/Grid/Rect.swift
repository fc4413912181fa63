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
    /// Enough to be of use.
    package var decent: Int
    /// With more it would only be emptier.
    package var most: Int
    /// Who is served first: 0 before 1.
    package var rank: Int
    /// Gets its least before anybody gets more than that.
    package var isNeeded: Bool

    package init(least: Int, decent: Int? = nil, most: Int, rank: Int, isNeeded: Bool = false) {
        self.least = least
        self.decent = max(least, min(decent ?? least, most))
        self.most = max(least, most)
        self.rank = rank
        self.isNeeded = isNeeded
    }
}

extension Rect {
    /// Divides the rows among things that stand one below the other.
    ///
    /// What is needed gets its least; then, by rank, each gets what is decent, or its least, or
    /// is left out; then, by rank again, up to its most. Blank rows part them when nothing is left
    /// out and there is a row for each gap.
    ///
    /// - Returns: for each demand its part, or nil when it is left out.
    package func stack(_ demands: [RowDemand]) -> [Rect?] {
        let order = demands.indices.sorted { (demands[$0].rank, $0) < (demands[$1].rank, $1) }
        var rows = [Int](repeating: 0, count: demands.count)
        var free = height
        func raise(_ index: Int, to wanted: Int) {
            let more = min(free, wanted - rows[index])
            guard more > 0, rows[index] + more >= demands[index].least else { return }
            rows[index] += more
            free -= more
        }
        for index in order where demands[index].isNeeded { raise(index, to: demands[index].least) }
        for index in order { raise(index, to: demands[index].decent) }
        let hasGaps = !rows.contains(0) && free >= demands.count - 1
        if hasGaps { free -= max(0, demands.count - 1) }
        for index in order where rows[index] > 0 { raise(index, to: demands[index].most) }
        var top = y
        return demands.indices.map { index in
            guard rows[index] > 0 else { return nil }
            defer { top += rows[index] + (hasGaps ? 1 : 0) }
            return Rect(x: x, y: top, width: width, height: rows[index])
        }
    }
}
