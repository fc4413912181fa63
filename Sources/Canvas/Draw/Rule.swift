/// The head of a section: a bold title, a thin line, and a note at the right end.
package struct Rule: Sendable {
    package var title: String
    package var note: String

    package init(_ title: String, note: String = "") {
        self.title = title
        self.note = note
    }

    /// Draws it into the first row of an area; the note goes when it is too narrow.
    package func draw(into canvas: inout Canvas, _ rect: Rect, theme: Theme) {
        guard !rect.isEmpty else { return }
        let used = canvas.text(
            title,
            x: rect.x,
            y: rect.y,
            style: theme[.title],
            limit: rect.width
        )
        var right = rect.right
        let columns = TextWidth.columns(of: note)
        if columns > 0, used + columns + 4 <= rect.width {
            canvas.text(note, endingAt: right, y: rect.y, style: theme[.dim])
            right -= columns + 1
        }
        let left = rect.x + used + 1
        canvas.run("─", x: left, y: rect.y, count: right - left, style: theme[.rule])
    }
}
