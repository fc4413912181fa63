import Atlas
import Canvas

/// Screen 2: every copy of data, and what becomes of one if its target took over now.
struct ReplicationScreen {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ body: Rect) {
        let list = ReplicationPanel(scene: scene, rank: 0, pane: .pairs)
        guard let link = scene.scoped.pair else {
            list.draw(into: &canvas, body)
            hint(into: &canvas, body.inset(left: 2, top: 3, right: 2))
            return
        }
        let takeover = TakeoverPanel(scene: scene, rank: 1, link: link)
        let lag = LagPanel(scene: scene, rank: 2, link: link)
        let events = LinkEventsPanel(scene: scene, rank: 3, link: link)
        if body.width >= 100 {
            let both = Beside(scene: scene, left: takeover, right: events)
            scene.stack([list, lag, both], in: body, into: &canvas)
        } else {
            scene.stack([list, lag, takeover, events], in: body, into: &canvas)
        }
    }

    private func hint(into canvas: inout Canvas, _ rect: Rect) {
        let words =
            scene.picture.links.isEmpty
            ? "A pair appears here once a link is described: from, to, and the RPO that it must "
                + "keep. A probe of both ends measures what would be lost."
            : "Esc goes back out."
        scene.paragraph(words, role: .dim, in: rect, into: &canvas)
    }
}

/// Two panels side by side, with a thin line between them.
private struct Beside: Panel {
    let scene: Scene
    let left: any Panel
    let right: any Panel

    var demand: RowDemand {
        let (one, other) = (left.demand, right.demand)
        return RowDemand(
            least: max(one.least, other.least),
            decent: max(one.decent, other.decent),
            most: max(one.most, other.most),
            rank: min(one.rank, other.rank)
        )
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let (first, rest) = rect.split(left: rect.width * 58 / 100, gap: 1)
        for y in rect.rows {
            canvas.run("│", x: rest.x, y: y, count: 1, style: scene.theme[.rule])
        }
        left.draw(into: &canvas, first)
        right.draw(into: &canvas, rest.inset(left: 2))
    }
}
