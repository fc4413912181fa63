import Atlas
import Canvas

/// The first row: where one is, how bad it is, and which time it is.
struct HeaderBar {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ row: Rect) {
        let theme = scene.theme
        canvas.fill(row, style: theme[.raised])
        let left = canvas.text("azimuth", x: 1, y: 0, style: theme[.strong]) + 3
        var right = clock(into: &canvas, endingAt: row.right - 1)
        // The way to where one is matters more than how many things are well.
        let wanted = crumbParts.reduce(0) { $0 + TextWidth.columns(of: $1.0) }
        right = counts(into: &canvas, endingAt: right - 3, leaving: left + min(wanted, 16) + 2)
        scene.words(crumbParts, x: left, y: 0, limit: right - left - 2, into: &canvas)
        canvas.lay(theme[.raised], under: Rect(x: 0, y: 0, width: right, height: 1))
    }

    private var crumbParts: [(String, Role)] {
        let name = scene.picture.estate.name
        let crumbs = [name.isEmpty ? "all" : name] + scene.state.scope.crumbs
        return crumbs.enumerated().flatMap { index, crumb -> [(String, Role)] in
            (index > 0 ? [(" › ", .faint)] : [])
                + [(crumb, index == crumbs.count - 1 ? .text : .dim)]
        }
    }

    /// Mode and time of day; gives where they begin.
    private func clock(into canvas: inout Canvas, endingAt right: Int) -> Int {
        let theme = scene.theme
        let shown = scene.state.lookingAt ?? scene.now
        var time =
            scene.state.lookingAt == nil ? scene.time.minute(shown) : scene.time.second(shown)
        if canvas.width >= 100 { time += " " + scene.time.name }
        let hasTime = scene.now != .distantPast
        var start = right
        if hasTime {
            start = canvas.text(
                time,
                endingAt: right,
                y: 0,
                style: theme.style(.text, on: .raised)
            )
        }
        let (words, role) = mode
        var style = theme[role]
        if role != .paused { style.background = theme[.raised].background }
        return canvas.text(words, endingAt: start - (hasTime ? 2 : 0), y: 0, style: style)
    }

    private var mode: (String, Role) {
        switch scene.state.mode {
        case .live: ("● LIVE", .ok)
        case .paused(let waiting):
            (waiting > 0 ? " PAUSED +\(Wording.compact(Double(waiting))) " : " PAUSED ", .paused)
        case .replay(let speed): ("REPLAY \(Self.speed(speed))", .moving)
        case .ended: ("ENDED", .strong)
        }
    }

    /// `8x`, `1/2x`, `max`.
    static func speed(_ speed: Double) -> String {
        if speed.isInfinite { return "max" }
        if speed < 1, speed > 0 { return "1/\(Int((1 / speed).rounded()))x" }
        return Wording.compact(speed) + "x"
    }

    /// How many things are in each state, of the whole estate; gives where they begin.
    ///
    /// The calmest go when there is no room.
    private func counts(into canvas: inout Canvas, endingAt right: Int, leaving left: Int) -> Int {
        var counts: [Health: Int] = [:]
        for health in scene.picture.resources.map(\.health) + scene.picture.links.map(\.health)
            + scene.picture.services.map(\.health)
        {
            counts[health, default: 0] += 1
        }
        var shown = Health.allCases.sorted(by: >).filter { $0 != .absent && counts[$0] != nil }
        func text(_ health: Health) -> String { "\(health.glyph) \(counts[health] ?? 0)" }
        func width() -> Int {
            shown.reduce(0) { $0 + TextWidth.columns(of: text($1)) } + 2 * max(0, shown.count - 1)
        }
        while !shown.isEmpty, right - width() < left { shown.removeLast() }
        let start = right - width()
        var x = start
        for health in shown {
            let role: Role = health == .ok ? .ok : health.role
            let style = scene.theme.style(role, on: .raised)
            canvas.put(health.glyph.value, columns: 1, x: x, y: 0, style: style)
            let figure = scene.theme.style(health == .ok ? .dim : role, on: .raised)
            x += 2 + canvas.text("\(counts[health] ?? 0)", x: x + 2, y: 0, style: figure) + 2
        }
        return start
    }
}
