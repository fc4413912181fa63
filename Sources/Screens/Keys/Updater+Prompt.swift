import Atlas
import Query

extension Updater {
    private static let mostHistory = 50
    private static let mostTyped = 500

    mutating func type(_ key: ScreenKey) -> [ScreenEffect] {
        guard var prompt = state.prompt else { return [] }
        var effects: [ScreenEffect] = []
        switch key {
        case .character(let scalar): prompt.text.unicodeScalars.append(scalar)
        case .paste(let text):
            prompt.text += text.prefix { $0 != "\n" && $0 != "\r" && $0 != "\r\n" }
        case .backspace:
            if prompt.text.isEmpty { return leave(prompt) }
            prompt.text.removeLast()
        case .control("u"): prompt.text = ""
        case .control("w"): removeWord(&prompt.text)
        case .tab where state.screen == .logs && prompt.kind != .command && prompt.kind != .mark:
            turn(&prompt)
        case .tab: complete(&prompt)
        case .up: recall(&prompt, by: 1)
        case .down: recall(&prompt, by: -1)
        case .escape, .control("c"): return leave(prompt)
        case .control("z"): effects = [.suspend]
        case .control("l"): effects = [.redraw]
        case .enter: return finish(prompt)
        default: return []
        }
        prompt.text = String(prompt.text.prefix(Self.mostTyped))
        show(&prompt)
        state.prompt = prompt
        return effects
    }

    /// Filter and highlight are seen while they are typed.
    ///
    /// While there is a mistake in it the filter before it holds on.
    private mutating func show(_ prompt: inout Prompt) {
        prompt.mistake = nil
        switch prompt.kind {
        case .filter:
            let filter = Filter(prompt.text)
            if state.screen == .logs, filter.isUnfinished, filter.mistake == nil { return }
            prompt.mistake = narrow(to: filter)
        case .highlight: state.logs.highlight = prompt.text
        case .command, .mark: break
        }
    }

    /// What is wrong with a filter for this screen; then it is not taken.
    mutating func narrow(to filter: Filter) -> QueryMistake? {
        let mistake = state.screen == .logs ? filter.mistake : filter.mistakeForRows
        if mistake == nil { state.filter = filter }
        return mistake
    }

    /// From filter to highlight with the same text, and back.
    private mutating func turn(_ prompt: inout Prompt) {
        let text = prompt.text
        prompt.text = ""
        show(&prompt)
        prompt.kind = prompt.kind == .filter ? .highlight : .filter
        prompt.text = text
    }

    /// Esc in a filter clears it: what was not wanted is all that Esc means.
    private mutating func leave(_ prompt: Prompt) -> [ScreenEffect] {
        state.prompt = nil
        var prompt = prompt
        prompt.text = ""
        show(&prompt)
        return []
    }

    private mutating func finish(_ prompt: Prompt) -> [ScreenEffect] {
        let text = prompt.text.trimmed
        if prompt.kind == .filter, narrow(to: Filter(text)) != nil { return [] }
        state.prompt = nil
        guard !text.isEmpty else {
            return leave(prompt)
        }
        var lines = state.history[prompt.kind] ?? []
        lines.removeAll { $0 == text }
        lines.append(text)
        state.history[prompt.kind] = Array(lines.suffix(Self.mostHistory))
        switch prompt.kind {
        case .filter: return []
        case .highlight:
            state.logs.highlight = text
            return []
        case .mark: return mark(text)
        case .command: return command(text)
        }
    }

    private func complete(_ prompt: inout Prompt) {
        let choices = CommandCatalog.completions(of: prompt, picture, state)
        guard let first = choices.first else { return }
        if choices.count == 1 {
            prompt.text = CommandCatalog.complete(prompt.text, with: first)
            return
        }
        var common = first
        for choice in choices {
            while !choice.hasPrefix(common) { common.removeLast() }
        }
        guard !common.isEmpty else { return }
        let isWhole = CommandCatalog.split(prompt.text).argument == nil && choices.contains(common)
        prompt.text = isWhole ? common : partial(prompt.text, common)
    }

    private func partial(_ text: String, _ common: String) -> String {
        guard CommandCatalog.split(text).argument != nil else { return common }
        let full = CommandCatalog.complete(text, with: common)
        return full.utf8.count >= text.utf8.count ? full : text
    }

    private func recall(_ prompt: inout Prompt, by count: Int) {
        let lines = state.history[prompt.kind] ?? []
        let back = max(0, min(lines.count, prompt.back + count))
        guard back != prompt.back else { return }
        prompt.back = back
        prompt.text = back == 0 ? "" : lines[lines.count - back]
    }

    private func removeWord(_ text: inout String) {
        while text.last == " " { text.removeLast() }
        while let last = text.last, last != " " { text.removeLast() }
    }
}

extension String {
    /// Without spaces at both ends.
    var trimmed: String {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
