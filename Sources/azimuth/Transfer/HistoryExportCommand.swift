import ArgumentParser
import Atlas
import History
import Query

struct HistoryExportCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl
        case csv
    }

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case lines
        case inputs
        case failovers
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what is kept as JSON lines, which can be imported, or as CSV.",
        discussion: """
            All lines, or those that a query finds (as in `azimuth logs`), oldest first, each with \
            its number, times, level, source and its text to the byte. It may be written meanwhile. \
            With -o the file is there whole or not at all. Docs/history.md has every key.

            CSV is for spreadsheets: what is no text becomes U+FFFD, and a cell that one would take \
            for a formula gets an apostrophe in front, unless --raw-cells says otherwise.

            Ends with status 4 when damaged rows are not in it.

            Examples:
              azimuth history export -o history.jsonl
              azimuth history export --since 2h 'level>=error' | jq -r .line
              azimuth history export --format csv --fields status,took -o app.csv source:app
              azimuth history export | gzip > history.jsonl.gz
              azimuth history export --kind inputs --since 1h
            """
    )

    @Argument(help: "What a line has to be; several words are one query.")
    var query: [String] = []

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    @Option(help: "jsonl or csv.")
    var format = Format.jsonl

    @Option(help: "lines; inputs are what probes, canaries and people said; failovers.")
    var kind = Kind.lines

    @Option(
        name: [.customShort("o"), .long],
        help: "Into this file, over what was there; standard output without it.",
        completion: .file()
    )
    var output: String?

    @Option(help: "Only what began since then: a time (RFC 3339) or how long ago (15m, 2h).")
    var since: String?

    @Option(help: "Only what came before then; as --since.")
    var until: String?

    @Option(help: "Fields of the lines as further columns of CSV, by commas.")
    var fields: String?

    @Flag(help: "Leave cells of CSV as they are, also those that begin with = + - or @.")
    var rawCells = false

    func validate() throws {
        if format == .csv, kind != .lines {
            throw ValidationError("--kind \(kind.rawValue) is written as JSON lines only")
        }
        if format != .csv, fields != nil || rawCells {
            throw ValidationError("--fields and --raw-cells need --format csv")
        }
        if kind != .lines, !query.isEmpty {
            throw ValidationError("a query finds lines, and no \(kind.rawValue)")
        }
        if let output, output.hasSuffix(".gz") {
            throw ValidationError(
                "nothing is packed here: azimuth history export | gzip > \(output)"
            )
        }
    }

    func run() throws {
        let path = try Setup.historyPath(history.history, config)
        let reader = try HistoryReader(path: path)
        let newest = try reader.picture()?.at ?? .distantPast
        let since = try self.since.map { try TimeArgument.instant($0, before: newest) }
        let until = try self.until.map { try TimeArgument.instant($0, before: newest) }
        var question = LogQuery(since: since, until: until)
        question.condition = try QueryReader.read(query.joined(separator: " "))
        let output = try ExportOutput(path: output)
        let export = HistoryExport(reader: reader, output: output)
        let result =
            switch (kind, format) {
            case (.inputs, _): try export.inputs(since: since, until: until)
            case (.failovers, _): try export.failovers(since: since, until: until)
            case (.lines, .jsonl): try export.lines(question)
            case (.lines, .csv): try export.table(question, try csv(reader))
            }
        try output.finish()
        try tell(result)
    }

    private func csv(_ reader: HistoryReader) throws -> LineCSV {
        let names = (fields ?? "").split(separator: ",").map { name in
            String(name.drop(while: { $0 == " " }).reversed().drop(while: { $0 == " " }).reversed())
        }
        return LineCSV(
            fields: names.filter { !$0.isEmpty },
            formats: try reader.lineFormats(),
            isRaw: rawCells
        )
    }

    private func tell(_ result: HistoryExport.Result) throws {
        func say(_ text: String) { StandardError.write(Explain.printable("azimuth: \(text)\n")) }
        if let output {
            let what = result.count == 1 ? String(kind.rawValue.dropLast()) : kind.rawValue
            say("exported \(HistoryText.count(result.count)) \(what) to \(output)")
        }
        if result.undecided > 0 {
            say(
                "on \(HistoryText.count(result.undecided)) lines a regular expression gave up: they "
                    + "may match, and are not in it"
            )
        }
        if result.droppedMeanwhile > 0 {
            say(
                "\(HistoryText.count(result.droppedMeanwhile)) lines went past their time meanwhile: "
                    + "the oldest may be missing"
            )
        }
        guard result.damaged > 0 else { return }
        say(
            "\(HistoryText.count(result.damaged)) damaged chunks are not in it; "
                + "'azimuth history verify' names them"
        )
        throw ExitCode(ExitStatus.notWell.rawValue)
    }
}
