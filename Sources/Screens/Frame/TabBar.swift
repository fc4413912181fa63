import Atlas
import Canvas

/// The second row: the screens, and the filter while there is one.
struct TabBar {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ row: Rect) {
        var x = row.x
        for screen in Screen.allCases {
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
}
