package import Atlas

extension Screens {
    /// What a key does: changes the state and says what is to be done outside.
    ///
    /// The picture is the one that is shown.
    package static func update(
        _ state: inout ViewState,
        _ key: ScreenKey,
        _ picture: Picture
    ) -> [ScreenEffect] {
        var updater = Updater(state: state, picture: picture)
        let effects = updater.take(key)
        state = updater.state
        return effects
    }
}

/// One key at work.
struct Updater {
    var state: ViewState
    let picture: Picture
    /// Where in the logs a key led, when the lines there are not at hand.
    var aim: LogQuestion.Aim?

    init(state: ViewState, picture: Picture) {
        self.state = state
        self.picture = picture
    }

    static let step = Span.seconds(10)
    static let windows = [5, 10, 15, 30, 60]
    static let speeds: [Double] = [0.5, 1, 2, 4, 8, 16, 32, 64, 128, .infinity]

    mutating func take(_ key: ScreenKey) -> [ScreenEffect] {
        let effects = react(to: key)
        return effects + askForLines()
    }

    private mutating func react(to key: ScreenKey) -> [ScreenEffect] {
        state.notice = nil
        if state.prompt != nil { return type(key) }
        guard let command = KeyTable.command(for: key) else {
            state.isHelpOpen = false
            return []
        }
        if state.isHelpOpen, let effects = help(command) { return effects }
        return run(command)
    }

    /// Nil when help lets the command through.
    private mutating func help(_ command: KeyCommand) -> [ScreenEffect]? {
        switch command {
        case .up: state.helpScroll = max(0, state.helpScroll - 1)
        case .down: state.helpScroll = min(HelpOverlay.lineCount, state.helpScroll + 1)
        case .pageUp: state.helpScroll = max(0, state.helpScroll - 10)
        case .pageDown: state.helpScroll = min(HelpOverlay.lineCount, state.helpScroll + 10)
        case .quit, .suspend, .redraw: return nil
        case .screen:
            state.isHelpOpen = false
            return nil
        default: state.isHelpOpen = false
        }
        return []
    }

    mutating func run(_ command: KeyCommand) -> [ScreenEffect] {
        switch command {
        case .screen(let screen): open(screen)
        case .up: move(by: -1)
        case .down: move(by: 1)
        case .pageUp: move(by: -10)
        case .pageDown: move(by: 10)
        case .top: move(by: -.max / 2)
        case .bottom: move(by: .max / 2)
        case .left: moveColumn(by: -1)
        case .right: moveColumn(by: 1)
        case .enter: enter()
        case .back: _ = back()
        case .nextPane: movePane(by: 1)
        case .previousPane: movePane(by: -1)
        case .filter: state.prompt = Prompt(.filter, text: state.filter.text)
        case .command: state.prompt = Prompt(.command)
        case .mark: return beginMark()
        case .help:
            state.isHelpOpen = true
            state.helpScroll = 0
        case .pause: return pause()
        case .stepBack: return seek(by: Span.zero - Self.step)
        case .stepOn: return seek(by: Self.step)
        case .leapBack: return seek(by: Self.step * -10)
        case .leapOn: return seek(by: Self.step * 10)
        case .nextHit: nextHit(isForward: true)
        case .previousHit: nextHit(isForward: false)
        case .graver: changeLevel(by: 1)
        case .lessGrave: changeLevel(by: -1)
        case .wrap: wrap()
        case .nextMark where state.screen == .logs: seek(.error, isForward: true)
        case .previousMark where state.screen == .logs: seek(.error, isForward: false)
        case .nextMark: return seekMark(forward: true)
        case .previousMark: return seekMark(forward: false)
        case .live: return live()
        case .wider: widen(by: 1)
        case .narrower: widen(by: -1)
        case .faster: return speed(by: 1)
        case .slower: return speed(by: -1)
        case .copy: return copy()
        case .export: return [.export(exportName)]
        case .leave: return leave()
        case .quit: return [.quit]
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        }
        return []
    }

    var scoped: Scoped { Scoped(picture, state) }

    /// A file name that tells screen and moment.
    private var exportName: String {
        let shown = state.lookingAt ?? picture.at
        let civil = shown.civil(offset: state.zone.offset)
        let day = padded(civil.year, 4) + padded(civil.month, 2) + padded(civil.day, 2)
        let time = padded(civil.hour, 2) + padded(civil.minute, 2) + padded(civil.second, 2)
        return "azimuth-\(state.screen.name)-\(day)T\(time).svg"
    }

    private func copy() -> [ScreenEffect] {
        let rows = scoped.rows(of: state.pane)
        guard let index = scoped.index(in: state.pane, among: rows.map(\.id)) else { return [] }
        return [.copy(rows[index].text)]
    }

    private mutating func leave() -> [ScreenEffect] {
        if back() { return [] }
        if let home = state.screens.first, state.screen != home {
            open(home)
            return []
        }
        return [.quit]
    }
}
