import ArgumentParser
import Atlas
import History

struct HistoryCompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Pack the history's lines anew where that saves room, and give free room back.",
        discussion: """
            The ingester does both by itself, a little each second: this is for a history that is \
            not written any more, and for what an older version wrote. Nobody may write it \
            meanwhile, anybody may read it. It works in place and in short transactions, needs a few \
            MiB of room, and can be ended at any moment: what was done stays.

            Examples:
              azimuth history compact
              azimuth history compact --history ./incident.db
            """
    )

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    func run() throws {
        let path = try Setup.historyPath(history.history, config)
        // Before the writer, which would make a history where there is none.
        guard try HistoryReader(path: path).version > 0 else { return }
        let writer = try HistoryWriter(path: path) {
            StandardError.write("azimuth: \(HistoryText.progress($0))\n")
        }
        var progress = ProgressLine()
        let result = try writer.compact { percent in
            progress.show { "compacting \(path): \(percent) %" }
        }
        progress.clear()
        try writer.close()
        StandardOutput.write(HistoryText.compaction(result))
    }
}
