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
        let columns = Self.columns(atMost: fitting, height: body.height)
        let width = (body.width - 3 * (columns.count - 1)) / columns.count
        let longest = columns.map(\.count).max() ?? 0
        let scroll = max(0, min(scene.state.helpScroll, longest - body.height))
        for (index, lines) in columns.enumerated() {
            let x = body.x + index * (width + 3)
            for (row, line) in lines.dropFirst(scroll).prefix(body.height).enumerated() {
                draw(line, x: x, y: body.y + row, width: width, into: &canvas)
            }
        }
        if longest > body.height {
            canvas.text("j k scroll", endingAt: rect.right, y: rect.y + 1, style: theme[.faint])
        }
    }

    enum Line {
        case head(String)
        case entry(keys: String, help: String)
        case blank
    }

    static let groups: [[Line]] = {
        var groups = KeyBinding.Group.allCases.map { group -> [Line] in
            [.head(group.rawValue)]
                + KeyTable.bindings.filter { $0.group == group }.map { binding in
                    .entry(keys: binding.keyNames.joined(separator: " "), help: binding.help)
                }
        }
        groups.append(
            [.head("Commands")]
                + CommandCatalog.entries.map { entry in
                    .entry(keys: ":\(entry.name) \(entry.argument)", help: entry.help)
                }
        )
        return groups
    }()

    static let lineCount = groups.reduce(0) { $0 + $1.count + 1 }

    /// As few columns as the height asks for, groups kept whole, about equally long.
    private static func columns(atMost most: Int, height: Int) -> [[Line]] {
        for room in height..<max(height + 1, lineCount) {
            let columns = filled(room)
            if columns.count <= most { return columns }
        }
        return filled(lineCount)
    }

    private static func filled(_ room: Int) -> [[Line]] {
        var columns: [[Line]] = [[]]
        for group in groups {
            let column = columns[columns.count - 1]
            if column.isEmpty {
                columns[columns.count - 1] = group
            } else if column.count + 1 + group.count <= room {
                columns[columns.count - 1] += [.blank] + group
            } else {
                columns.append(group)
            }
        }
        return columns
    }

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
