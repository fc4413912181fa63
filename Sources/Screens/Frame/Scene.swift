import Atlas
import Canvas

/// What every panel draws from.
struct Scene {
    let picture: Picture
    let state: ViewState
    let theme: Theme
    let scoped: Scoped

    init(_ picture: Picture, _ state: ViewState, _ theme: Theme) {
        self.picture = picture
        self.state = state
        self.theme = theme
        self.scoped = Scoped(picture, state)
    }

    var now: Instant { picture.at }
    var time: LocalTime { state.zone }

    func age(since instant: Instant) -> String { Wording.age(now - instant) }

    func isFocused(_ pane: Pane) -> Bool { state.pane == pane }

    /// Marks a row as the one under the cursor; call it after the row is drawn.
    func cursor(_ row: Rect, into canvas: inout Canvas) {
        canvas.lay(theme[.cursor], under: row)
        canvas.run("▌", x: row.x, y: row.y, count: 1, style: theme.style(.moving, on: .cursor))
    }

    /// Draws the glyph of a health.
    func sign(_ health: Health, x: Int, y: Int, into canvas: inout Canvas) {
        canvas.put(health.glyph.value, columns: 1, x: x, y: y, style: theme[health.role])
    }

    /// Draws words in several styles one after the other, cut at `limit` columns.
    ///
    /// - Returns: the columns taken.
    @discardableResult
    func words(
        _ parts: [(String, Role)],
        x: Int,
        y: Int,
        limit: Int,
        into canvas: inout Canvas
    ) -> Int {
        var used = 0
        for (text, role) in parts where used < limit {
            used += canvas.text(text, x: x + used, y: y, style: theme[role], limit: limit - used)
        }
        return used
    }

    /// Draws a text in as many rows as it needs and there are.
    func paragraph(_ text: String, role: Role, in rect: Rect, into canvas: inout Canvas) {
        var lines = TextWidth.wrap(text, to: rect.width)
        if lines.count > rect.height, rect.height > 0 {
            let rest = lines[(rect.height - 1)...].joined(separator: " ")
            lines = Array(lines[..<(rect.height - 1)]) + [TextWidth.cut(rest, to: rect.width)]
        }
        for (index, line) in lines.prefix(rect.height).enumerated() {
            canvas.text(line, x: rect.x, y: rect.y + index, style: theme[role], limit: rect.width)
        }
    }

    /// The rows of a list that are shown, so that the cursor is among them.
    static func window(count: Int, height: Int, around index: Int?) -> Range<Int> {
        guard height > 0, count > 0 else { return 0..<0 }
        guard count > height else { return 0..<count }
        let first = max(0, min((index ?? 0) - height / 2, count - height))
        return first..<(first + height)
    }
}

/// A section of a screen.
protocol Panel {
    /// Rows it needs and would like.
    var demand: RowDemand { get }

    /// Draws into exactly that part of the canvas.
    func draw(into canvas: inout Canvas, _ rect: Rect)
}

extension Scene {
    /// Draws panels one below the other, and leaves out what does not fit.
    func stack(_ panels: [any Panel], in rect: Rect, into canvas: inout Canvas) {
        for (panel, part) in zip(panels, rect.stack(panels.map { $0.demand })) {
            if let part { panel.draw(into: &canvas, part) }
        }
    }
}
