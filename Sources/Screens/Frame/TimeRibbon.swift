import Atlas
import Canvas

/// The last row but one: the last hour as a line with its marks, and the moment looked at.
struct TimeRibbon {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ row: Rect) {
        let state = scene.state
        let theme = scene.theme
        let newest = max(state.ribbon?.newest ?? scene.now, state.lookingAt ?? .distantPast)
        guard newest != .distantPast else { return }
        let window = Span.seconds(Int64(state.windowMinutes) * 60)
        var end = newest
        if let lookingAt = state.lookingAt, lookingAt < newest - window {
            end = min(newest, lookingAt + window / 2)
        }
        let first = end == newest ? "-\(state.windowMinutes)m" : scene.time.minute(end - window)
        let last = end == newest ? "now" : scene.time.minute(end)
        let left = row.x + canvas.text(first, x: row.x, y: row.y, style: theme[.faint]) + 1
        let right =
            canvas.text(
                last,
                endingAt: row.right,
                y: row.y,
                style: theme[state.lookingAt == nil ? .text : .dim]
            ) - 1
        guard right - left > 4 else { return }
        canvas.run("━", x: left, y: row.y, count: right - left, style: theme[.track])
        // Columns are cut at absolute times: marks move on together, and rarely.
        let step = window / Int64(right - left)
        let base = end.floor(to: step) - step * Int64(right - left - 1)
        func column(_ instant: Instant) -> Int? {
            guard instant >= base, instant <= end else { return nil }
            return left + Int((instant - base).nanoseconds / step.nanoseconds)
        }
        var kinds: [Int: Mark.Kind] = [:]
        for mark in state.ribbon?.marks ?? scene.picture.marks {
            guard let x = column(mark.at) else { continue }
            if kinds[x].map({ $0.weight <= mark.kind.weight }) ?? true { kinds[x] = mark.kind }
        }
        for (x, kind) in kinds {
            canvas.put(kind.glyph.value, columns: 1, x: x, y: row.y, style: theme[kind.role])
        }
        if let lookingAt = state.lookingAt, let x = column(lookingAt) {
            canvas.put(UInt32(0x2503), columns: 1, x: x, y: row.y, style: theme[.strong])
        }
    }
}
