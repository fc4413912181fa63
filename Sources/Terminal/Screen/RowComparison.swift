package import Canvas
internal import Glibc

/// What of a row must be drawn again.
package enum RowComparison {
    /// The columns that differ, from the first to the last, with both halves of wide glyphs.
    ///
    /// Nil when none do. The canvases are of one size.
    package static func changedColumns(_ y: Int, from old: Canvas, to new: Canvas) -> Range<Int>? {
        let width = new.width
        // A glyph that stands for a cluster is an index into its own canvas.
        let sameClusters = old.clusters == new.clusters
        let row = y * width..<(y + 1) * width
        return old.cells.withUnsafeBufferPointer { oldCells in
            new.cells.withUnsafeBufferPointer { newCells in
                let before = UnsafeBufferPointer(rebasing: oldCells[row])
                let now = UnsafeBufferPointer(rebasing: newCells[row])
                if sameClusters, isEqualMemory(before, now) { return nil }
                func differs(_ x: Int) -> Bool {
                    before[x] != now[x]
                        || !sameClusters && now[x].glyph & Cell.clusterFlag != 0
                }
                guard var first = (0..<width).first(where: differs),
                    var last = (0..<width).last(where: differs)
                else { return nil }
                if now[first].isRightHalf, first > 0 { first -= 1 }
                if last + 1 < width, now[last + 1].isRightHalf { last += 1 }
                return first..<last + 1
            }
        }
    }

    private static func isEqualMemory(
        _ left: UnsafeBufferPointer<Cell>,
        _ right: UnsafeBufferPointer<Cell>
    ) -> Bool {
        guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else {
            return true
        }
        return memcmp(leftBase, rightBase, left.count * MemoryLayout<Cell>.stride) == 0
    }
}
