import Atlas
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

    @Test("a pair on the overview opens on the replication screen")
    func pair() {
        var state = ViewState()
        press([.tab, .tab, .enter], &state)
        #expect(state.screen == .replication && state.pane == .pairs)
        #expect(Scoped(picture, state).pair?.name == Scoped(picture, state).links.first?.name)
    }
}
