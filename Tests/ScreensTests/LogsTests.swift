import Atlas
import Canvas
import Query
import Testing

@testable import Screens

@Suite("What keys do in the logs")
struct LogsTests {
    private let picture = SamplePicture.trouble()

    private func opened(hasOlder: Bool = true) -> ViewState {
        var state = ViewState()
        state.screen = .logs
        SampleLogs.answer(&state, picture, hasOlder: hasOlder)
        return state
    }

    private func press(_ text: String, _ state: inout ViewState) -> [ScreenEffect] {
        press(text.unicodeScalars.map(ScreenKey.character), &state)
    }

    private func press(_ keys: [ScreenKey], _ state: inout ViewState) -> [ScreenEffect] {
        keys.flatMap { Screens.update(&state, $0, picture) }
    }

    private func asked(_ effects: [ScreenEffect]) -> [LogQuestion] {
        effects.compactMap { if case .query(let question) = $0 { question } else { nil } }
    }

    // MARK: - Asking

    @Test("opening asks for the newest lines, and for nothing on other screens")
    func open() {
        var state = ViewState()
        #expect(asked(press("4", &state)).map(\.aim) == [.newest])
        #expect(asked(press("123", &state)).isEmpty)
        #expect(asked(press("j/x", &state)).isEmpty)
    }

    @Test("following asks when lines came, for three seconds more, then never again")
    func news() {
        var state = opened()
        var picture = picture
        picture.intake.lines += 1
        picture.at = picture.at + .seconds(60)
        #expect(asked(Screens.askForNews(&state, picture)).count == 1)
        #expect(Screens.askForNews(&state, picture).isEmpty, "one is under way")
        for second in 1...5 {
            if let question = state.logs.asked { Screens.take(&state, LogAnswer(question)) }
            picture.at = picture.at + .seconds(1)
            #expect(Screens.askForNews(&state, picture).isEmpty == (second > 3), "\(second) s")
        }
    }

    @Test("a paused screen, one that does not follow, and one in the past ask for no news")
    func still() {
        var news = picture
        news.intake.lines += 1
        for keys in [[ScreenKey.character(" ")], [.up], [.character("[")]] {
            var state = opened()
            for question in asked(press(keys, &state)) {
                Screens.take(&state, LogAnswer(question, rows: SampleLogs.rows))
            }
            #expect(Screens.askForNews(&state, news).isEmpty, "\(keys)")
        }
    }

    @Test("paused and past screens show only what had arrived by then")
    func past() {
        var state = opened()
        #expect(asked(press(" ", &state)).map(\.choice.arrivedBy) == [picture.at])
        let past = asked(press("[", &state)).last?.choice.arrivedBy
        #expect(past == state.lookingAt && past != nil)
        #expect(asked(press("L", &state)).last?.choice.arrivedBy == .some(nil))
    }

    @Test("scope, filter and level go into the question, and each change asks anew")
    func choice() {
        var state = opened()
        state.scope = Scope(place: Place(area: "tokyo", zone: "1c"), layer: "data")
        let questions = asked(press("/redo", &state))
        #expect(questions.count == 5, "the scope, then a letter each")
        #expect(questions.last?.choice.filter == Filter("redo"))
        #expect(questions.last?.choice.resources == ["pg-1c"])
        _ = press([.enter], &state)
        #expect(asked(press("v", &state)).map(\.choice.minimumLevel) == [.info])
        #expect(asked(press("vvvV", &state)).map(\.choice.minimumLevel) == [.warn, .error, .warn])
        #expect(asked(press([.escape], &state)).map(\.choice.filter) == [Filter()])
    }

    @Test("an answer that nobody waits for any more is passed over")
    func late() {
        var state = opened()
        let first = asked(press("/a", &state))[0]
        _ = press("b", &state)
        let before = state
        Screens.take(&state, LogAnswer(first, rows: []))
        #expect(state == before)
    }

    // MARK: - Moving

    @Test("moving up stops following, End follows again")
    func follow() {
        var state = opened(hasOlder: false)
        #expect(press([.up], &state).isEmpty)
        #expect(!state.logs.isFollowing && state.logs.index == 58)
        _ = press([.down], &state)
        #expect(!state.logs.isFollowing && state.logs.index == 59)
        _ = press("G", &state)
        #expect(state.logs.isFollowing)
        _ = press([.home], &state)
        #expect(!state.logs.isFollowing && state.logs.index == 0)
    }

    @Test("near the end of the rows the next ones are asked for, about the cursor")
    func edges() {
        var state = opened()
        #expect(asked(press([ScreenKey](repeating: .up, count: 9), &state)).isEmpty)
        #expect(asked(press([.pageUp], &state)).map(\.aim) == [.around(324_040)])
        #expect(asked(press("g", &state)).map(\.aim) == [.around(1)])
    }

