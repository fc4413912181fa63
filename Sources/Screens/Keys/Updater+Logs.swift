package import Atlas

extension Screens {
    /// What a new picture asks for: the newest lines, where they are followed and some came.
    ///
    /// The program calls it as often as it is willing to answer; without news it asks nothing.
    package static func askForNews(
        _ state: inout ViewState,
        _ picture: Picture
    ) -> [ScreenEffect] {
        var updater = Updater(state: state, picture: picture)
        let effects = updater.askForNews()
        state = updater.state
        return effects
    }

    /// Takes lines that were found; those that nobody waits for any more are passed over.
    package static func take(_ state: inout ViewState, _ answer: LogAnswer) {
        guard answer.question == state.logs.asked else { return }
        if answer.looked != nil {
            // What is shown of the same choice is more than what was found anew so far.
            let shown = state.logs.answer
            if shown?.question.choice != answer.question.choice || shown?.looked != nil {
                state.logs.answer = answer
            }
            return
        }
        state.logs.asked = nil
        switch answer.question.aim {
        case .newest: break
        case .around(let number):
            let isThere = answer.rows.contains { $0.number == number }
            if !isThere, state.logs.origin != nil, answer.problem == nil {
                state.notice = Notice("that line is held no more", isError: true)
            }
        case .hit(let hit, let isForward, _):
            guard let found = answer.found else {
                state.notice =
                    answer.problem.map { Notice($0, isError: true) }
                    ?? Notice(Updater.nothing(hit, isForward))
                return
            }
            state.logs.isFollowing = false
            state.logs.cursor = found
        }
        state.logs.answer = answer
    }
}

// MARK: - Asking

extension Updater {
    /// Lines are kept some time after they came in: for so long they are asked for again.
    private static let grace = Span.seconds(3)
    /// So near to the end of the rows the next ones are asked for.
    private static let margin = 50

    /// The lines that are shown at all.
    private var choice: LogQuestion.Choice {
        var resources = state.logs.only.map { Set($0) }
        if resources == nil, state.logs.onlySources == nil, !state.scope.isAll {
            resources = Set(picture.estate.resources.filter(state.scope.holds).map(\.name))
        }
        return LogQuestion.Choice(
            resources: resources,
            sources: state.logs.onlySources.map { Set($0) },
            filter: state.filter,
            minimumLevel: state.logs.minimumLevel,
            arrivedBy: state.lookingAt ?? (state.isPaused ? picture.at : nil)
        )
    }

    private var isStale: Bool {
        guard let seen = state.logs.seen else { return true }
        return picture.intake.lines != seen.lines || picture.at - seen.changedAt <= Self.grace
    }

    /// After a key: what it takes to show what is wanted now.
    mutating func askForLines() -> [ScreenEffect] {
        guard state.screen == .logs else { return [] }
        if let aim { return ask(aim) }
        let last = state.logs.asked ?? state.logs.answer?.question
        if last?.choice != choice {
            if !state.logs.isFollowing, let cursor = state.logs.cursor {
                return ask(.around(cursor))
            }
            return ask(.newest)
        }
        return state.logs.isFollowing && hasNews ? ask(.newest) : []
    }

    mutating func askForNews() -> [ScreenEffect] {
        guard state.screen == .logs, state.logs.isFollowing, state.logs.asked == nil,
            !state.isPaused, state.lookingAt == nil, isStale
        else { return [] }
        return ask(.newest)
    }

    private mutating func ask(_ aim: LogQuestion.Aim) -> [ScreenEffect] {
        if state.logs.seen?.lines != picture.intake.lines {
            state.logs.seen = LogView.Seen(lines: picture.intake.lines, changedAt: picture.at)
        }
        let question = LogQuestion(choice: choice, aim: aim)
        state.logs.asked = question
        return [.query(question)]
    }

    static func nothing(_ hit: LogQuestion.Hit, _ isForward: Bool) -> String {
        let which = isForward ? "later" : "earlier"
        return switch hit {
        case .error: "no \(which) error"
        case .text(let text): "no \(which) line holds “\(text)”"
        }
    }
}

// MARK: - Moving

extension Updater {
    mutating func moveLine(by count: Int) {
        let rows = state.logs.rows
        guard let index = state.logs.index else { return }
        if count >= .max / 2 { return follow() }
        if count > 0, state.logs.isFollowing { return }
        if count <= -(.max / 2), state.logs.answer?.hasOlder ?? false {
            stopFollowing()
            state.logs.cursor = 1
            aim = .around(1)
            return
        }
        if index == 0, count < 0, state.logs.answer?.isCut ?? false {
            state.notice = Notice("older lines are held no more")
        }
        place(max(0, min(rows.count - 1, index + count)))
    }

    private mutating func follow() {
        state.logs.isFollowing = true
        state.logs.cursor = nil
        if isStale || state.logs.answer?.hasNewer ?? true { aim = .newest }
    }

    private mutating func stopFollowing() {
        guard state.logs.isFollowing else { return }
        state.logs.isFollowing = false
        state.logs.cameBefore = picture.intake.lines
    }

    /// Puts the cursor into a row, and asks for the next ones before the rows end.
    private mutating func place(_ index: Int) {
        stopFollowing()
        let rows = state.logs.rows
        state.logs.cursor = rows[index].number
        guard let answer = state.logs.answer else { return }
        let isNearTop = index < Self.margin && answer.hasOlder
        let isNearEnd = index >= rows.count - Self.margin
        if isNearTop || isNearEnd && (answer.hasNewer || hasNews) {
            aim = .around(rows[index].number)
        }
    }

