/// How much of something is used: a thick line on a thin one.
package struct Gauge: Sendable {
    /// 0 to 1; more is drawn as full.
    package var part: Double

    package init(_ part: Double) {
        self.part = part
    }

    package func draw(
        into canvas: inout Canvas,
        x: Int,
        y: Int,
        width: Int,
        line: Style,
        track: Style
    ) {
        let filled = filled(of: width)
        canvas.run("━", x: x, y: y, count: filled, style: line)
        canvas.run("─", x: x + filled, y: y, count: width - filled, style: track)
    }

    /// Columns of the thick line: some for anything above 0, all only from 1 on.
    package func filled(of width: Int) -> Int {
        guard part > 0, width > 0 else { return 0 }
        guard part < 1 else { return width }
        return max(1, min(width - 1, Int((part * Double(width)).rounded())))
    }
}
