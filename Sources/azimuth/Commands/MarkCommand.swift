import ArgumentParser
import Atlas
import Glibc

struct MarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark",
        abstract: "Note what happens now: it stands on the time ribbon and dates a fault.",
        discussion: """
            The note goes to the history; whatever ingests into it takes it up at once, or at its \
            next start. A mark shortly before an outage dates the fault behind it.

            Examples:
              azimuth mark "pulled the plug of orders-a"
              azimuth mark "GameDay step 3" && ./break-it.sh
            """
    )

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    @Argument(help: "The note, up to 200 characters.")
    var text: String

    func run() throws {
        let note = MarkFile.clean(text)
        guard !note.isEmpty else {
            throw ProgramError.badValue(option: "the note", value: "", wanted: "some words")
        }
        let path = try Setup.historyPath(history.history, config)
        try Setup.makeFolder(of: path)
        try MarkFile.append(note, history: path)
    }
}
