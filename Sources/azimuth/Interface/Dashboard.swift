import Atlas
import Canvas
import Screens
import Terminal

/// The dashboard at work: keys to screens, pictures to canvases, effects to whoever does them.
@MainActor
final class Dashboard: UILoopDelegate {
    /// While paused the count of what waits changes at most once in this time.
    private static let countingPace: UInt64 = 1_000_000_000
    /// The least time between two looks for new lines.
    private static let linesPace: UInt64 = 250_000_000

    private let session: TerminalSession
    private let feed: any DashboardFeed
    private let desk: LineDesk
    private let lags: LagDesk
    private var state: ViewState
    private var theme: Theme
    private var content: PictureBox.Content
    /// What is shown while paused or while an older moment is looked at; nil for the newest.
    private var held: Picture?
    /// What came in until it was paused.
    private var intakeAtPause = 0
    private var countAt: UInt64?
    private var linesAskedAt: UInt64 = 0
    /// Of the content for which lines were looked for last.
    private var linesVersion = -1
    /// When to look for new lines that came too soon after the last look.
    private var linesAt: UInt64?

    init(
        session: TerminalSession,
        feed: any DashboardFeed,
        desk: LineDesk,
        lags: LagDesk,
        look: Look
    ) {
        self.session = session
        self.feed = feed
        self.desk = desk
        self.lags = lags
        theme = session.isMono ? .mono : look.theme
        content = feed.box.read()
        let zone = Setup.localTime(at: content.picture.at)
        state = ViewState(feed: feed.kind, zone: LocalTime(offset: zone.offset, name: zone.name))
        state.themeName = theme.name
        state.themes = Setup.themeNames
        state.isASCII = session.isASCII
        state.screen = look.screen
        state.purpose = look.purpose
        state.notice = look.notice
        if let length = feed.length { state.show(length) }
        takeStatus()
        followLines()
        followLag()
    }

    var deadline: UInt64? { [countAt, linesAt].compactMap(\.self).min() }

    func handle(_ event: TerminalEvent) -> UILoop.Reaction {
        switch event {
        case .key(let key):
            guard let key = ScreenKey(key) else { return .nothing }
            return press(key)
        case .paste(let text):
            return press(.paste(text))
        case .wake:
            return takeNews()
        case .timeout:
            return takeTime()
        case .resize, .focus:
            return .draw
        case .signal:
            return .leave
        }
    }

    func draw(width: Int, height: Int) -> Canvas {
        var canvas = Screens.canvas(
            held ?? content.picture,
            state,
            theme: theme,
            width: width,
            height: height
        )
        if state.isASCII { AsciiFold.fold(&canvas) }
        return canvas
    }

    // MARK: news

    private func takeNews() -> UILoop.Reaction {
        let before = content
        content = feed.box.read()
        let hasStatus = takeStatus()
        let hasLag = lags.take().map { Screens.take(&state, $0) } ?? false
        let hasLines = takeLines() || hasLag
        followLines()
        followLag()
        guard held != nil else {
            return content.version == before.version && !hasLines ? .nothing : .draw
        }
        if countAt == nil, intake(content.picture) != intake(before.picture) {
            countAt = MonotonicClock.now + Self.countingPace
        }
        return hasStatus || hasLines ? .draw : .nothing
    }

    private func takeTime() -> UILoop.Reaction {
        let now = MonotonicClock.now
        var isNew = false
        if let due = countAt, due <= now {
            countAt = nil
            isNew = countWaiting()
        }
        if let due = linesAt, due <= now {
            linesAt = nil
            followLines()
        }
        return isNew ? .draw : .nothing
    }

    // MARK: lines

    /// Takes what was found; true when it is something else than what is shown.
    private func takeLines() -> Bool {
        guard let answer = desk.take() else { return false }
        let before = state
        Screens.take(&state, answer)
        return state != before
    }

    /// Looks for new lines, once for each change of the content, at most four times a second.
    private func followLines() {
        guard linesAt == nil, content.version != linesVersion else { return }
        let now = MonotonicClock.now
        var next = state
        let effects = Screens.askForNews(&next, held ?? content.picture)
        guard !effects.isEmpty else { return }
        guard now >= linesAskedAt + Self.linesPace else {
            linesAt = linesAskedAt + Self.linesPace
            return
        }
        linesAskedAt = now
        linesVersion = content.version
        state = next
        for effect in effects { _ = perform(effect, lookedAt: nil) }
    }

    /// Asks for what the Replication screen shows of the past, when that is not at hand.
    private func followLag() {
        guard let question = Screens.askForLag(&state, held ?? content.picture) else { return }
        lags.ask(question)
    }

    /// Notice and end of the run; true when they changed.
    @discardableResult
    private func takeStatus() -> Bool {
        let before = (state.banner, state.hasEnded)
        state.banner = content.notice
        state.hasEnded = content.isOver
        return before != (state.banner, state.hasEnded)
    }

    private func countWaiting() -> Bool {
        guard held != nil, state.isPaused else { return false }
        let before = state.waiting
        state.waiting = max(0, intake(content.picture) - intakeAtPause)
        return state.waiting != before
    }

    private func intake(_ picture: Picture) -> Int {
        picture.intake.lines + picture.intake.replies + picture.intake.tries
    }

    // MARK: keys

    private func press(_ key: ScreenKey) -> UILoop.Reaction {
        let lookedAt = state.lookingAt
        let effects = Screens.update(&state, key, held ?? content.picture)
        var reaction = UILoop.Reaction.draw
        for effect in effects {
            switch perform(effect, lookedAt: lookedAt) {
            case .nothing, .draw: continue
            case let other: reaction = other
            }
        }
        followLag()
        return reaction
    }

    private func perform(_ effect: ScreenEffect, lookedAt: Instant?) -> UILoop.Reaction {
        switch effect {
        case .quit: return .leave
        case .suspend: return .suspend
        case .redraw: return .repaint
        case .pause:
            feed.pause()
            content = feed.box.read()
            held = content.picture
            intakeAtPause = intake(content.picture)
        case .resume, .live:
            held = nil
            countAt = nil
            feed.resume(from: effect == .resume ? lookedAt : nil)
            content = feed.box.read()
        case .seek(let instant):
            if let past = feed.picture(at: instant) { held = past }
        case .setSpeed(let speed):
            feed.setSpeed(speed)
        case .mark(let text):
            state.notice = feed.mark(text)
        case .setTheme(let name):
            setTheme(name)
        case .setASCII(let isOn):
            state.isASCII = isOn || session.isASCII
        case .query(let question):
            desk.ask(question)
        case .export(let path):
            export(path)
        case .copy(let text):
            state.notice =
                session.copy(text)
                ? Notice("copied") : Notice("this terminal takes no copies", isError: true)
        }
        return .draw
    }

    private func setTheme(_ name: String) {
        do {
            let chosen = try Setup.theme(named: name)
            theme = session.isMono ? .mono : chosen
            state.themeName = theme.name
        } catch let error as any Explained {
            state.notice = Notice(error.what + "; " + error.remedy, isError: true)
        } catch {
            state.notice = Notice("\(error)", isError: true)
        }
    }

    private func export(_ path: String) {
        let canvas = draw(width: session.width, height: session.height)
        do throws(ProgramError) {
            try Screenshot.write(canvas, to: path)
            state.notice = Notice("written: \(path)")
        } catch {
            state.notice = Notice(error.what, isError: true)
        }
    }
}
