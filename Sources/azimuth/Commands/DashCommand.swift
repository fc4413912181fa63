import ArgumentParser
import Atlas
import Configure
import Glibc
import History
import Screens
import Terminal

struct DashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dash",
        abstract: "Open the dashboard (what azimuth does without a command).",
        discussion: """
            It watches by itself, or attaches where an `azimuth ingest` holds the history. Without \
            a configuration it watches this host, its vital signs and its system's logs, and \
            keeps nothing. ? shows every key, q leaves.

            Examples:
              azimuth                              the dashboard of ./azimuth.yaml
              azimuth dash --config lab.yaml --theme daylight
              azimuth dash --history h.db          a history: of another process, or an old one
              azimuth --ascii --no-color           for a bare terminal
            """
    )

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions
    @OptionGroup var look: LookOptions

    func run() throws {
        ProcessSignals.block()
        try MainActor.assumeIsolated { try show() }
    }

    @MainActor
    private func show() throws {
        let wake = try WakeSignal()
        let path = try Setup.historyPath(history.history, config)
        let isConfigured = config.config != nil || Configuration.find() != nil
        if !isConfigured, history.history == nil, HistoryReader.holder(of: path) == nil {
            try watchHost(wake)
        } else if HistoryReader.holder(of: path) != nil || isHistoryAlone(path) {
            try attach(path, wake)
        } else {
            try watch(path, wake)
        }
    }

    /// Watches this host, since nobody said what else.
    @MainActor
    private func watchHost(_ wake: WakeSignal) throws {
        var look = try Look(look)
        look.purpose = .host
        try DashboardSession.watch(
            HostPlan.plan(HostScan.host(), catalogue: Setup.catalogue),
            backlog: Self.backlog,
            wake: wake,
            look: look,
            options: self.look
        )
    }

    /// Of each log of the host: enough to see what led to now.
    private static let backlog = 500

    /// True when there is a history to look at and no configuration to watch with: a post-mortem.
    private func isHistoryAlone(_ path: String) -> Bool {
        config.config == nil && Configuration.find() == nil && access(path, R_OK) == 0
    }

    /// Shows what another process ingests, or has ingested.
    @MainActor
    private func attach(_ path: String, _ wake: WakeSignal) throws {
        let run = try AttachedRun(path: path, wake: wake.signal)
        defer { run.finish() }
        let configured = try? Setup.configuration(config).theme
        let look = try Look(look, configured: configured)
        try DashboardSession.run(run, wake: wake, look: look, options: self.look)
    }

    /// Ingests and shows.
    @MainActor
    private func watch(_ path: String, _ wake: WakeSignal) throws {
        let configuration = try Setup.configuration(config)
        let look = try Look(look, configured: configuration.theme)
        try Setup.makeFolder(of: path)
        var history = try OpenedHistory(path: path) { StandardError.write("azimuth: \($0)\n") }
        let run = try history.begin { writer in
            try LiveRun(
                LiveRun.Parts(
                    plan: configuration.plan,
                    redaction: configuration.redaction,
                    history: writer,
                    historyPath: path,
                    retention: Retention(configuration.retention),
                    hold: configuration.hold,
                    marks: MarkFile.path(history: path),
                    wake: wake.signal
                )
            )
        }
        defer { try? history.writer.close() }
        do {
            let feed = LiveFeed(
                run: run,
                lines: try HistoryReader(path: path),
                numbers: try HistoryReader(path: path)
            )
            try DashboardSession.run(feed, wake: wake, look: look, options: self.look)
        } catch {
            _ = run.finish()
            throw error
        }
        _ = run.finish()
    }
}

/// A run of this process, on screen.
private struct LiveFeed: DashboardFeed {
    let run: LiveRun
    /// Of the history that the run keeps.
    let lines: HistoryReader
    let numbers: HistoryReader
    let kind = Feed.live

    var box: PictureBox { run.box }
    var metrics: any MetricHistory { numbers }

    func picture(at instant: Instant) -> Picture? { run.box.read().log.picture(at: instant) }

    func lines(for question: LogQuestion, _ wish: LineWish) -> LogAnswer {
        LineFinder(history: lines, wish: wish).answer(question)
    }

    func mark(_ text: String) -> Notice {
        run.mark(text)
            ? Notice("marked: \(text)") : Notice("too much is waiting: try again", isError: true)
    }
}
