import Atlas
import Canvas

/// The resources of a zone or a layer, one a row.
struct ResourceTable {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let rows = scene.scoped.resources
        Rule("Resources", note: rows.count == 1 ? "1" : "\(rows.count)")
            .draw(into: &canvas, rect, theme: scene.theme)
        guard !rows.isEmpty else {
            scene.paragraph(
                "Nothing is described here. Esc goes back out.",
                role: .dim,
                in: rect.inset(left: 2, top: 1),
                into: &canvas
            )
            return
        }
        let name = Table.width(of: rows.map(\.name), least: 10, most: 30)
        let table = Table(
            [
                TableColumn("  resource", width: 12, growth: name - 10),
                TableColumn("layer", width: 8, rank: 4),
                TableColumn("place", width: 11, rank: 3),
                TableColumn("role", width: 7, rank: 2),
                TableColumn("since", width: 6, side: .right, rank: 1),
                TableColumn("state", width: 11, growth: 200),
            ],
            x: rect.x + 2,
            width: rect.width - 2
        )
        table.head(y: rect.y + 1, style: scene.theme[.faint], into: &canvas)
        let index = scene.scoped.index(in: .health, among: rows.map(\.name))
        let shown = Scene.window(count: rows.count, height: rect.height - 2, around: index)
        for (line, position) in shown.enumerated() {
            let row = rect.row(line + 2)
            draw(rows[position], table, y: row.y, into: &canvas)
            if position == index, scene.isFocused(.health) { scene.cursor(row, into: &canvas) }
        }
    }

    private func draw(_ state: ResourceState, _ table: Table, y: Int, into canvas: inout Canvas) {
        let theme = scene.theme
        let resource = scene.scoped.resource(state.name)
        let isWell = state.health < .warn
        if let place = table.places[0] {
            scene.sign(state.health, x: place.lowerBound, y: y, into: &canvas)
            canvas.text(
                state.name,
                x: place.lowerBound + 2,
                y: y,
                style: theme[isWell ? .text : .strong],
                limit: place.count - 2
            )
        }
        table.cell(1, resource?.layer ?? "", y: y, style: theme[.dim], into: &canvas)
        table.cell(2, resource?.place.description ?? "", y: y, style: theme[.dim], into: &canvas)
        table.cell(3, state.role?.rawValue ?? "", y: y, style: theme[.dim], into: &canvas)
        table.cell(4, scene.age(since: state.since), y: y, style: theme[.dim], into: &canvas)
        let figures = Figures(state.metrics).words.map { "  \($0.label) \($0.value)" }.joined()
        let reason = state.reason.isEmpty ? figures : ": " + state.reason
        table.cell(
            5,
            state.health.word + reason,
            y: y,
            style: theme[state.health.figureRole],
            into: &canvas
        )
    }
}
