import Atlas
import Canvas

/// What the canary felt around a run.
struct FeltPanel: Panel {
    let scene: Scene
    let rank: Int
    let run: FailoverRun

    var demand: RowDemand {
        run.felt.isEmpty
            ? RowDemand(least: 2, most: 2, rank: rank) : RowDemand(least: 4, most: 4, rank: rank)
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        Rule("What users felt", note: note).draw(into: &canvas, rect, theme: scene.theme)
        guard !run.felt.isEmpty else {
            canvas.text(
                "Not measured: no canary watches \(run.service).",
                x: rect.x,
                y: rect.y + 1,
                style: scene.theme[.dim],
                limit: rect.width
            )
            return
        }
        let bad = run.felt.map { Double($0.bad) }
        let slowest = run.felt.map { $0.good > 0 ? $0.slowest.milliseconds : nil }
        let good = run.felt.map { Double($0.good) }
        let worst = slowest.compactMap { $0 }.max() ?? 0
        row("bad tries", total(bad), bad, .down, y: rect.y + 1, rect, into: &canvas)
        row(
            "slowest",
            Span(nanoseconds: Int64(worst * 1e6)).description,
            slowest,
            .graph2,
            y: rect.y + 2,
            rect,
            into: &canvas
        )
        row("good tries", total(good), good, .ok, y: rect.y + 3, rect, into: &canvas)
    }

    private func total(_ counts: [Double]) -> String {
        Wording.compact(counts.reduce(0, +))
    }

    private var note: String {
        guard run.felt.count > 1 else { return "" }
        return "from \(scene.time.second(run.felt[0].start)), "
            + "\(Wording.aim(run.felt[1].start - run.felt[0].start)) each"
    }

    private func row(
        _ label: String,
        _ figure: String,
        _ values: [Double?],
        _ role: Role,
        y: Int,
        _ rect: Rect,
        into canvas: inout Canvas
    ) {
        canvas.text(label, x: rect.x, y: y, style: scene.theme[.dim])
        canvas.text(figure, endingAt: rect.x + 19, y: y, style: scene.theme[.text])
        let x = rect.x + 21
        let room = rect.right - x
        let size = max(1, (values.count + max(1, room) - 1) / max(1, room))
        let groups = Sparkline.grouped(values, by: size, phase: 0)
        let stretch = max(1, min(4, room / max(1, groups.count)))
        let stretched = groups.flatMap { Array(repeating: $0, count: stretch) }
        let width = min(room, stretched.count)
        Sparkline(stretched).draw(
            into: &canvas,
            x: x,
            y: y,
            width: width,
            styles: Sparkline.Styles(
                normal: scene.theme[role],
                past: scene.theme[role],
                zero: scene.theme[.track]
            )
        )
    }
}
