import ArgumentParser
import Atlas
import Collect
import Configure
import Terminal

struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Write all that comes in to a recording, and report at the end.",
        discussion: """
            A recording is a folder: recording.yaml with the plan, and every input as a line of \
            JSON before it was decoded (Docs/recording.md). Ends by itself after --for, or by \
            ^C or SIGTERM. The report is the one that a replay of the recording prints.

            Examples:
              azimuth record --out gameday-3 --for 10m
              azimuth record --out incident --config lab.yaml --json > live.jsonl
              azimuth replay gameday-3
            """
    )

    @OptionGroup var config: ConfigOptions

    @Option(help: "The folder to make.", completion: .directory)
    var out: String

    @Option(name: .customLong("for"), help: "How long, such as 90s or 10m; without it until ^C.")
    var duration: String?

    @Option(help: "What it is, for people.")
    var title: String = ""

    @Flag(help: "Report as JSON lines (Docs/report.md).")
    var json = false

    func run() throws {
        ProcessSignals.block()
        let signals = try ProcessSignals()
        let configuration = try Setup.configuration(config)
        let deadline = try duration.map { text in
            guard let span = Span(text), span > .zero else {
                throw ProgramError.badValue(
                    option: "--for",
                    value: text,
                    wanted: "a time such as 90s or 10m"
                )
            }
            return Monotonic.now() + span
        }
        let recorder = try Recorder(
            folder: out,
            plan: configuration.plan,
            title: title,
            at: LiveClock().now()
        )
        let run = try LiveRun(
            LiveRun.Parts(
                plan: configuration.plan,
                redaction: configuration.redaction,
                marks: MarkFile.path(history: try Setup.historyPath(nil, config)),
                recorder: recorder,
                say: { StandardError.write("azimuth: \(Explain.printable($0))\n") }
            )
        )
        StandardError.write("recording into \(out); ^C ends it\n")
        wait(signals, until: deadline)
        let picture = run.finish()
        try recorder.close()
        StandardOutput.write(
            json ? try ReportJSON.whole(picture) : ReportText.whole(picture)
        )
    }

    private func wait(_ signals: ProcessSignals, until deadline: Monotonic?) {
        while true {
            guard let signal = signals.wait(until: deadline.map { UInt64($0.nanoseconds) }) else {
                return
            }
            if case .ending = signal { return }
        }
    }
}
