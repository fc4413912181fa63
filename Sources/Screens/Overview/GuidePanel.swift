import Atlas
import Canvas

/// How to go on from a host that nobody configured.
struct GuidePanel: Panel {
    let scene: Scene
    let rank: Int

    private static let ways = [
        ("azimuth init --out azimuth.yaml", "an estate of your own"),
        ("azimuth replay hybrid", "recorded failovers"),
        ("azimuth tail FILE...", "any log"),
    ]

    var demand: RowDemand { RowDemand(least: 2, decent: 4, most: 4, rank: rank) }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        Rule("To go on", note: "this host is watched without a configuration")
            .draw(into: &canvas, rect, theme: scene.theme)
        let widest = Self.ways.map { TextWidth.columns(of: $0.0) }.max() ?? 0
        for (line, way) in Self.ways.prefix(rect.height - 1).enumerated() {
            let (command, what) = way
            let x = rect.x + 2
            canvas.text(
                command,
                x: x,
                y: rect.y + 1 + line,
                style: scene.theme[.text],
                limit: rect.width - 2
            )
            canvas.text(
                what,
                x: x + widest + 2,
                y: rect.y + 1 + line,
                style: scene.theme[.dim],
                limit: max(0, rect.width - widest - 4)
            )
        }
    }
}
