/// A history in one row of eight block levels, the newest at the right.
package struct Sparkline: Sendable {
    /// Oldest first; nil where nothing was known (drawn as a blank).
    package var values: [Double?]
    /// What the full height stands for; nil means the greatest value shown.
    package var full: Double?
    /// Values above it are drawn in the style `past`.
    package var threshold: Double?
    /// The highest level that is drawn: 7, or 6 so that rows one below the other stay apart.
    package var ceiling: Int

    package init(
        _ values: [Double?],
        full: Double? = nil,
        threshold: Double? = nil,
        ceiling: Int = 6
    ) {
        self.values = values
        self.full = full
        self.threshold = threshold
        self.ceiling = ceiling
    }

    package struct Styles: Sendable {
        package var normal: Style
        package var past: Style
        /// Of the line that a zero leaves.
        package var zero: Style

        package init(normal: Style, past: Style, zero: Style) {
            self.normal = normal
            self.past = past
            self.zero = zero
        }
    }

    /// Draws the newest values that fit, so that the last one stands at the right end.
    package func draw(
        into canvas: inout Canvas,
        x: Int,
        y: Int,
        width: Int,
        styles: Styles
    ) {
        let shown = values.suffix(max(0, width))
        let top = full ?? shown.compactMap { $0 }.max() ?? 0
        for (index, value) in shown.enumerated() {
            guard let value else { continue }
            let level = Self.level(of: value, full: top, ceiling: ceiling)
            let style =
                level == 0
                ? styles.zero : value > threshold ?? .infinity ? styles.past : styles.normal
            let column = x + width - shown.count + index
            canvas.put(0x2581 + UInt32(level), columns: 1, x: column, y: y, style: style)
        }
    }

    /// 0 for nothing, 1 to `ceiling` for more: never 0 for a value above zero, so that a little
    /// is seen.
    package static func level(of value: Double, full: Double, ceiling: Int = 7) -> Int {
        guard value > 0, full > 0 else { return 0 }
        let share = min(1, value / full)
        return max(1, min(ceiling, Int((share * Double(ceiling)).rounded(.up))))
    }

    /// Joins neighbours, so many a group, each group shown by its worst.
    ///
    /// `phase` is the absolute number of the first value. A group ends where a number is a
    /// multiple of the size: so a column keeps its content while time passes, and all move on
    /// together, once a group.
    package static func grouped(_ values: [Double?], by size: Int, phase: Int) -> [Double?] {
        guard size > 1 else { return values }
        var groups: [Double?] = []
        var current: Double?
        var isOpen = false
        for (index, value) in values.enumerated() {
            if isOpen, (phase + index) % size == 0 {
                groups.append(current)
                current = nil
            }
            isOpen = true
            if let value { current = max(current ?? value, value) }
        }
        if isOpen { groups.append(current) }
        return groups
    }
}
