import Atlas
import Canvas

/// The tail of the lines that were found, with one of them under the cursor.
struct LinesPanel {
    let scene: Scene

    private var logs: LogView { scene.state.logs }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        Rule(title, note: note(width: rect.width)).draw(into: &canvas, rect, theme: scene.theme)
        let area = rect.inset(top: 1)
        guard let index = logs.index else {
            scene.paragraph(
                LogWords(scene: scene).nothing,
                role: logs.answer?.problem == nil ? .dim : .warn,
                in: area.inset(left: 2, right: 2),
                into: &canvas
            )
            return
        }
        let form = LineForm(scene: scene, area: area)
        var y = area.y
        for shown in LineWindow(logs, index: index, form: form, height: area.height).lines {
            let height = min(shown.parts.count, area.bottom - y)
            form.draw(
                logs.rows[shown.row],
                shown.parts,
                hasHead: !shown.isTail,
                y: y,
                height: height,
                into: &canvas
            )
            if shown.row == index {
                for row in y..<(y + height) {
                    canvas.lay(scene.theme[.cursor], under: area.row(row - area.y))
                }
                scene.cursor(area.row(y - area.y), into: &canvas)
            }
            for (index, part) in shown.parts.prefix(height).enumerated() {
                form.mark(part, y: y + index, into: &canvas)
            }
            y += height
        }
    }

    /// With the day of the line under the cursor, where that is not today.
    private var title: String {
        guard let index = logs.index else { return "Lines" }
        let time = logs.rows[index].time
        guard !scene.time.isSameDay(time, scene.now) else { return "Lines" }
        return
            "Lines of \(scene.time.day(time).split(separator: " ").prefix(2).joined(separator: " "))"
    }

    /// What is shown, and whether it goes on by itself; the first goes when it is narrow.
    private func note(width: Int) -> String {
        let words = LogWords(scene: scene)
        let dropped = words.ruledOut.map { [$0] } ?? []
        guard logs.index != nil else { return (words.choices + dropped).joined(separator: ", ") }
        let wordings = [words.choices + dropped + [words.motion], words.choices + [words.motion]]
        return wordings.map { $0.joined(separator: ", ") }
            .first { TextWidth.columns(of: $0) + 14 <= width } ?? words.motion
    }
}

/// Which rows are seen, and in how many parts each.
struct LineWindow {
    struct Shown {
        var row: Int
        var parts: [String]
        /// Its first parts are above the window.
        var isTail = false
    }

    private(set) var lines: [Shown] = []

    /// The cursor moves inside the window; the window moves by half of its height at once, so that
    /// a step costs two rows and not a screen.
    init(_ logs: LogView, index: Int, form: LineForm, height: Int) {
        guard height > 0 else { return }
        let rows = logs.rows
        func shown(_ row: Int) -> Shown {
            let isWhole = logs.isWrapped || (logs.isOpen && row == index)
            let text = rows[row].text
            let parts = isWhole ? Array(form.wrapped(text).prefix(height)) : [text]
            return Shown(row: row, parts: parts.isEmpty ? [""] : parts)
        }
        let half = max(1, height / 2)
        let block = (rows.count - 1 - index) / half
        let skip = block == 0 ? 0 : block * half - half / 2
        var last = rows.count - 1 - skip
        func filledUp() -> (lines: [Shown], room: Int) {
            var lines: [Shown] = []
            var room = height
            var row = last
            while row >= 0, room > 0 {
                var next = shown(row)
                if next.parts.count > room {
                    next.parts = next.parts.suffix(room)
                    next.isTail = true
                }
                lines.append(next)
                room -= next.parts.count
                row -= 1
            }
            return (lines.reversed(), room)
        }
        var (lines, room) = filledUp()
        if lines.first.map({ $0.row > index || $0.row == index && $0.isTail }) ?? true {
            last = index
            (lines, room) = filledUp()
        }
        while room > 0, last + 1 < rows.count {
            last += 1
            let next = shown(last)
            lines.append(next)
            room -= next.parts.count
        }
        self.lines = lines
    }
}
