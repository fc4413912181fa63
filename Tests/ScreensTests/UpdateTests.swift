import Atlas
import Canvas
import Query
import Testing

@testable import Screens

@Suite("What keys do")
struct UpdateTests {
    private let picture = SamplePicture.trouble()

    /// Presses keys one after the other and gathers what they want done.
    private func press(_ keys: [ScreenKey], _ state: inout ViewState) -> [ScreenEffect] {
        keys.flatMap { Screens.update(&state, $0, picture) }
    }

    private func keys(_ text: String) -> [ScreenKey] {
        text.unicodeScalars.map(ScreenKey.character)
    }

    private func command(_ text: String, _ state: inout ViewState) -> [ScreenEffect] {
        press(keys(":" + text) + [.enter], &state)
    }

    // MARK: - Moving

    @Test("Enter zooms into the row, Esc comes back out step by step, q leaves at the top")
    func zoom() {
        var state = ViewState()
        _ = press(keys("j") + [.enter], &state)
        #expect(state.scope == Scope(place: Place(area: "tokyo", zone: "1a")))
        _ = press([.escape], &state)
        #expect(state.scope == Scope(place: Place(area: "tokyo")))
        #expect(press(keys("q"), &state) == [])
        #expect(state.scope.isAll)
        #expect(press(keys("q"), &state) == [.quit])
    }

    @Test("l marks a layer and Enter narrows to both")
    func layer() {
        var state = ViewState()
        _ = press(keys("lllll") + keys("h") + [.enter], &state)
        #expect(state.scope == Scope(place: Place(area: "tokyo"), layer: "data"))
        #expect(state.column == nil)
        _ = press([.backspace], &state)
        #expect(state.scope == Scope(place: Place(area: "tokyo")))
    }

    @Test("the cursor stays on its row when others come, and near it when it goes")
    func identity() {
        var state = ViewState()
        state.screen = .failover
        _ = press(keys("jj"), &state)
        #expect(Scoped(picture, state).run?.id == "orders#2")
        var more = picture
        more.failovers.append(
            SampleRuns.over("orders#9", "2026-11-23T03:10:00Z", 9, detect: 1, restart: 2, lost: 0)
        )
        #expect(Scoped(more, state).run?.id == "orders#2")
        var fewer = picture
        fewer.failovers.removeAll { $0.id == "orders#2" }
        #expect(Scoped(fewer, state).run?.id == "stock#1")
    }

    @Test("moving never leaves the list", arguments: Pane.allCases)
    func bounds(pane: Pane) {
        var state = ViewState()
        state.screen = pane.screen
        state.panes[state.screen] = pane
        SampleLogs.answer(&state, picture, hasOlder: false)
        let count = Scoped(picture, state).rows(of: pane).count
        _ = press([.end], &state)
        #expect(Scoped(picture, state).index(in: pane) == count - 1)
        _ = press([.pageDown, .down], &state)
        #expect(Scoped(picture, state).index(in: pane) == count - 1)
        _ = press([.pageUp, .home, .up], &state)
        #expect(Scoped(picture, state).index(in: pane) == 0)
    }

    @Test("every key on every pane of an empty picture does no harm")
    func empty() {
        for picture in [SamplePicture.empty(), Picture(at: .distantPast, estate: Estate())] {
            for stroke in KeyTable.bindings.flatMap(\.strokes) {
                for pane in Pane.allCases {
                    var state = ViewState()
                    state.screen = pane.screen
                    state.panes[state.screen] = pane
                    _ = Screens.update(&state, stroke.key, picture)
                    _ = Screens.canvas(picture, state, theme: .mono, width: 80, height: 24)
                }
            }
        }
    }

    @Test("from the start to the line behind the worst failover in three keys, Esc comes back")
    func reach() {
        var state = ViewState()
        let effects = press(keys("3") + [.enter, .enter], &state)
        #expect(state.screen == .logs && state.logs.isOpen && !state.logs.isFollowing)
        #expect(effects.last == state.logs.asked.map(ScreenEffect.query))
        #expect(state.logs.asked?.aim == .around(324_000))
        _ = press([.escape], &state)
        #expect(state.screen == .failover && state.pane == .evidence)
    }

    @Test("evidence that is no line of a log opens where it is")
    func opened() {
        var state = ViewState()
        _ = press(keys("3") + [.enter, .down, .enter], &state)
        #expect(state.screen == .failover && state.isEvidenceOpen)
    }

    @Test("a filter shows what holds the text; with ! what does not; Esc clears it")
    func filter() {
        var state = ViewState()
        _ = press(keys("/VIRG"), &state)
        #expect(Scoped(picture, state).places.count == 3)
        _ = press([.enter], &state)
        #expect(state.prompt == nil && state.filter == Filter("VIRG"))
        _ = press([.escape], &state)
        #expect(state.filter.isEmpty)
        _ = press(keys("/!virg") + [.enter], &state)
        #expect(Scoped(picture, state).places.count == 4)
        _ = press(keys("/x") + [.escape], &state)
        #expect(state.filter.isEmpty && state.prompt == nil)
    }

