import Atlas
import Canvas
import Testing

@testable import Screens

@Suite("From what needs you to the lines behind it")
struct ReachTests {
    private let picture = SamplePicture.trouble()

    private func press(_ keys: [ScreenKey], _ state: inout ViewState) {
        for key in keys { _ = Screens.update(&state, key, picture) }
    }

    @Test(
        "Tab, Enter, Enter leads from the worst item to its lines; further down are more keys",
        arguments: SamplePicture.trouble().findings.indices
    )
    func threeKeys(finding: Int) {
        var state = ViewState()
        press([.tab] + [ScreenKey](repeating: .down, count: finding), &state)
        #expect(state.pane == .findings)
        press([.enter, .enter], &state)
        #expect(state.screen == .logs, "\(picture.findings[finding].key)")
    }

    @Test("a failover opens at its first line of a log, which Enter opens")
    func failover() {
        var state = ViewState()
        press([.tab, .down, .enter], &state)
        #expect(state.screen == .failover && state.pane == .evidence)
        #expect(Scoped(picture, state).run?.id == "orders#4")
        press([.enter], &state)
        #expect(state.logs.isOpen && state.logs.asked?.aim == .around(324_000))
        press([.escape], &state)
        #expect(state.screen == .failover)
    }

    @Test("a link opens as a pair, whose two ends Enter shows")
    func link() {
        var state = ViewState()
        press([.tab, .down, .down, .enter], &state)
        #expect(state.screen == .replication)
        #expect(Scoped(picture, state).pair?.name == "pg-shinagawa")
        press([.enter], &state)
        #expect(state.logs.only == ["pg-sng", "pg-v1a"])
    }

    @Test("a resource opens in its place and layer, under the cursor, and then its log")
    func resource() {
        var state = ViewState()
        press([.tab, .enter], &state)
        #expect(state.scope == Scope(place: Place(area: "tokyo", zone: "1a"), layer: "data"))
        #expect(state.screen == .overview && state.pane == .health)
        press([.enter], &state)
        #expect(state.logs.only == ["pg-1a"])
        press([.escape], &state)
        #expect(state.screen == .overview && state.scope.layer == "data")
    }

    @Test("one that writes no log opens the logs of its service, and it is said")
    func silent() {
        var picture = picture
        picture.sources = [SourceState(name: "pg-1c log", resource: "pg-1c")]
        var state = ViewState()
        for key in [ScreenKey.tab, .enter, .enter] { _ = Screens.update(&state, key, picture) }
        #expect(state.logs.only == ["pg-1c"])
        #expect(state.notice?.text == "pg-1a has no log of its own: these are of orders")
    }

    @Test("a source that is not read opens among the sources, and then its own lines")
    func source() {
        var picture = SamplePicture.sources()
        picture.sources[3].lastLine = picture.at
        for key in ["source:journal", "stalled:app"] {
            let name = String(key.split(separator: ":")[1])
            picture.findings = [
                Finding(
                    key: key,
                    health: .warn,
                    subject: name,
                    place: nil,
                    title: name,
                    detail: "",
                    since: picture.at
                )
            ]
            var state = ViewState()
            for key in [ScreenKey.tab, .enter] { _ = Screens.update(&state, key, picture) }
            #expect(state.screen == .sources)
            #expect(Scoped(picture, state).source?.name == name)
            let effects = Screens.update(&state, .enter, picture)
            #expect(state.screen == .logs && state.logs.onlySources == [name])
            guard case .query(let question)? = effects.first else {
                Issue.record("nothing was asked")
                continue
            }
            #expect(question.choice.sources == [name] && question.choice.resources == nil)
            _ = Screens.update(&state, .escape, picture)
            #expect(state.screen == .sources && state.logs.onlySources == nil)
        }
    }

    @Test("the lines that rules placed elsewhere are of their source, too")
    func placed() {
        var picture = SamplePicture.sources()
        let part = SourceState(name: "syslog: pg-1a", resource: "pg-1a", partOf: "syslog")
        picture.sources.append(part)
        var state = ViewState()
        state.screen = .sources
        state.selections[.sources] = Selection(id: "syslog", index: 0)
        #expect(!Scoped(picture, state).sources.contains { $0.name == part.name })
        _ = Screens.update(&state, .enter, picture)
        #expect(state.logs.onlySources == ["syslog", "syslog: pg-1a"])
    }

    @Test(
        "the sources are one key away, the worst under the cursor",
        arguments: [Screen.overview, .logs]
    )
    func oneKey(screen: Screen) {
        let picture = SamplePicture.sources()
        var state = ViewState()
        state.screen = screen
        _ = Screens.update(&state, .character("5"), picture)
        #expect(state.screen == .sources)
        let names = Scoped(picture, state).sources.map(\.name)
        #expect(names == ["journal", "batch", "app", "pg-1a", "syslog"])
    }

    @Test("q is called what it does: back where it leaves something first, quit where it ends")
    func leaving() {
        func hint(_ change: (inout ViewState) -> Void) -> String {
            var state = ViewState()
            change(&state)
            let canvas = Screens.canvas(
                picture,
                state,
                theme: .builtIn,
                width: 200,
                height: 24
            )
            let row = CanvasText.row(23, of: canvas)
            return row.contains("q quit") ? "quit" : row.contains("q back") ? "back" : row
        }
        #expect(hint { _ in } == "quit")
        #expect(hint { $0.filter = Filter("pg") } == "back")
        for screen in Screen.allCases where screen != .overview {
            #expect(hint { $0.screen = screen } == "back")
        }
        #expect(
            hint {
                $0.purpose = .lines(["a.log"])
                $0.screen = .logs
            } == "quit"
        )
    }

    @Test("a pair on the overview opens on the replication screen")
    func pair() {
        var state = ViewState()
        press([.tab, .tab, .enter], &state)
        #expect(state.screen == .replication && state.pane == .pairs)
        #expect(Scoped(picture, state).pair?.name == Scoped(picture, state).links.first?.name)
    }
}
