import ArgumentParser
import Atlas
import Collect
import Configure
import Decode
import Glibc
import Redact

struct ParseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Show what is read out of each line of a log: time, level, message, fields.",
        discussion: """
            Of each line: its shape, time, level and message, and its fields in their order with \
            their types. A line is a record, goes on with the record before it (continuation), or \
            has another shape than the format knows (unknown); such a line is kept all the same. \
            How many there are of each stands at the end.

            Without --format the one is taken that fits the first lines best; `auto` asks all \
            formats for each line. Your own formats are those of the configuration that a start \
            would use. With --config what it redacts is hidden, and its rules are applied: dropped \
            lines say by which rule, fields have their new names, and placed lines say where. A \
            file of one of its sources is read as that source; --source says which one is meant.

            Status 2: a file cannot be read. Status 4: no line is a record.

            Examples:
              azimuth parse /var/log/syslog
              azimuth parse --format haproxy --fields client,status haproxy.log
              azimuth parse --config azimuth.yaml --source web --json access.log
              journalctl -o short | azimuth parse --json
            """
    )

    @Argument(help: "Files; - is standard input, as is none.", completion: .file())
    var files: [String] = []

    @Option(help: "A format of `azimuth formats`, or auto; without it the one that fits best.")
    var format: String?

    @Flag(help: "A line of JSON for each line (Docs/report.md).")
    var json = false

    @Flag(help: "For people; this is the default.")
    var text = false

    @Option(help: "Only these fields, such as client,status.")
    var fields: String?

    @Option(help: "At most so many lines of each file.")
    var limit: Int?

    @Option(
        name: [.short, .long],
        help: "Apply the rules, redactions and own formats of this configuration.",
        completion: .file(extensions: ["yaml"])
    )
    var config: String?

    @Option(help: "The source of the configuration whose lines these are.")
    var source: String?

    func run() throws {
        try validateOptions()
        let configuration = try config.map {
            try Configuration.load(path: $0, catalogue: Setup.catalogue)
        }
        let files = (configuration ?? known())?.own.formats ?? []
        let own = files.compactMap { RegexFormat($0.format) }
        if let format, FormatCatalog.format(named: format, own: own) == nil {
            let names = FormatCatalog.all.map(\.name) + own.map(\.name)
            throw ProgramError.unknownFormat(format, nearest: nearestName(to: format, among: names))
        }
        let wanted = fields?.split(separator: ",").map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        var report = ParseReport(isJSON: json, fields: wanted)
        var failure: ProgramError?
        for path in self.files.isEmpty ? ["-"] : self.files {
            do throws(ProgramError) {
                try parse(path, configuration, own, &report)
            } catch {
                report.flush()
                StandardError.write(Explain.text(error))
                failure = error
            }
        }
        report.finish()
        if let failure { throw ExitCode(failure.exit.rawValue) }
        if report.counts.records == 0 { throw ExitCode(ExitStatus.notWell.rawValue) }
    }

    /// The configuration of a start, for its formats alone; none where it is wrong.
    private func known() -> Configuration? {
        Configuration.find().flatMap {
            try? Configuration.load(path: $0, catalogue: Setup.catalogue)
        }
    }

    private func validateOptions() throws {
        func refuse(_ option: String, _ value: String, _ wanted: String) -> ProgramError {
            .badValue(option: option, value: value, wanted: wanted)
        }
        if json, text { throw refuse("--text", "together with --json", "one of the two") }
        if let limit, limit < 1 { throw refuse("--limit", "\(limit)", "1 or more") }
        if let source, config == nil {
            throw refuse("--source", source, "--config beside it, whose source it is")
        }
        if files.isEmpty, isatty(STDIN_FILENO) == 1 { throw ProgramError.nothingToParse }
    }

    private func parse(
        _ path: String,
        _ configuration: Configuration?,
        _ own: [RegexFormat],
        _ report: inout ParseReport
    ) throws(ProgramError) {
        var file = try LineFile(path: path)
        var lines = try file.next() ?? []
        let source = try source(path, configuration, first: lines)
        guard let format = FormatCatalog.format(named: source.format, own: own) else {
            throw .unknownFormat(source.format, nearest: nil)
        }
        let plan = configuration?.plan ?? WatchPlan()
        let now = LiveClock().now()
        var parser = SourceParser(
            format: format,
            zone: Setup.localTime(at: now).offset,
            arrival: now,
            rules: SourceRules(plan, source: source, format: format),
            plan: plan
        )
        let redactor = try redactor(configuration, source)
        report.begin(path, format: format.name)
        var left = limit ?? .max
        while true {
            for line in Self.redacted(lines, redactor) {
                guard left > 0 else { return }
                parser.take(line, &report)
                left -= 1
            }
            guard let next = try file.next() else { return }
            lines = next
        }
    }

    /// As the configuration knows the file, else as its first lines look.
    private func source(
        _ path: String,
        _ configuration: Configuration?,
        first lines: [[UInt8]]
    ) throws(ProgramError) -> LogSource {
        let sources = configuration?.plan.sources ?? []
        var known = sources.first {
            $0.place == path || FilePath.absolute($0.place) == FilePath.absolute(path)
        }
        if let source {
            known = sources.first { $0.name == source }
            guard known != nil else {
                throw .badValue(
                    option: "--source",
                    value: source,
                    wanted: nearestName(to: source, among: sources.map(\.name))
                        .map { "did you mean '\($0)'?" }
                        ?? "one of \(sources.map(\.name).joined(separator: ", "))"
                )
            }
        }
        let sample = lines.prefix(200).map { $0[...] }
        let made = LogSource(
            name: path.split(separator: "/").last.map(String.init) ?? path,
            path: path,
            format: ""
        )
        var source = known ?? made
        if let format {
            source.format = format
        } else if known == nil {
            source.format = FormatGuess.format(of: sample).name
        }
        return source
    }

    private func redactor(
        _ configuration: Configuration?,
        _ source: LogSource
    ) throws(ProgramError) -> Redactor? {
        do throws(RedactError) {
            return try Redactor(configuration?.redaction ?? RedactionPlan(), sources: [source])
        } catch {
            throw .badValue(option: "--config", value: error.what, wanted: error.remedy)
        }
    }

    private static func redacted(_ lines: [[UInt8]], _ redactor: Redactor?) -> [[UInt8]] {
        guard let redactor, !lines.isEmpty else { return lines }
        var batch = LineBatch(source: 0, bytes: [], ends: [])
        for line in lines {
            batch.bytes += line
            batch.ends.append(UInt32(batch.bytes.count))
        }
        let input = redactor.redact(Input(at: .distantPast, event: .lines(batch)))
        guard case .lines(let hidden) = input.event else { return [] }
        return (0..<hidden.count).map { Array(hidden.line($0)) }
    }
}

