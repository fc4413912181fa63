import Atlas
import Canvas
import Testing

@testable import Screens

/// A case of a screen: what is shown, and how one looks at it.
struct Sample: Sendable, CustomTestStringConvertible {
    let screen: Screen
    let title: String
    let picture: Picture
    var state: ViewState
    var theme = Theme.builtIn

    var testDescription: String { "\(screen.name), \(title)" }

    init(
        _ screen: Screen,
        _ title: String,
        _ picture: Picture,
        theme: Theme = .builtIn,
        _ change: (inout ViewState) -> Void = { _ in }
    ) {
        self.screen = screen
        self.title = title
        self.picture = picture
        self.theme = theme
        state = ViewState(zone: Sample.zone)
        state.screen = screen
        change(&state)
    }

    static let zone = LocalTime(offset: .seconds(9 * 3_600), name: "JST")

    func canvas(_ width: Int, _ height: Int) -> Canvas {
        Screens.canvas(picture, state, theme: theme, width: width, height: height)
    }

    func name(_ width: Int, _ height: Int) -> String {
        "\(screen.name)-\(width)x\(height)-\(title)"
    }

    static var all: [Sample] {
        var troubled = SamplePicture.trouble()
        troubled.failovers = SampleRuns.past() + SampleRuns.troubled()
        return logs + [
            logs("files") {
                $0.purpose = .lines(["syslog (syslog)", "a/pg.log (postgresql)", "stdin (auto)"])
            },
            Sample(.replication, "trouble", SamplePicture.trouble()) { $0.windowMinutes = 30 },
            Sample(.replication, "calm", SamplePicture.calm()),
            Sample(.replication, "after", SamplePicture.after()) {
                $0.selections[.pairs] = Selection(id: "pg-virginia", index: 1)
            },
            Sample(.replication, "hour", SamplePicture.calm()) { state in
                let link = Screens.askForLag(&state, SamplePicture.calm())
                state.lag = link.map { LagAnswer($0, values: SamplePicture.hour()) }
            },
            Sample(.replication, "empty", SamplePicture.empty()),
            Sample(.replication, "fresh", SamplePicture.fresh()),
            Sample(.sources, "trouble", SamplePicture.sources()),
            Sample(.sources, "calm", SamplePicture.calm()),
            Sample(.sources, "mono", SamplePicture.sources(), theme: .mono),
            Sample(.sources, "daylight", SamplePicture.sources(), theme: ThemeFile.daylight),
            Sample(.sources, "dropping", SamplePicture.sources()) {
                $0.selections[.sources] = Selection(id: "syslog", index: 2)
            },
            Sample(.sources, "behind", SamplePicture.sources()) {
                $0.selections[.sources] = Selection(id: "app", index: 1)
            },
            Sample(.sources, "empty", SamplePicture.empty()),
            Sample(.overview, "trouble", SamplePicture.trouble()),
            Sample(.overview, "calm", SamplePicture.calm()),
            Sample(.overview, "after", SamplePicture.after()),
            Sample(.overview, "empty", SamplePicture.empty()),
            Sample(.overview, "fresh", SamplePicture.fresh()),
            Sample(.overview, "zone", SamplePicture.trouble()) {
                $0.scope = Scope(place: Place(area: "tokyo", zone: "1a"))
                $0.isPaused = true
                $0.waiting = 1_234
            },
            Sample(.overview, "host", SamplePicture.host()) { $0.purpose = .host },
            Sample(.overview, "host-zoomed", SamplePicture.host()) {
                $0.purpose = .host
                $0.scope = Scope(place: Place(area: "web-1"))
            },
            Sample(.overview, "daylight", SamplePicture.trouble(), theme: ThemeFile.daylight),
            Sample(.overview, "mono", SamplePicture.trouble(), theme: .mono),
            Sample(.failover, "trouble", SamplePicture.trouble()) {
                $0.feed = .replay(speed: 8)
            },
            Sample(.failover, "after", SamplePicture.after()) {
                $0.panes[.failover] = .evidence
                $0.selections[.evidence] = Selection(id: "5", index: 5)
                $0.isEvidenceOpen = true
            },
            Sample(.failover, "troubled", troubled),
            Sample(.failover, "outage", troubled) {
                $0.selections[.runs] = Selection(id: "stock#2", index: 1)
            },
            Sample(.failover, "calm", SamplePicture.calm()),
            Sample(.failover, "help", SamplePicture.calm()) { $0.isHelpOpen = true },
            Sample(.failover, "prompt", SamplePicture.trouble()) {
                $0.prompt = Prompt(.command, text: "scope tokyo/")
                $0.lookingAt = SampleEstate.now - .seconds(600)
                $0.isPaused = true
                $0.ribbon = Ribbon(newest: SampleEstate.now, marks: SamplePicture.marks)
            },
        ]
    }
}
