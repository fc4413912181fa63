import ArgumentParser
import Atlas
import Collect
import Configure
import Decode
import Glibc
import Pipeline

struct CountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "count",
        abstract: "Count the lines of logs by minute, level or field, and sum a number of theirs.",
        discussion: """
            Reads files once from their beginning, or standard input, on one core. Groups are sorted \
            by time and value. A line that goes on with the one before it is part of that; lines of \
            another shape are in no group, and are told on standard error.

            Examples:
              azimuth count --by minute,status --sum bytes access.log
              azimuth count --by hour,level /var/log/postgresql/*.log
              azimuth count --by 10s,service --sum latency_ms --csv app.json > app.csv
              journalctl -o short-iso | azimuth count --by day,program --format syslog
            """
    )

    @Argument(help: "Files; - is standard input, as is none.", completion: .file())
    var files: [String] = []

    @Option(
        help: """
            What a group has in common, by commas: second, minute, hour, day or a span (10s); level; \
            names of fields. `field:NAME` for a field that is called like one of these.
            """
    )
    var by: String

    @Option(help: "A field whose numbers are summed.")
    var sum: String?

    @Option(help: "The format of all of them; without it what the first lines look like.")
    var format: String?

    @Option(help: "The zone of times that state none, such as +09:00; UTC without it.")
    var zone: String?

    @Option(help: "Groups at most; the lines of further ones are counted together.")
    var limit = 100_000

    @Flag(help: "JSON lines.")
    var json = false

    @Flag(help: "Comma-separated values (RFC 4180).")
    var csv = false

    @OptionGroup var config: ConfigOptions

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv exclude each other") }
    }

    func run() throws {
        let question = try question()
        let offset = try offset()
        var counting = Counting(question: question, format: try namedFormat(), zone: offset)
        for file in files.isEmpty ? ["-"] : files { try counting.take(file) }
        StandardOutput.write(CountText(question, counting.result, style).text)
        StandardError.write(counting.complaints)
    }

    private var style: CountText.Style { json ? .json : csv ? .csv : .table }

    private func question() throws(ProgramError) -> CountQuestion {
        let names = by.split(separator: ",").map(String.init)
        let parts = names.map(CountQuestion.Part.init)
        guard !parts.isEmpty, parts.count <= CountQuestion.partLimit,
            Set(names).count == names.count, parts.count(where: \.isTime) <= 1
        else {
            throw .badValue(
                option: "--by",
                value: by,
                wanted:
                    "1 to \(CountQuestion.partLimit) different parts, one of them a time at most"
            )
        }
        guard (1...CountQuestion.mostGroups).contains(limit) else {
            throw .badValue(
                option: "--limit",
                value: "\(limit)",
                wanted: "1 to \(CountQuestion.mostGroups)"
            )
        }
        return CountQuestion(parts: parts, sum: sum, limit: limit)
    }

    private func offset() throws(ProgramError) -> Span {
        guard let zone else { return .zero }
        var scanner = DigitScanner(zone.utf8)
        guard let offset = scanner.zone(), scanner.isAtEnd else {
            throw .badValue(option: "--zone", value: zone, wanted: "Z, or one like +09:00")
        }
        return offset
    }

    private func namedFormat() throws -> (any LogFormat)? {
        guard let format else { return nil }
        if let known = FormatCatalog.format(named: format) { return known }
        let own = try ownFormats()
        if let known = FormatCatalog.format(named: format, own: own) { return known }
        let names = FormatCatalog.all.map(\.name) + own.map(\.name)
        throw ProgramError.unknownFormat(format, nearest: nearestName(to: format, among: names))
    }

    private func ownFormats() throws -> [RegexFormat] {
        guard let path = config.config ?? Configuration.find() else { return [] }
        let configuration = try Configuration.load(path: path, catalogue: Setup.catalogue)
        return configuration.own.formats.compactMap { RegexFormat($0.format) }
    }
}