    @Test("the cursor stays on its line when others come around it")
    func identity() {
        var state = opened()
        _ = press([.pageUp, .up, .up], &state)
        guard let question = state.logs.asked else {
            Issue.record("nothing asked")
            return
        }
        let older = SampleLogs.row(1, 0, "pg-1a", .info, "older")
        Screens.take(&state, LogAnswer(question, rows: [older] + SampleLogs.rows))
        #expect(state.logs.index == 48)
        #expect(state.logs.cursor == 324_047)
    }

    @Test("e and E go to errors at hand, and ask for those that are not")
    func errors() {
        var state = opened()
        _ = press("E", &state)
        #expect(state.logs.cursor == 324_058, "the last error")
        _ = press("EE", &state)
        #expect(state.logs.cursor == 324_051)
        _ = press("e", &state)
        #expect(state.logs.cursor == 324_057)
        _ = press("ee", &state)
        #expect(state.notice?.text == "no later error")
        state.logs.cursor = 324_000
        #expect(
            asked(press("E", &state)).map(\.aim) == [
                .hit(.error, isForward: false, from: 324_000)
            ]
        )
    }

    @Test("lines that were found so far are shown while older ones are looked for")
    func partial() {
        var state = opened()
        let question = asked(press("v", &state)).last
        guard let question else {
            Issue.record("nothing asked")
            return
        }
        let row = SampleLogs.row(77, 0, "pg-1a", .error, "found so far")
        var answer = LogAnswer(question, rows: [row], hasOlder: true)
        answer.looked = 0.34
        Screens.take(&state, answer)
        #expect(state.logs.rows == [row] && state.logs.asked == question)
        answer.looked = 0.5
        answer.rows = [SampleLogs.row(76, 0, "pg-1a", .error, "older"), row]
        Screens.take(&state, answer)
        #expect(state.logs.rows.count == 2)
        answer.looked = nil
        Screens.take(&state, answer)
        #expect(state.logs.asked == nil && state.logs.rows.count == 2)

        // A fuller answer to the same choice stays until the new one is whole.
        state.logs.asked = question
        answer.looked = 0.1
        answer.rows = [row]
        Screens.take(&state, answer)
        #expect(state.logs.rows.count == 2)
    }

    @Test("Esc gives up looking for an error far away: another question takes its place")
    func givesUp() {
        var state = opened()
        state.logs.isFollowing = false
        state.logs.cursor = 324_000
        let search = asked(press("E", &state)).last
        let after = asked(press([.escape], &state)).last
        #expect(after?.aim == .around(324_000))
        if let search {
            Screens.take(&state, LogAnswer(search, found: 77))
            #expect(state.logs.cursor == 324_000, "its answer comes too late")
        }
    }

    @Test("an error that was found far away gets the cursor; none is said")
    func found() {
        var state = opened()
        state.logs.isFollowing = false
        state.logs.cursor = 324_000
        _ = press("E", &state)
        guard let question = state.logs.asked else {
            Issue.record("nothing asked")
            return
        }
        var none = state
        Screens.take(&none, LogAnswer(question))
        #expect(none.notice?.text == "no earlier error" && none.logs.cursor == 324_000)
        #expect(none.logs.rows.count == 60)
        let row = SampleLogs.row(77, 0, "pg-1a", .error, "found")
        Screens.take(&state, LogAnswer(question, rows: [row], found: 77))
        #expect(state.logs.index == 0 && state.logs.cursor == 77)
    }

    @Test("a filter with a mistake says so where it is, and the one before holds on")
    func mistake() {
        var state = opened()
        _ = press("/promote (", &state)
        #expect(state.filter == Filter("promote "))
        #expect(state.prompt?.mistake?.words == "a condition is missing here")
        #expect(press("redo", &state).isEmpty, "nothing else to ask for")
        #expect(state.filter == Filter("promote "))
        #expect(state.prompt?.mistake?.offset == 8)
        _ = press([.enter], &state)
        #expect(state.prompt?.text == "promote (redo", "it stays open")
        #expect(asked(press(")", &state)).map(\.choice.filter.text) == ["promote (redo)"])
        #expect(state.prompt?.mistake == nil)
        _ = press([.enter], &state)
        #expect(state.prompt == nil && state.filter == Filter("promote (redo)"))
    }

    @Test("a regular expression is taken once it is closed, a path when it is entered")
    func unfinished() {
        var state = opened()
        #expect(asked(press("/promote /re[dq]", &state)).last?.choice.filter.text == "promote ")
        #expect(asked(press("o/", &state)).map(\.choice.filter.text) == ["promote /re[dq]o/"])
        _ = press([.control("u")], &state)
        #expect(asked(press("/var", &state)).isEmpty)
        #expect(asked(press([.enter], &state)).map(\.choice.filter.text) == ["/var"])
    }

    @Test(":filter with a mistake changes nothing and tells it")
    func commandMistake() {
        var state = opened()
        state.filter = Filter("redo")
        _ = press(":filter level>=wran", &state)
        _ = press([.enter], &state)
        #expect(state.filter == Filter("redo"))
        #expect(state.notice?.text == "'wran' is no level: did you mean 'warn'?")
        #expect(state.notice?.isError == true)
    }

    @Test("Tab in the prompt marks instead of hiding; n and N go along, Esc clears")
    func highlight() {
        var state = opened()
        _ = press("/promote", &state)
        #expect(state.filter == Filter("promote"))
        _ = press([.tab], &state)
        #expect(state.filter.isEmpty && state.logs.highlight == "promote")
        _ = press([.tab, .tab, .enter], &state)
        #expect(state.prompt == nil && state.logs.highlight == "promote")
        _ = press("N", &state)
        #expect(state.logs.cursor == 324_054)
        _ = press("NNn", &state)
        #expect(state.logs.cursor == 324_047)
        _ = press([.escape], &state)
        #expect(state.logs.highlight.isEmpty)
        _ = press("n", &state)
        #expect(state.notice != nil)
    }

    // MARK: - To the logs and back

    @Test("a jump widens what would hide its line, and Esc gives all of it back")
    func jump() {
        var state = ViewState()
        state.logs.minimumLevel = .error
        _ = press("3/orders", &state)
        _ = press([.enter, .enter, .enter], &state)
        #expect(state.screen == .logs && state.filter.isEmpty)
        #expect(state.logs.minimumLevel == .trace)
        _ = press([.escape], &state)
        #expect(state.screen == .failover && state.filter == Filter("orders"))
        #expect(state.logs.minimumLevel == .error && state.logs.isFollowing)
    }

    @Test("a number opens another screen and forgets the jump")
    func leave() {
        var state = ViewState()
        _ = press("3", &state)
        _ = press([.enter, .enter], &state)
        _ = press("1", &state)
        #expect(state.screen == .overview && state.logs.origin == nil)
    }

    @Test("Enter on a pair opens the lines of its two ends")
    func pair() {
        var state = ViewState()
        _ = press("2", &state)
        let questions = asked(press([.enter], &state))
        #expect(questions.map(\.choice.resources) == [["pg-sng", "pg-v1a"]])
        _ = press("q", &state)
        #expect(state.screen == .replication && state.logs.only == nil)
    }

    @Test("a line that is held no more is said")
    func gone() {
        var state = ViewState()
        _ = press("3", &state)
        _ = press([.enter, .enter], &state)
        guard let question = state.logs.asked else {
            Issue.record("nothing asked")
            return
        }
        Screens.take(&state, LogAnswer(question, rows: []))
        #expect(state.notice?.text == "that line is held no more")
    }

    // MARK: - Drawing

    @Test("one step costs two rows, not a screen")
    func quiet() {
        var state = opened(hasOlder: false)
        var last = Screens.canvas(picture, state, theme: .builtIn, width: 120, height: 40)
        var repainted = 0
        for _ in 0..<50 {
            _ = press([.up], &state)
            let next = Screens.canvas(picture, state, theme: .builtIn, width: 120, height: 40)
            let rows = (0..<40).filter { y in
                (0..<120).contains { last[$0, y] != next[$0, y] }
            }
            if rows.count > 3 { repainted += 1 }
            last = next
        }
        #expect(repainted <= 4, "\(repainted) of 50 steps moved the window")
    }

    @Test("hits are seen under the cursor, too")
    func hitUnderCursor() {
        var state = opened()
        state.logs.highlight = "orderservice"
        _ = press("N", &state)
        let canvas = Screens.canvas(picture, state, theme: .builtIn, width: 80, height: 24)
        let bar = (0..<24).first { canvas[1, $0].glyph == 0x258C }
        let hit = Theme.builtIn[.hit].background
        let isMarked = bar.map { y in (0..<80).contains { canvas[$0, y].background == hit } }
        #expect(isMarked == true)
    }

    @Test("hits stand where the text stands, wide and dropped characters before them or not")
    func hits() {
        #expect(LineForm.hits(of: "b", in: "abAB", limit: 80) == [1..<2, 3..<4])
        #expect(LineForm.hits(of: "db", in: "東京 DB", limit: 80) == [5..<7])
        #expect(LineForm.hits(of: "x", in: "\u{202E}e\u{301}x", limit: 80) == [1..<2])
        #expect(LineForm.hits(of: "a", in: "aaaa", limit: 2) == [0..<1, 1..<2])
        #expect(LineForm.hits(of: "", in: "abc", limit: 80).isEmpty)
        #expect(LineForm.hits(of: "abcd", in: "abc", limit: 80).isEmpty)
    }

    @Test("pairs stand by what they use of their RPO; one that is broken and unknown comes first")
    func pairs() {
        var picture = picture
        #expect(
            Scoped(picture, ViewState()).pairs.map(\.name) == [
                "pg-shinagawa", "pg-virginia", "pg-tokyo",
            ]
        )
        picture.links[0].loss = nil
        picture.links[0].health = .down
        #expect(Scoped(picture, ViewState()).pairs.first?.name == "pg-tokyo")
    }
}
