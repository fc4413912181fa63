import Atlas
import Canvas

/// The sources, the worst first: rate, lag, and what was cut or dropped.
struct SourceListPanel: Panel {
    let scene: Scene
    let rank: Int

    var demand: RowDemand {
        let rows = scene.scoped.sources.count
        return RowDemand(
            least: 3,
            decent: min(rows, 8) + 2,
            most: rows + 2,
            rank: rank,
            isNeeded: true
        )
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let sources = scene.scoped.sources
        let room = rect.height - 2
        let note = sources.count > room ? "worst first, \(sources.count)" : ""
        Rule("Sources", note: note).draw(into: &canvas, rect, theme: scene.theme)
        guard !sources.isEmpty else {
            let words =
                scene.picture.sources.isEmpty
                ? "No logs are followed (azimuth.yaml, sources)."
                : "No source in this scope or filter."
            canvas.text(
                words,
                x: rect.x + 2,
                y: rect.y + 1,
                style: scene.theme[.dim],
                limit: rect.width - 2
            )
            return
        }
        let table = table(rect, sources)
        table.head(y: rect.y + 1, style: scene.theme[.faint], into: &canvas)
        let index = scene.scoped.index(in: .sources, among: sources.map(\.name))
        for (line, position) in Scene.window(count: sources.count, height: room, around: index)
            .enumerated()
        {
            let row = rect.row(line + 2)
            draw(sources[position], table, y: row.y, into: &canvas)
            if position == index { scene.cursor(row, into: &canvas) }
        }
    }

    private func table(_ rect: Rect, _ sources: [SourceState]) -> Table {
        let name = Table.width(of: sources.map(\.name), least: 10, most: 40)
        return Table(
            [
                TableColumn("  source", width: 14, growth: max(0, name - 12)),
                TableColumn("lines/s", width: 7, side: .right),
                TableColumn("behind", width: 8, side: .right),
                TableColumn("newest", width: 6, side: .right, rank: 1),
                TableColumn("dropped", width: 7, side: .right, rank: 2),
                TableColumn("cut", width: 5, side: .right, rank: 4),
                TableColumn("rotated", width: 7, side: .right, rank: 5),
                TableColumn("format", width: 12, growth: 16, rank: 3),
            ],
            x: rect.x + 2,
            width: rect.width - 2,
            gap: rect.width < 90 ? 1 : 2
        )
    }

    private func draw(
        _ source: SourceState,
        _ table: Table,
        y: Int,
        into canvas: inout Canvas
    ) {
        let theme = scene.theme
        let words = SourceWords(source, now: scene.now)
        let isWell = source.health < .warn
        if let place = table.places[0] {
            scene.sign(source.health, x: place.lowerBound, y: y, into: &canvas)
            canvas.text(
                source.name,
                x: place.lowerBound + 2,
                y: y,
                style: theme[isWell ? .text : .strong],
                limit: place.count - 2
            )
        }
        func cell(_ column: Int, _ text: String, _ role: Role) {
            table.cell(column, text, y: y, style: theme[role], into: &canvas)
        }
        cell(1, words.rate, .text)
        cell(2, words.behind, source.lag > 0 ? .strong : .dim)
        cell(3, words.newest, .dim)
        cell(4, words.count(source.dropped), source.dropped > 0 ? .warn : .dim)
        cell(5, words.count(source.cut), source.cut > 0 ? .warn : .dim)
        cell(6, words.count(source.rotations), .dim)
        cell(7, words.format, .dim)
    }
}