    private var hasNews: Bool { picture.intake.lines != state.logs.seen?.lines }

    mutating func nextHit(isForward: Bool) {
        guard state.screen == .logs else {
            state.notice = Notice("n and N look in the logs: 4 opens them")
            return
        }
        if !state.logs.highlight.isEmpty {
            seek(.text(state.logs.highlight), isForward: isForward)
        } else if !state.filter.isEmpty {
            moveLine(by: isForward ? 1 : -1)
        } else {
            state.notice = Notice("look for what? / and a text, Tab, Enter")
        }
    }

    mutating func seek(_ hit: LogQuestion.Hit, isForward: Bool) {
        let rows = state.logs.rows
        guard let answer = state.logs.answer, let index = state.logs.index else { return }
        let found =
            isForward
            ? rows.indices.first { $0 > index && rows[$0].isHit(hit) }
            : rows.indices.last { $0 < index && rows[$0].isHit(hit) }
        if let found { return place(found) }
        guard isForward ? answer.hasNewer || hasNews : answer.hasOlder else {
            state.notice = Notice(Self.nothing(hit, isForward))
            return
        }
        aim = .hit(hit, isForward: isForward, from: rows[index].number)
    }

    /// Shows graver lines only, or less grave ones, too.
    mutating func changeLevel(by count: Int) {
        guard state.screen == .logs else {
            state.notice = Notice("v and V choose levels of the logs: 4 opens them")
            return
        }
        let levels = LogView.levels
        let index = levels.firstIndex(of: state.logs.minimumLevel) ?? 0
        state.logs.minimumLevel = levels[max(0, min(levels.count - 1, index + count))]
    }

    mutating func wrap() {
        guard state.screen == .logs else {
            state.notice = Notice("w wraps lines of the logs: 4 opens them")
            return
        }
        state.logs.isWrapped.toggle()
    }
}

// MARK: - To the logs and back

extension Updater {
    /// To the line that a piece of evidence is; false when it is none.
    mutating func openLine(of evidence: Evidence) -> Bool {
        guard let number = evidence.line else { return false }
        leaveForLogs()
        let resource = picture.estate.resource(named: evidence.subject)
        if !(resource.map(state.scope.holds) ?? false) { state.scope = Scope() }
        state.logs.isFollowing = false
        state.logs.cameBefore = picture.intake.lines
        state.logs.cursor = number
        state.logs.isOpen = true
        aim = .around(number)
        return true
    }

    /// To the newest lines of some resources; nil means of all.
    mutating func openLines(of resources: [String]?) {
        leaveForLogs()
        state.logs.only = resources
        state.logs.isFollowing = true
        state.logs.cursor = nil
    }

    /// To the newest lines of a source, and of what rules placed of it.
    mutating func openLines(from source: String) {
        leaveForLogs()
        let parts = picture.sources.filter { $0.partOf == source }.map(\.name)
        state.logs.onlySources = [source] + parts
        state.logs.isFollowing = true
        state.logs.cursor = nil
    }

    private mutating func leaveForLogs() {
        state.logs.origin = LogView.Origin(
            screen: state.screen,
            scope: state.scope,
            filter: state.filter,
            minimumLevel: state.logs.minimumLevel,
            only: state.logs.only,
            onlySources: state.logs.onlySources
        )
        state.screen = .logs
        state.filter = Filter()
        state.logs.minimumLevel = .trace
        state.logs.only = nil
        state.logs.onlySources = nil
        state.logs.isOpen = false
    }

    /// Opens a screen by its number; what was opened for the logs alone is forgotten.
    mutating func open(_ screen: Screen) {
        guard state.screens.contains(screen) else {
            state.notice = Notice("there are only lines here: azimuth without a command shows more")
            return
        }
        if state.screen == .logs, screen != .logs { restoreOrigin() }
        state.screen = screen
    }

    /// Back to where the lines were opened from; false when they were not.
    @discardableResult
    mutating func restoreOrigin() -> Bool {
        guard let origin = state.logs.origin else { return false }
        state.logs.origin = nil
        state.screen = origin.screen
        state.scope = origin.scope
        state.filter = origin.filter
        state.logs.minimumLevel = origin.minimumLevel
        state.logs.only = origin.only
        state.logs.onlySources = origin.onlySources
        state.logs.isOpen = false
        state.logs.isFollowing = true
        state.logs.cursor = nil
        return true
    }

    /// One step out of what is special to the logs; false when nothing is.
    mutating func backFromLogs() -> Bool {
        if case .hit = state.logs.asked?.aim {
            // Another question takes its place.
            aim = state.logs.isFollowing ? .newest : state.logs.cursor.map { .around($0) }
            state.notice = Notice("the search was given up")
            return true
        }
        if restoreOrigin() { return true }
        if state.logs.isOpen {
            state.logs.isOpen = false
        } else if !state.logs.highlight.isEmpty {
            state.logs.highlight = ""
        } else if state.filter.isEmpty, state.logs.minimumLevel != .trace {
            state.logs.minimumLevel = .trace
        } else {
            return false
        }
        return true
    }
}
