import Atlas
import Canvas

/// Log lines a second by severity.
struct EventsPanel: Panel {
    let scene: Scene
    let rank: Int

    var demand: RowDemand { RowDemand(least: 2, most: 4, rank: rank) }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let rates = scene.picture.rates
        let note =
            scene.state.scope.isAll ? "last \(scene.state.windowMinutes) min" : "whole estate"
        Rule("Events per second by severity", note: note)
            .draw(into: &canvas, rect, theme: scene.theme)
        guard rates.start != nil, !rates.errors.isEmpty else {
            let words =
                scene.picture.sources.isEmpty
                ? "No logs are followed (azimuth.yaml, sources)." : "No log line came so far."
            canvas.text(
                words,
                x: rect.x + 2,
                y: rect.y + 1,
                style: scene.theme[.dim],
                limit: rect.width - 2
            )
            return
        }
        let rows: [(String, [Int], Role, Role?)] = [
            ("error", rates.errors, .down, .down), ("warn", rates.warnings, .warn, .warn),
            ("other", rates.others, .dim, nil),
        ]
        for (line, row) in rows.enumerated().prefix(rect.height - 1) {
            let y = rect.y + 1 + line
            let latest = Self.latest(row.1)
            let isCalm = latest == 0
            canvas.text(row.0, x: rect.x + 2, y: y, style: scene.theme[isCalm ? .dim : row.2])
            canvas.text(
                Wording.compact(latest),
                endingAt: rect.x + 14,
                y: y,
                style: scene.theme[isCalm ? .dim : .text]
            )
            graph(
                row.1,
                start: rates.start ?? scene.now,
                style: style(of: row.3),
                x: rect.x + 16,
                right: rect.right,
                y: y,
                into: &canvas
            )
        }
    }

    /// The many lines of no grave level are drawn in the calmest colour.
    private func style(of role: Role?) -> Style {
        if let role { return scene.theme[role] }
        var style = scene.theme[.graph]
        style.foreground = scene.theme.heat(0)
        return style
    }

    /// A second, of the newest bucket that is complete.
    private static func latest(_ counts: [Int]) -> Double {
        guard counts.count > 1 else { return Double(counts.last ?? 0) / LogRates.width.seconds }
        return Double(counts[counts.count - 2]) / LogRates.width.seconds
    }

    private func graph(
        _ counts: [Int],
        start: Instant,
        style: Style,
        x: Int,
        right: Int,
        y: Int,
        into canvas: inout Canvas
    ) {
        let width = right - x
        let wanted = min(LogRates.capacity, scene.state.windowMinutes * 6)
        guard width > 0 else { return }
        let size = max(1, (wanted + width - 1) / width)
        let first = Int(start.nanoseconds / LogRates.width.nanoseconds)
        let skipped = max(0, counts.count - wanted)
        let values = counts.dropFirst(skipped).map { Optional(Double($0)) }
        let groups = Sparkline.grouped(values, by: size, phase: first + skipped)
        // Few buckets in a wide row: each some columns wide.
        let stretch = max(1, width / max(1, wanted / size))
        let stretched = groups.flatMap { Array(repeating: $0, count: stretch) }
        Sparkline(stretched).draw(
            into: &canvas,
            x: x,
            y: y,
            width: width,
            styles: Sparkline.Styles(
                normal: style,
                past: style,
                zero: scene.theme[.track]
            )
        )
    }
}
