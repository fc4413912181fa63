import Canvas
import Query

/// The last row: the keys that work here, or what is being typed, or a notice.
struct HintRow {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ row: Rect) {
        canvas.fill(row, style: scene.theme[.hint])
        if let prompt = scene.state.prompt {
            draw(prompt, into: &canvas, row)
        } else if let notice = scene.state.notice {
            let style = scene.theme.style(notice.isError ? .warn : .text, on: .raised)
            let text = (notice.isError ? "▲ " : "") + notice.text
            canvas.text(text, x: 1, y: row.y, style: style, limit: row.width - 2)
        } else {
            hints(into: &canvas, row)
        }
    }

    private func hints(into canvas: inout Canvas, _ row: Rect) {
        var x = row.x + 1
        for binding in Self.bindings(width: row.width, screen: scene.state.screen) {
            x += canvas.text(binding.label, x: x, y: row.y, style: scene.theme[.hintKey]) + 1
            let hint = isBack(binding) ? "back" : binding.hint(on: scene.state.screen)
            x += canvas.text(hint, x: x, y: row.y, style: scene.theme[.hint]) + 2
        }
    }

    /// True of the key that quits, where it leaves something else first.
    private func isBack(_ binding: KeyBinding) -> Bool {
        guard binding.strokes.contains(where: { $0.command == .leave }) else { return false }
        var updater = Updater(state: scene.state, picture: scene.picture)
        return scene.state.screen != scene.state.screens.first || updater.back()
    }

    /// What fits, the most needed ones chosen, in the order of the table; help is always there.
    static func bindings(width: Int, screen: Screen) -> [KeyBinding] {
        var room = width
        var chosen: [KeyBinding] = []
        let byNeed = KeyTable.bindings.enumerated()
            .sorted {
                ($0.element.rank(on: screen), $0.offset) < ($1.element.rank(on: screen), $1.offset)
            }
        for (_, binding) in byNeed {
            let words = binding.label + " " + binding.hint(on: screen)
            let needed = TextWidth.columns(of: words) + 2
            guard needed <= room else { break }
            room -= needed
            chosen.append(binding)
        }
        return KeyTable.bindings.filter(chosen.contains)
    }

    private func draw(_ prompt: Prompt, into canvas: inout Canvas, _ row: Rect) {
        let theme = scene.theme
        let candidates = CommandCatalog.completions(of: prompt, scene.picture, scene.state)
        var x = row.x + 1
        x += canvas.text(prompt.kind.sign, x: x, y: row.y, style: theme[.hintKey])
        let mistake = prompt.mistake.map { "▲ \($0.words): \($0.remedy)" }
        // What is wrong is told, if at the cost of what was typed long ago.
        let told = mistake.map { min(TextWidth.columns(of: $0) + 3, row.width * 2 / 3) } ?? 0
        let room = row.right - x - 2 - told
        // Of a long line the end is what one is typing.
        var shown = prompt.text
        while TextWidth.columns(of: shown) > room { shown.removeFirst() }
        let start = x
        x += canvas.text(shown, x: x, y: row.y, style: theme[.prompt])
        if let offset = prompt.mistake?.offset {
            let hidden = prompt.text.utf8.count - shown.utf8.count
            let before = String(decoding: shown.utf8.prefix(max(0, offset - hidden)), as: UTF8.self)
            canvas.restyle(x: start + TextWidth.columns(of: before), y: row.y) {
                $0 = theme.style(.warn, on: .raised)
                $0.attributes.formUnion([.underline])
            }
        }
        canvas.put(0x20, columns: 1, x: x, y: row.y, style: theme[.prompt])
        canvas.restyle(x: x, y: row.y) { $0.attributes.formUnion([.reverse]) }
        canvas.text(
            mistake
                ?? (candidates.isEmpty
                    ? hint(of: prompt) : candidates.prefix(8).joined(separator: "  ")),
            x: x + 3,
            y: row.y,
            style: mistake == nil ? theme[.hint] : theme.style(.warn, on: .raised),
            limit: row.right - x - 4
        )
    }

    private func hint(of prompt: Prompt) -> String {
        switch prompt.kind {
        case .command: CommandCatalog.usage(of: prompt.text)
        case .filter where scene.state.screen == .logs:
            "words, -not, OR, level>=warn, field:value, /regex/; Tab: highlight"
        case .highlight: "marks what holds this; n N go there; Tab: filter instead; Esc clears"
        case .filter: "rows that hold this; -word: all but; OR; Esc clears"
        case .mark: "a note on the time ribbon; Enter sets it"
        }
    }
}
