import ArgumentParser
import Atlas
import History

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Look at the history's file: what it holds, and whether it is whole.",
        subcommands: [HistoryStatsCommand.self, HistoryVerifyCommand.self]
    )
}

struct HistoryStatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Print how much is kept of what, since when, and how much retention took away.",
        discussion: """
            Examples:
              azimuth history stats
              azimuth history stats --json | jq 'select(.kind == "lines") | .rawBytes / .bytes'
            """
    )

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    @Flag(help: "JSON lines; the schema is in Docs/history.md.")
    var json = false

    func run() throws {
        let path = try Setup.historyPath(history.history, config)
        let stats = try HistoryReader(path: path).stats()
        StandardOutput.write(
            json
                ? try HistoryText.json(stats, path: path)
                : HistoryText.stats(stats, path: path)
        )
    }
}

struct HistoryVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read all of the history, and say what is not as it was written.",
        discussion: """
            It may be written meanwhile. Ends with status 4 when something is damaged. With --repair \
            (nobody may write it then) damaged chunks are put aside, into the table quarantine, and \
            the rest goes on without them; it ends with 0 when that is all there was.

            Examples:
              azimuth history verify
              azimuth history verify --repair --history ./h.db
            """
    )

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    @Flag(help: "Put chunks that are damaged aside.")
    var repair = false

    func run() throws {
        let path = try Setup.historyPath(history.history, config)
        // Before the writer, which would make a history where there is none.
        let reader = try HistoryReader(path: path)
        let writer = repair ? try HistoryWriter(path: path) : nil
        let verdict = try reader.verify()
        StandardOutput.write(HistoryText.verdict(verdict))
        guard !verdict.isWhole else { return }
        if let writer {
            try writer.quarantine(verdict)
            let lines = verdict.damaged.reduce(0) { $0 + $1.count }
            if lines > 0 { StandardOutput.write("put aside: \(HistoryText.count(lines)) lines\n") }
            let rows = verdict.damagedMetrics.count + verdict.damagedOpen.count
            if rows > 0 { StandardOutput.write("removed: \(rows) rows of metrics\n") }
        }
        try writer?.close()
        if !verdict.faults.isEmpty {
            StandardError.write(
                "azimuth: SQLite's own pages are damaged; sqlite3's .recover writes what is left "
                    + "into a new file\n"
            )
        }
        guard repair, verdict.faults.isEmpty else {
            throw ExitCode(ExitStatus.notWell.rawValue)
        }
    }
}
