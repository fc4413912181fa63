import Atlas
import Canvas

/// The second row: the screens, and the filter while there is one.
struct TabBar {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ row: Rect) {
        var x = row.x
        if case .lines(let words) = scene.state.purpose {
            x += sources(words, x: x, row, into: &canvas) + 3
        }
        for screen in scene.state.screens where scene.state.screens.count > 1 {
            let isHere = screen == scene.state.screen
            x += scene.words(
                [
                    ("\(screen.rawValue) ", isHere ? .strong : .faint),
                    (screen.title, isHere ? .strong : .dim),
                ],
                x: x,
                y: row.y,
                limit: row.right - x,
                into: &canvas
            )
            x += 3
        }
        if let banner = scene.state.banner {
            let room = row.right - x
            canvas.text(
                "▲ " + banner,
                endingAt: row.right,
                y: row.y,
                style: scene.theme[.warn],
                limit: room
            )
        } else if !scene.state.filter.isEmpty {
            canvas.text(
                " /\(scene.state.filter.text) ",
                endingAt: row.right,
                y: row.y,
                style: scene.theme[.hit],
                limit: row.right - x
            )
        }
    }

    /// What is read, in the place of the screens.
    private func sources(
        _ words: [String],
        x: Int,
        _ row: Rect,
        into canvas: inout Canvas
    ) -> Int {
        let room = row.width * 3 / 4
        var parts: [(String, Role)] = []
        var width = 0
        for (index, word) in words.enumerated() {
            let gap = index > 0 ? 3 : 0
            let more = words.count - index - 1
            let rest = more > 0 ? 8 : 0
            guard index == 0 || width + gap + TextWidth.columns(of: word) + rest <= room else {
                parts.append(("   +\(words.count - index)", .faint))
                break
            }
            parts.append((String(repeating: " ", count: gap) + word, .dim))
            width += gap + TextWidth.columns(of: word)
        }
        return scene.words(parts, x: x, y: row.y, limit: room, into: &canvas)
    }
}
