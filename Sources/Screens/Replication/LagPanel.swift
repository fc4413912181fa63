import Atlas
import Canvas

/// What would have been lost, over the last hour, and the line that must not be crossed; half an hour
/// while only the picture tells it.
struct LagPanel: Panel {
    let scene: Scene
    let rank: Int
    let link: LinkState

    private static let labels = 10

    private var minutes: Int { min(kept == nil ? 30 : 60, scene.state.windowMinutes) }
    /// Of 10 s.
    private var buckets: Int { minutes * 6 }
    private var history: [Span?] { (kept ?? link.history).suffix(buckets) }

    /// As it was measured, up to the present 10 s; nil while it is not read, or of another moment.
    private var kept: [Span?]? {
        guard let answer = scene.state.lag, answer.question.link == link.name,
            answer.values.contains(where: { $0 != nil })
        else { return nil }
        let newer = scene.now.floor(to: LagQuestion.width) - answer.question.to
        let missing = newer.nanoseconds / LagQuestion.width.nanoseconds
        guard (0...6).contains(missing) else { return nil }
        let gap = [Span?](repeating: nil, count: Int(missing))
        return answer.values + gap + [link.loss?.span]
    }

    var demand: RowDemand {
        isKnown
            ? RowDemand(least: 5, decent: 7, most: 18, rank: rank)
            : RowDemand(least: 2, most: 3, rank: rank)
    }

    private var isKnown: Bool { history.contains { $0 != nil } }

    /// What the top stands for: some room above the RPO, and above the worst.
    private var full: Double {
        let worst = history.compactMap { $0?.seconds }.max() ?? 0
        return max(worst, (link.rpo?.seconds ?? 0) * 1.25, 0.001)
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let title = TextWidth.cut("\(link.from) → \(link.to)", to: max(8, rect.width - 34))
        Rule(title, note: "what would be lost, \(minutes) min").draw(
            into: &canvas,
            rect,
            theme: scene.theme
        )
        guard isKnown, rect.height >= 4 else {
            let why = link.reason.isEmpty ? "" : ": \(link.reason)"
            scene.paragraph(
                "Nothing was measured so far\(why).",
                role: .dim,
                in: rect.inset(left: 2, top: 1),
                into: &canvas
            )
            return
        }
        let plot = Rect(
            x: rect.x + Self.labels + 2,
            y: rect.y + 1,
            width: rect.width - Self.labels - 2,
            height: rect.height - 2
        )
        scale(into: &canvas, plot)
        columns(into: &canvas, plot)
        axis(into: &canvas, plot.row(plot.height))
    }

    /// The row of the RPO, counted from the bottom; nil without one.
    private func objectiveRow(_ plot: Rect) -> Int? {
        link.rpo.map { rpo in
            min(plot.height - 1, Int(rpo.seconds / full * Double(plot.height)))
        }
    }

    private func scale(into canvas: inout Canvas, _ plot: Rect) {
        let theme = scene.theme
        let objective = objectiveRow(plot)
        for row in 0..<plot.height {
            let y = plot.bottom - 1 - row
            let isTop = row == plot.height - 1
            var label = row == 0 ? "0" : isTop ? Self.words(full) : ""
            if row == objective, let rpo = link.rpo { label = "RPO" + " " + Wording.aim(rpo) }
            canvas.text(
                label,
                endingAt: plot.x - 2,
                y: y,
                style: theme[row == objective ? .text : .faint],
                limit: Self.labels
            )
            canvas.run("│", x: plot.x - 1, y: y, count: 1, style: theme[.rule])
            guard row == objective else { continue }
            canvas.run("┄", x: plot.x, y: y, count: plot.width, style: theme[.faint])
        }
    }

    private func columns(into canvas: inout Canvas, _ plot: Rect) {
        guard plot.width > 0 else { return }
        let size = (buckets + plot.width - 1) / plot.width
        let newest = Int(scene.now.nanoseconds / Span.seconds(10).nanoseconds)
        let values = history.map { $0?.seconds }
        let groups = Sparkline.grouped(values, by: size, phase: newest - values.count + 1)
        let stretch = max(1, plot.width / max(1, buckets / size))
        let stretched = groups.flatMap { Array(repeating: $0, count: stretch) }.suffix(plot.width)
        let left = plot.right - stretched.count
        for (index, value) in stretched.enumerated() {
            if let value { column(value, x: left + index, into: &canvas, plot) }
        }
    }

    private func column(_ value: Double, x: Int, into canvas: inout Canvas, _ plot: Rect) {
        let theme = scene.theme
        let isPast = value > link.rpo?.seconds ?? .infinity
        let share = min(1, value / full)
        let eighths = value > 0 ? max(1, Int((share * Double(plot.height * 8)).rounded())) : 0
        if eighths == 0 {
            canvas.put(0x2581, columns: 1, x: x, y: plot.bottom - 1, style: theme[.track])
        }
        for row in 0..<plot.height {
            let filled = min(8, eighths - row * 8)
            guard filled > 0 else { return }
            canvas.put(
                0x2580 + UInt32(filled),
                columns: 1,
                x: x,
                y: plot.bottom - 1 - row,
                style: theme[isPast ? .down : .graph]
            )
        }
    }

    private func axis(into canvas: inout Canvas, _ row: Rect) {
        let style = scene.theme[.faint]
        canvas.text("-\(minutes)m", x: row.x, y: row.y, style: style)
        canvas.text("now", endingAt: row.right, y: row.y, style: style)
    }

    private static func words(_ seconds: Double) -> String {
        Span.milliseconds(Int64(min(seconds, 1e12) * 1_000)).description
    }
}