/// Reads the lines of one file as the fold would.
private struct SourceParser {
    private var decoder: SourceDecoder
    private let format: any LogFormat
    private let arrival: Instant
    private var rules: SourceRules?
    private let plan: WatchPlan
    private var ruled = RuledFields()
    private var last = SourceRules.Verdict.kept

    init(
        format: any LogFormat,
        zone: Span,
        arrival: Instant,
        rules: SourceRules?,
        plan: WatchPlan
    ) {
        decoder = SourceDecoder(format: format, zone: zone)
        self.format = format
        self.arrival = arrival
        self.rules = rules
        self.plan = plan
    }

    mutating func take(_ line: [UInt8], _ report: inout ParseReport) {
        var fields = FieldList()
        let span = line.span.bytes
        let reading = decoder.read(span, into: &fields, arrival: arrival)
        ruled.removeAll()
        if reading.shape != .continuation {
            last =
                rules?.judge(
                    span,
                    level: reading.level,
                    messageStart: reading.messageStart,
                    fields: fields,
                    ruled: &ruled
                ) ?? .kept
        }
        var shown = ParseReport.Line(bytes: line, reading: reading)
        for index in 0..<fields.count {
            let field = fields[index]
            let name = rules?.newName(ofField: index, ruled) ?? name(of: field, line)
            var text: [UInt8] = []
            FieldText.append(field, of: span, to: &text)
            shown.fields.append(ParseReport.Field(name: name, kind: field.kind, text: text))
        }
        rules?.forEachNew(ruled, of: span) { name, text, kind in
            shown.fields.append(ParseReport.Field(name: name, kind: kind, text: text))
        }
        shown.omitted = fields.omitted
        shown.rule = last.dropper.map { plan.rules[$0].name }
        shown.resource = last.resource.map { plan.estate.resources[$0].name }
        report.take(shown)
    }

    private func name(of field: Field, _ line: [UInt8]) -> String {
        switch field.name {
        case .known(let known): known.text
        case .written(let place): String(decoding: line[place.range], as: UTF8.self)
        case .own(let index): format.fieldNames[Int(index)]
        }
    }
}
