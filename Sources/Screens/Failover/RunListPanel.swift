import Atlas
import Canvas

/// All runs, newest first.
struct RunListPanel: Panel {
    let scene: Scene
    let rank: Int
    /// Rows of runs at most.
    let most: Int

    var demand: RowDemand {
        let rows = min(most, scene.scoped.runs.count)
        return RowDemand(
            least: 2,
            decent: min(rows, 3) + 2,
            most: rows + 2,
            rank: rank,
            isNeeded: scene.isFocused(.runs)
        )
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let runs = scene.scoped.runs
        let note = runs.count > rect.height - 2 ? "\(runs.count), newest first" : "newest first"
        Rule("Failovers", note: note).draw(into: &canvas, rect, theme: scene.theme)
        let table = Table(
            [
                TableColumn("when", width: 8, growth: 4),
                TableColumn("service", width: 6, growth: 18),
                TableColumn("RTO", width: 7, side: .right),
                TableColumn("lost", width: 4, side: .right),
                TableColumn("", width: 1),
            ],
            x: rect.x + 2,
            width: rect.width - 2,
            gap: 1
        )
        let hasHead = rect.height > 2
        if hasHead { table.head(y: rect.y + 1, style: scene.theme[.faint], into: &canvas) }
        let heads = hasHead ? 2 : 1
        let index = scene.scoped.index(in: .runs, among: runs.map(\.id))
        let shown = Scene.window(count: runs.count, height: rect.height - heads, around: index)
        for (line, position) in shown.enumerated() {
            let row = rect.row(line + heads)
            draw(runs[position], table, y: row.y, isHere: position == index, into: &canvas)
            if position == index {
                if scene.isFocused(.runs) {
                    scene.cursor(row, into: &canvas)
                } else {
                    canvas.run("▌", x: row.x, y: row.y, count: 1, style: scene.theme[.faint])
                }
            }
        }
    }

    private func draw(
        _ run: FailoverRun,
        _ table: Table,
        y: Int,
        isHere: Bool,
        into canvas: inout Canvas
    ) {
        let theme = scene.theme
        let words = RunWords(run, now: scene.now)
        let isPast = words.outage.map { $0 > run.rto ?? Span(nanoseconds: .max) } ?? false
        let when = table.places[0].map { place in
            place.count >= 12
                ? scene.time.when(run.started, now: scene.now)
                : scene.time.isSameDay(run.started, scene.now)
                    ? scene.time.second(run.started)
                    : String(scene.time.day(run.started).prefix(6))
        }
        table.cell(0, when ?? "", y: y, style: theme[.dim], into: &canvas)
        let title = run.kind == .outage ? "\(run.service) outage" : run.service
        table.cell(1, title, y: y, style: theme[isHere ? .strong : .text], into: &canvas)
        let role: Role = isPast ? .down : run.state == .running ? words.health.role : .text
        table.cell(2, words.length, y: y, style: theme[role], into: &canvas)
        table.cell(3, words.lost, y: y, style: theme[words.lostRole], into: &canvas)
        if let sign = table.places[4] {
            scene.sign(words.health, x: sign.lowerBound, y: y, into: &canvas)
        }
    }
}
