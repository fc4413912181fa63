import ArgumentParser
import Atlas
import Canvas
import Collect
import Configure
import History
import Screens
import Terminal

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a recording: on the dashboard, as a report, or as a picture.",
        discussion: """
            The same recording gives the same pictures and the same report, at any speed.

            Examples:
              azimuth replay postgresql-kill --speed 8
              azimuth replay postgresql-kill --headless
              azimuth replay postgresql-lagged --json --until 90s
              azimuth replay DIR --screenshot now.svg --at 75s --screen failover
            """
    )

    @Argument(
        help: "The recording's folder, or the name of one that comes with azimuth.",
        completion: .directory
    )
    var recording: String

    @Option(help: "How many times faster than it happened: a number, or max.")
    var speed: String?

    @Option(help: "Stop there: a time (RFC 3339), or how long after the start (90s).")
    var until: String?

    @Flag(help: "No screen: fold it all and print a report.")
    var headless = false

    @Flag(help: "The report as JSON lines (Docs/report.md); implies --headless.")
    var json = false

    @Option(
        help: "Draw one screen into FILE.svg or FILE.txt instead.",
        completion: .file(extensions: ["svg", "txt"])
    )
    var screenshot: String?

    @Option(help: "The moment of the screenshot; as --until.")
    var at: String?

    @Option(
        help: "The first screen: overview, replication, failover or logs.",
        completion: .list(Screen.allCases.map(\.name))
    )
    var screen: String = "overview"

    @Option(help: "The size of the screenshot, columns x rows.")
    var size: String = "120x40"

    @OptionGroup var look: LookOptions

    func run() throws {
        let recording = try Recording(recording)
        let start = recording.file.made
        let end = try until.map { try TimeArgument.instant($0, after: start) }
        let pace = try speed.map { try ReplaySpeed(argument: $0) }
        if let screenshot {
            let moment = try at.map { try TimeArgument.instant($0, after: start) } ?? end
            try draw(recording, at: moment, to: screenshot)
        } else if headless || json {
            try report(recording, pace ?? .max, until: end)
        } else {
            ProcessSignals.block()
            try MainActor.assumeIsolated { try show(recording, pace ?? .times(1), until: end) }
        }
    }

    @MainActor
    private func show(_ recording: Recording, _ speed: ReplaySpeed, until end: Instant?) throws {
        let wake = try WakeSignal()
        let look = try Look(self.look, screen: try wantedScreen())
        let run = try ReplayRun(recording, speed: speed, until: end, wake: wake.signal)
        defer { run.finish() }
        try DashboardSession.run(run, wake: wake, look: look, options: self.look)
    }

    private func report(_ recording: Recording, _ speed: ReplaySpeed, until end: Instant?) throws {
        let (picture, complaint) = try HeadlessReplay.run(recording, speed: speed, until: end)
        if let complaint { StandardError.write("azimuth: \(Explain.printable(complaint))\n") }
        StandardOutput.write(json ? try ReportJSON.whole(picture) : ReportText.whole(picture))
    }

    private func draw(_ recording: Recording, at moment: Instant?, to path: String) throws {
        let log = MemoryLog(recording.plan)
        let (picture, _) = try HeadlessReplay.run(recording, speed: .max, until: moment, log: log)
        let look = try Look(self.look, screen: try wantedScreen())
        let theme = self.look.noColor ? .mono : look.theme
        var state = ViewState(feed: .replay(speed: 1))
        state.screen = look.screen
        state.themeName = theme.name
        if let end = recording.file.ended { state.show(end - recording.file.made) }
        for case .query(let question) in Screens.askForNews(&state, picture) {
            Screens.take(&state, log.lines.answer(question))
        }
        if let question = Screens.askForLag(&state, picture) {
            Screens.take(&state, log.metrics.lag(question))
        }
        let (width, height) = try wantedSize()
        var canvas = Screens.canvas(picture, state, theme: theme, width: width, height: height)
        if self.look.ascii { AsciiFold.fold(&canvas) }
        try Screenshot.write(canvas, to: path)
    }

    private func wantedScreen() throws(ProgramError) -> Screen {
        guard let known = Screen.allCases.first(where: { $0.name == screen }) else {
            let names = Screen.allCases.map(\.name)
            throw .badValue(
                option: "--screen",
                value: screen,
                wanted: names.joined(separator: ", ")
            )
        }
        return known
    }

    private func wantedSize() throws(ProgramError) -> (width: Int, height: Int) {
        let parts = size.split(separator: "x").compactMap { Int($0) }
        guard parts.count == 2, parts.allSatisfy({ (1...1_000).contains($0) }) else {
            throw .badValue(option: "--size", value: size, wanted: "COLUMNSxROWS, such as 120x40")
        }
        return (parts[0], parts[1])
    }
}
