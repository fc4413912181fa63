import Atlas
import Canvas
import Configure
import Screens
import Terminal

/// How a dashboard looks at its start.
struct Look {
    var theme: Theme
    var screen: Screen
    var purpose = Purpose.estate
    /// Standard input holds lines, so keys come from elsewhere.
    var takesKeysFromTerminal = false
    /// Said until the first key.
    var notice: Notice?

    /// From the command line, then AZIMUTH_THEME, then the configuration, then meridian.
    init(_ options: LookOptions, configured: String? = nil, screen: Screen = .overview) throws {
        let name =
            options.theme ?? Environment.value("AZIMUTH_THEME") ?? configured ?? "meridian"
        theme = try Setup.theme(named: name)
        self.screen = screen
    }
}

/// Opens the terminal, shows a feed until the person leaves, gives the terminal back.
@MainActor
enum DashboardSession {
    static func run(
        _ feed: any DashboardFeed,
        wake: WakeSignal,
        look: Look,
        options: LookOptions
    ) throws {
        let session = try TerminalSession(
            options: TerminalSession.Options(
                forceASCII: options.ascii,
                noColor: options.noColor,
                keysFromControllingTerminal: look.takesKeysFromTerminal
            )
        )
        let loop = try UILoop(session: session, wake: wake)
        let desk = try LineDesk(feed, wake: wake.signal)
        let lags = try LagDesk(feed, wake: wake.signal)
        let dashboard = Dashboard(session: session, feed: feed, desk: desk, lags: lags, look: look)
        _ = loop.run(dashboard)
        desk.finish()
        lags.finish()
        session.end()
    }
}
