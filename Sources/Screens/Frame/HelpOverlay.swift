import Canvas

/// All keys, made from the key table; in as many columns as fit.
struct HelpOverlay {
    let scene: Scene

    private static let cellWidth = 56

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let theme = scene.theme
        Rule("Keys", note: "any key closes").draw(into: &canvas, rect, theme: theme)
        let body = rect.inset(top: 2)
        let fitting = max(1, (body.width + 3) / (Self.cellWidth + 3))
        let lines = Self.lines
        let wanted = (lines.count + body.height - 1) / max(1, body.height)
        let columns = max(1, min(fitting, wanted))
        let width = (body.width - 3 * (columns - 1)) / columns
        let perColumn = max(1, (lines.count + columns - 1) / columns)
        let scroll = max(0, min(scene.state.helpScroll, perColumn - body.height))
        for column in 0..<columns {
            let x = body.x + column * (width + 3)
            let part = lines.dropFirst(column * perColumn).prefix(perColumn)
            for (row, line) in part.dropFirst(scroll).prefix(body.height).enumerated() {
                draw(line, x: x, y: body.y + row, width: width, into: &canvas)
            }
        }
        if perColumn > body.height {
            canvas.text("j k scroll", endingAt: rect.right, y: rect.y + 1, style: theme[.faint])
        }
    }

    enum Line {
        case head(String)
        case entry(keys: String, help: String)
        case blank
    }

    static let lines: [Line] = {
        var lines: [Line] = []
        for group in KeyBinding.Group.allCases {
            if !lines.isEmpty { lines.append(.blank) }
            lines.append(.head(group.rawValue))
            lines += KeyTable.bindings.filter { $0.group == group }.map { binding in
                .entry(keys: binding.keyNames.joined(separator: " "), help: binding.help)
            }
        }
        lines += [.blank, .head("Commands")]
        lines += CommandCatalog.entries.map { entry in
            .entry(keys: ":\(entry.name) \(entry.argument)", help: entry.help)
        }
        return lines
    }()

    private func draw(_ line: Line, x: Int, y: Int, width: Int, into canvas: inout Canvas) {
        switch line {
        case .blank: break
        case .head(let title):
            canvas.text(title, x: x, y: y, style: scene.theme[.title], limit: width)
        case .entry(let keys, let help):
            let used = canvas.text(keys, x: x + 2, y: y, style: scene.theme[.strong], limit: width)
            let start = max(22, used + 4)
            canvas.text(
                help,
                x: x + start,
                y: y,
                style: scene.theme[.dim],
                limit: width - start
            )
        }
    }
}
