import ArgumentParser
import Atlas
import History

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Look at the history's file, keep it in order, and take lines out of it and in.",
        subcommands: [
            HistoryStatsCommand.self, HistoryVerifyCommand.self, HistoryCompactCommand.self,
            HistoryExportCommand.self, HistoryImportCommand.self,
        ]
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
            (nobody may write it then) damaged chunks are put aside, into the table quarantine; where \
            more is damaged, what can be read goes into a new file, and the old one stays beside it.

            Examples:
              azimuth history verify
              azimuth history verify --repair --history ./h.db
            """
    )

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    @Flag(help: "Put damaged chunks aside, and save what can be read.")
    var repair = false

    func run() throws {
        let path = try Setup.historyPath(history.history, config)
        // Whoever writes it is to end first.
        if repair, let pid = HistoryReader.holder(of: path) {
            throw HistoryError.locked(path: path, pid: pid == 0 ? nil : pid)
        }
        guard let verdict = try verdict(path) else { return try rebuild(path) }
        StandardOutput.write(HistoryText.verdict(verdict))
        guard !verdict.isWhole else { return }
        guard repair else { throw ExitCode(ExitStatus.notWell.rawValue) }
        if verdict.needsRebuilding {
            try rebuild(path)
        } else {
            let writer = try HistoryWriter(path: path)
            try writer.quarantine(verdict)
            try writer.close()
            let lines = verdict.damaged.reduce(0) { $0 + $1.count }
            if lines > 0 { StandardOutput.write("put aside: \(HistoryText.count(lines)) lines\n") }
            let rows = verdict.damagedMetrics.count + verdict.damagedOpen.count
            if rows > 0 { StandardOutput.write("removed: \(rows) rows of metrics\n") }
        }
    }

    /// Nil when it cannot even be opened, and is to be repaired.
    private func verdict(_ path: String) throws -> HistoryVerdict? {
        do throws(HistoryError) {
            return try HistoryReader(path: path).verify()
        } catch {
            guard case .damaged = error, repair else { throw error }
            StandardOutput.write(error.what + "\n")
            return nil
        }
    }

    private func rebuild(_ path: String) throws {
        let repair = try HistoryRepair.rebuild(path)
        StandardOutput.write(HistoryText.repair(repair) + "\n")
    }
}
