import ArgumentParser
import Atlas
import Configure
import History
import Terminal

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Watch without a screen, into the history.",
        discussion: """
            Writes its own log to standard error. SIGTERM drains and ends with status 0, SIGHUP \
            reads the configuration again; a wrong one is said and the old one stays.

            Examples:
              azimuth ingest --config /etc/azimuth/azimuth.yaml
              azimuth ingest --history ./h.db --log json 2>>ingest.log &
              azimuth dash --history ./h.db        look at it from another terminal
            """
    )

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    @Option(name: .customLong("log"), help: "The form of its own log: text or json.")
    var logFormat: ProgramLog.Format = .text

    func run() throws {
        ProcessSignals.block()
        let signals = try ProcessSignals()
        let log = ProgramLog(logFormat)
        var configuration = try Setup.configuration(config)
        let path = try Setup.historyPath(history.history, config)
        try Setup.makeFolder(of: path)
        var history = try OpenedHistory(path: path) { log.warn($0) }
        var run = try start(configuration, &history, log)
        while true {
            log.info(Self.summary(configuration.plan) + "; history \(path)")
            let next = wait(signals, log)
            log.info(next == nil ? "ending: keeping what is under way" : "starting anew")
            _ = run.finish()
            guard let next else { break }
            do {
                run = try start(next, &history, log)
                configuration = next
            } catch {
                log.warn("the configuration stays as it was: " + Explain.text(error))
                run = try start(configuration, &history, log)
            }
        }
        try history.writer.close()
        log.info("ended")
    }

    private func start(
        _ configuration: Configuration,
        _ history: inout OpenedHistory,
        _ log: ProgramLog
    ) throws -> LiveRun {
        let path = history.path
        return try history.begin { writer in
            try LiveRun(
                LiveRun.Parts(
                    plan: configuration.plan,
                    redaction: configuration.redaction,
                    history: writer,
                    historyPath: path,
                    retention: Retention(configuration.retention),
                    hold: configuration.hold,
                    marks: MarkFile.path(history: path),
                    say: { log.warn($0) }
                )
            )
        }
    }

    /// Blocks until it is to end (nil) or to go on with another configuration.
    private func wait(_ signals: ProcessSignals, _ log: ProgramLog) -> Configuration? {
        while true {
            switch signals.wait() {
            case .ending(.hangup):
                do {
                    return try Setup.configuration(config)
                } catch {
                    log.warn("the configuration stays as it was: " + Explain.text(error))
                }
            case .ending:
                return nil
            case .resized, .stop, .continued:
                continue
            }
        }
    }

    private static func summary(_ plan: WatchPlan) -> String {
        "watching \(plan.sources.count) sources, \(plan.targets.count) probes, "
            + "\(plan.canaries.count) canaries"
    }
}

extension ProgramLog.Format: ExpressibleByArgument {}