    @Test("a filter of rows takes words, phrases, OR and brackets, and no fields of lines")
    func filterOfRows() {
        var state = ViewState()
        _ = press(keys("/virg OR shinagawa") + [.enter], &state)
        let both = Scoped(picture, state).places.count
        _ = press(keys("/") + [.control("u")] + keys("-(virg OR shinagawa)") + [.enter], &state)
        #expect(both > 3 && both + Scoped(picture, state).places.count == 7)
        let before = state.filter
        _ = press(keys("/") + [.control("u")] + keys("level>=warn"), &state)
        #expect(state.prompt?.mistake?.words == "fields and expressions are for log lines")
        _ = press([.enter], &state)
        #expect(state.prompt != nil && state.filter != Filter("level>=warn"))
        #expect(before != state.filter, "what was typed before the sign was a word")
    }

    @Test("copying gives the row, exporting a file named by screen and moment")
    func outside() {
        var state = ViewState(zone: Sample.zone)
        state.panes[.overview] = .findings
        #expect(
            press(keys("y"), &state) == [
                .copy("pg-1a down: connection refused, primary of orders")
            ]
        )
        #expect(press(keys("x"), &state) == [.export("azimuth-overview-20261123T120407.svg")])
        #expect(
            press([.control("l"), .control("z"), .control("c")], &state) == [
                .redraw, .suspend, .quit,
            ]
        )
    }

    // MARK: - Time

    @Test("Space pauses and goes on; a stop keeps the ribbon as it was")
    func pause() {
        var state = ViewState()
        #expect(press(keys(" "), &state) == [.pause])
        #expect(state.mode == .paused(waiting: 0) && state.ribbon?.newest == picture.at)
        state.waiting = 40
        #expect(press(keys(" "), &state) == [.resume])
        #expect(state.mode == .live && state.waiting == 0 && state.ribbon == nil)
    }

    @Test("stepping back pauses and snaps to ten seconds; L comes back")
    func steps() {
        var state = ViewState()
        let at = picture.at
        #expect(press(keys("["), &state) == [.pause, .seek(at.floor(to: .seconds(10)))])
        #expect(press(keys("["), &state) == [.seek(at.floor(to: .seconds(10)) - .seconds(10))])
        #expect(press(keys("]"), &state) == [.seek(at.floor(to: .seconds(10)))])
        #expect(press(keys("]"), &state) == [.seek(at)])
        #expect(press(keys("{"), &state).first == .seek(at.floor(to: .seconds(10)) - .seconds(90)))
        #expect(press(keys("L"), &state) == [.live])
        #expect(state.lookingAt == nil && !state.isPaused)
        #expect(press(keys("L"), &state) == [])
    }

    @Test("stepping stops at the first input")
    func oldest() {
        var state = ViewState()
        let effects = press([ScreenKey](repeating: .character("{"), count: 100), &state)
        #expect(effects.last == picture.intake.since.map(ScreenEffect.seek))
    }

    @Test("e and E go along the marks of the ribbon, also while an older picture is shown")
    func marks() {
        var state = ViewState()
        let marks = SamplePicture.marks
        #expect(press(keys("E"), &state) == [.pause, .seek(marks[6].at)])
        #expect(press(keys("E"), &state) == [.seek(marks[5].at)])
        var older = picture
        older.at = marks[5].at
        older.marks = Array(marks[...5])
        #expect(Screens.update(&state, .character("e"), older) == [.seek(marks[6].at)])
        #expect(state.notice?.text.contains("orders fails over") == true)
        #expect(press(keys("e"), &state) == [])
        #expect(state.notice?.text == "no later mark")
    }

    @Test("the window has its steps, the speed belongs to a replay")
    func speed() {
        var state = ViewState()
        _ = press(keys("---+"), &state)
        #expect(state.windowMinutes == 15)
        #expect(press(keys(">"), &state) == [] && state.notice?.isError == true)
        state = ViewState(feed: .replay(speed: 8))
        #expect(press(keys(">"), &state) == [.setSpeed(16)])
        #expect(press(keys("<<"), &state) == [.setSpeed(8), .setSpeed(4)])
        #expect(command("speed max", &state) == [.setSpeed(.infinity)])
        #expect(press(keys(">"), &state) == [])
    }

    @Test("a recording that is over cannot be paused, but stepped back in")
    func ended() {
        var state = ViewState(feed: .replay(speed: 8))
        state.hasEnded = true
        #expect(press(keys(" "), &state) == [] && state.mode == .ended)
        #expect(press(keys("["), &state).count == 2 && state.mode == .paused(waiting: 0))
    }
}
