import Atlas
import Canvas

/// What the signs mean.
struct LegendPanel: Panel {
    let scene: Scene
    let rank: Int

    var demand: RowDemand { RowDemand(least: 2, most: 2, rank: rank) }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let rows: [[Health]] = [[.ok, .warn, .down, .moving], [.maintenance, .noData, .absent]]
        for (line, healths) in rows.enumerated() {
            var x = rect.x + (rect.width >= 40 ? 2 : 0)
            for health in healths {
                scene.sign(health, x: x, y: rect.y + line, into: &canvas)
                let room = rect.right - x - 2
                x +=
                    4
                    + canvas.text(
                        health.word,
                        x: x + 2,
                        y: rect.y + line,
                        style: scene.theme[.dim],
                        limit: room
                    )
            }
        }
    }
}
