import ArgumentParser
import Atlas
import History
import HistoryFormat

struct HistoryImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read lines that `azimuth history export` wrote into a history.",
        discussion: """
            JSON lines, packed (gzip, zstd, xz, bzip2) or not; - is standard input. The history \
            is made where there is none, and nobody may write it meanwhile. Lines keep their \
            number where that is higher than those of the history, and get the next ones \
            otherwise. What was imported is remembered: an import that was ended goes on where it \
            was, and a file is not imported twice.

            A line that is none is named and passed over. Ends with status 4 when there was one, \
            or when a file is cut off.

            Examples:
              azimuth history import --dry-run history.jsonl.gz
              azimuth history import history.jsonl.gz
              azimuth history import --history ./incident.db monday.jsonl tuesday.jsonl
              ssh db1 azimuth history export --since 2h | azimuth history import -
            """
    )

    @Argument(help: "Exports as JSON lines.", completion: .file())
    var files: [String]

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    @Flag(help: "Only look what is in the files, and change nothing.")
    var dryRun = false

    func run() throws {
        let path = try Setup.historyPath(history.history, config)
        // Before anything is imported.
        for file in files where file != "-" { _ = try ImportFile(path: file) }
        let target = try dryRun ? nil : ImportedHistory(path: path, say: Self.say)
        let intake = HistoryImport(history: target, say: Self.say)
        var isWell = true
        for file in files {
            let marks = try target?.positions() ?? Self.marks(path)
            let result = try intake.take(file, marks: marks)
            StandardOutput.write(Explain.printable(Self.text(result, file, isDry: dryRun)))
            isWell = isWell && result.bad == 0 && result.isWhole
        }
        try target?.close()
        if !isWell { throw ExitCode(ExitStatus.notWell.rawValue) }
    }

    /// What a history that is only looked at says of earlier imports.
    private static func marks(_ path: String) throws -> [ReadPosition] {
        do throws(HistoryError) {
            return try HistoryReader(path: path).positions()
        } catch .missing {
            return []
        }
    }

    private static func say(_ text: String) {
        StandardError.write(Explain.printable("azimuth: \(text)\n"))
    }

    private static func text(
        _ result: HistoryImport.Result,
        _ file: String,
        isDry: Bool
    ) -> String {
        var text = "\(file): \(isDry ? "" : "imported ")\(HistoryText.count(result.lines)) lines"
        if let numbers = result.numbers {
            text += ", numbers \(numbers.lowerBound) to \(numbers.upperBound)"
        }
        if let times = result.times {
            text +=
                ", from \(HistoryText.time(times.lowerBound)) to "
                + HistoryText.time(times.upperBound)
        }
        if isDry { text += ", of \(HistoryText.count(result.sources.count)) sources" }
        text += "\n"
        if result.before > 0 {
            text += "  \(HistoryText.count(result.before)) lines were imported before\n"
        }
        if result.renumbered > 0 {
            text +=
                "  \(HistoryText.count(result.renumbered)) have other numbers than in the export, "
                + "which the history has already\n"
        }
        if result.others > 0 {
            text +=
                "  \(HistoryText.count(result.others)) are no log lines: only those are imported\n"
        }
        if result.bad > 0 {
            text +=
                "  bad lines: \(HistoryText.count(result.bad)), passed over; mend them and import them in "
                + "a file of their own, or export again\n"
        }
        if result.bad == 0, !result.isWhole {
            text +=
                result.end == nil
                ? "  it is cut off: its last line is none of type \"end\"\n"
                : "  lines are missing: it says that there are "
                    + "\(HistoryText.count(result.end?.lines ?? 0))\n"
        }
        return text
    }
}
