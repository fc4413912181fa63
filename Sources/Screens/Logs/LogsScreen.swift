import Canvas

/// Screen 4: kept lines, newest at the bottom, below how many come in.
struct LogsScreen {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ body: Rect) {
        let lines = LinesPanel(scene: scene)
        guard body.height >= 14 else {
            lines.draw(into: &canvas, body)
            return
        }
        let gap = body.height >= 24 ? 1 : 0
        EventsPanel(scene: scene, rank: 0).draw(into: &canvas, body.top(4))
        lines.draw(into: &canvas, body.inset(top: 4 + gap))
    }
}
