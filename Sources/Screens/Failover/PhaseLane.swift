import Atlas
import Canvas

/// One phase as a bar on a dotted lane.
struct PhaseLane {
    let scene: Scene
    let timeline: RunTimeline

    /// Draws from `start` to `end`, or on to now while it runs; only the lane without a start.
    func draw(
        from start: Instant?,
        to end: Instant?,
        role: Role,
        bar: Unicode.Scalar,
        x: Int,
        y: Int,
        width: Int,
        into canvas: inout Canvas
    ) {
        canvas.run("·", x: x, y: y, count: width, style: scene.theme[.track])
        guard let start else { return }
        let columns = timeline.columns(from: start, to: end ?? scene.now, width: width)
        canvas.run(
            bar,
            x: x + columns.lowerBound,
            y: y,
            count: columns.count,
            style: scene.theme[role]
        )
    }
}

extension FailoverStep {
    var health: Health {
        switch state {
        case .absent: .absent
        case .running: .moving
        case .done: .ok
        }
    }

    /// How long it took, or takes so far; nil while absent.
    func span(now: Instant) -> Span? { start.map { (end ?? max(now, $0)) - $0 } }
}
