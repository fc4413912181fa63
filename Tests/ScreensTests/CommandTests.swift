import Atlas
import Testing

@testable import Screens

@Suite("What can be typed")
struct CommandTests {
    private let picture = SamplePicture.trouble()

    private func type(_ text: String, _ state: inout ViewState, _ last: ScreenKey? = .enter)
        -> [ScreenEffect]
    {
        let keys = (":" + text).unicodeScalars.map(ScreenKey.character) + [last].compactMap { $0 }
        return keys.flatMap { Screens.update(&state, $0, picture) }
    }

    @Test(
        "a moment is a time of day, a span back, an end, or RFC 3339",
        arguments: [
            ("12:03", "2026-11-23T03:03:00Z"), ("12:03:25", "2026-11-23T03:03:25Z"),
            ("13:00", "2026-11-22T04:00:00Z"), ("-2h", "2026-11-23T01:04:07Z"),
            ("-90s", "2026-11-23T03:02:37Z"), ("end", "2026-11-23T03:04:07Z"),
            ("2026-11-23T02:00:00Z", "2026-11-23T02:00:00Z"), ("start", "2026-11-23T01:04:07Z"),
        ]
    )
    func moments(text: String, expected: String) {
        let moment = MomentText.instant(
            text,
            newest: picture.at,
            oldest: picture.intake.since,
            zone: Sample.zone
        )
        #expect(moment == SampleEstate.at(expected))
    }

    @Test(
        "what is no moment is refused",
        arguments: ["", "noon", "25:00", "12", "12:61", "-x", "-"]
    )
    func noMoments(text: String) {
        var state = ViewState()
        #expect(type("goto " + text, &state) == [])
        #expect(state.notice?.isError == true)
    }

    @Test("commands do what they say")
    func commands() {
        var state = ViewState(zone: Sample.zone)
        #expect(type("goto -10m", &state) == [.pause, .seek(picture.at - .seconds(600))])
        #expect(type("live", &state) == [.live])
        #expect(type("scope tokyo/1a data", &state) == [])
        #expect(state.scope == Scope(place: Place(area: "tokyo", zone: "1a"), layer: "data"))
        #expect(type("scope all", &state) == [] && state.scope.isAll)
        #expect(type("theme daylight", &state) == [.setTheme("daylight")])
        #expect(type("set ascii on", &state) == [.setASCII(true)])
        #expect(type("mark drill begins", &state) == [.mark("drill begins")])
        #expect(type("export a.txt", &state) == [.export("a.txt")])
        #expect(type("window 15", &state) == [] && state.windowMinutes == 15)
        #expect(type("failover", &state) == [] && state.screen == .failover)
        #expect(type("help", &state) == [] && state.isHelpOpen)
        state.isHelpOpen = false
        #expect(type("q", &state) == [.quit] && type("quit", &state) == [.quit])
    }

    @Test(
        "a misspelt name is told the nearest",
        arguments: [
            ("them daylight", "did you mean :theme?"), ("theme dayligt", "did you mean daylight?"),
            ("scope tokio", "did you mean tokyo?"), ("failovr", "did you mean :failover?"),
            ("speed fast", "only a replay"), ("window 90", "5 to 60"), ("set x", "ascii on"),
        ]
    )
    func nearest(text: String, words: String) {
        var state = ViewState(feed: text.hasPrefix("speed") ? .live : .live)
        #expect(type(text, &state) == [])
        #expect(state.notice?.isError == true)
        if !text.hasPrefix("speed") { #expect(state.notice?.text.contains(words) == true) }
    }

    @Test(
        "Tab completes names and what follows them, as far as is sure",
        arguments: [
            ("th", "theme "), ("theme d", "theme daylight"), ("scope to", "scope tokyo"),
            ("scope tokyo/1a da", "scope tokyo/1a data"), ("e", "export "), ("p", "pause"),
            ("s", "s"), ("set ascii of", "set ascii off"), ("nothing", "nothing"),
            ("goto s", "goto start"),
        ]
    )
    func completion(text: String, expected: String) {
        var state = ViewState()
        _ = type(text, &state, .tab)
        #expect(state.prompt?.text == expected)
    }

    @Test("the prompt recalls, deletes words, takes a paste's first line, and leaves by Esc")
    func editing() {
        var state = ViewState()
        _ = type("theme mono", &state)
        _ = type("live", &state)
        _ = type("", &state, .up)
        #expect(state.prompt?.text == "live")
        _ = Screens.update(&state, .up, picture)
        #expect(state.prompt?.text == "theme mono")
        _ = Screens.update(&state, .control("w"), picture)
        #expect(state.prompt?.text == "theme ")
        _ = Screens.update(&state, .paste("daylight\nq"), picture)
        #expect(state.prompt?.text == "theme daylight")
        #expect(Screens.update(&state, .escape, picture) == [] && state.prompt == nil)
        _ = type("", &state, .backspace)
        #expect(state.prompt == nil)
    }

    @Test("a mark is set at the present only")
    func mark() {
        var state = ViewState()
        _ = Screens.update(&state, .character("["), picture)
        _ = Screens.update(&state, .character("m"), picture)
        _ = Screens.update(&state, .character("x"), picture)
        #expect(Screens.update(&state, .enter, picture) == [])
        #expect(state.notice?.isError == true)
    }

    @Test("m asks for a note on every screen, Enter sets it and says so")
    func markKey() {
        for screen in Screen.allCases {
            var state = ViewState()
            state.screen = screen
            _ = Screens.update(&state, .character("m"), picture)
            #expect(state.prompt?.kind == .mark)
            for scalar in " step 3 ".unicodeScalars {
                _ = Screens.update(&state, .character(scalar), picture)
            }
            #expect(Screens.update(&state, .enter, picture).contains(.mark("step 3")))
            #expect(state.notice == Notice("marked: step 3"))
        }
    }

    @Test("a recording takes no marks, and says so before one is typed")
    func markInReplay() {
        var state = ViewState(feed: .replay(speed: 8))
        #expect(Screens.update(&state, .character("m"), picture) == [])
        #expect(state.prompt == nil)
        #expect(state.notice?.isError == true)
        #expect(type("mark drill", &state) == [])
        #expect(state.notice?.isError == true)
    }
}
