import Atlas
import Canvas

/// How long each phase took in the runs of a service before.
struct RunHistoryPanel: Panel {
    let scene: Scene
    let rank: Int
    let run: FailoverRun

    private var statistics: RunStatistics {
        RunStatistics(of: run.service, among: scene.scoped.runs)
    }

    private var rows: [(name: String, spans: [Span])] {
        let statistics = statistics
        let phases = FailoverPhase.allCases.map { ($0.rawValue, statistics.spans(of: $0)) }
        return phases.filter { !$0.1.isEmpty } + [("users", statistics.outages)]
    }

    var demand: RowDemand {
        statistics.runs.count < 2
            ? RowDemand(least: 2, most: 3, rank: rank)
            : RowDemand(least: 3, most: 2 + rows.count, rank: rank)
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let count = statistics.runs.count
        Rule(
            TextWidth.cut(run.service, to: rect.width - 16),
            note: count < 2 ? "" : "last \(count) runs"
        ).draw(into: &canvas, rect, theme: scene.theme)
        guard count >= 2 else {
            let words =
                count == 0
                ? "No run is over so far: nothing to compare."
                : "One run is over so far: nothing to compare."
            scene.paragraph(words, role: .dim, in: rect.inset(left: 2, top: 1), into: &canvas)
            return
        }
        let x = rect.x + 2
        canvas.text("median", endingAt: x + 16, y: rect.y + 1, style: scene.theme[.faint])
        canvas.text("worst", endingAt: x + 24, y: rect.y + 1, style: scene.theme[.faint])
        let greatest = rows.compactMap { RunStatistics.median($0.spans)?.seconds }.max() ?? 1
        for (index, row) in rows.enumerated().prefix(rect.height - 2) {
            draw(
                row,
                greatest: greatest,
                x: x,
                right: rect.right,
                y: rect.y + 2 + index,
                into: &canvas
            )
        }
    }

    private func draw(
        _ row: (name: String, spans: [Span]),
        greatest: Double,
        x: Int,
        right: Int,
        y: Int,
        into canvas: inout Canvas
    ) {
        let theme = scene.theme
        canvas.text(row.name, x: x, y: y, style: theme[.dim])
        guard let median = RunStatistics.median(row.spans), let worst = row.spans.max() else {
            canvas.text("—", endingAt: x + 16, y: y, style: theme[.faint])
            return
        }
        let isMuch = worst.seconds > 3 * max(1, median.seconds)
        canvas.text(Wording.took(median), endingAt: x + 16, y: y, style: theme[.text])
        canvas.text(
            Wording.took(worst),
            endingAt: x + 24,
            y: y,
            style: theme[isMuch ? .warn : .dim]
        )
        Gauge(median.seconds / max(0.001, greatest)).draw(
            into: &canvas,
            x: x + 26,
            y: y,
            width: right - x - 26,
            line: theme[.graph],
            track: theme[.track]
        )
    }
}
