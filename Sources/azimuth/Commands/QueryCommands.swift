import ArgumentParser
import Atlas
import History

/// What the history knows, opened for a command.
private struct Query {
    let reader: HistoryReader
    let picture: Picture

    init(_ options: QueryOptions) throws {
        let path = try Setup.historyPath(options.history.history, options.config)
        reader = try HistoryReader(path: path)
        guard let picture = try reader.picture() else {
            throw ProgramError.noHistory(path: path)
        }
        self.picture = picture
    }
}

struct FailoversCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failovers",
        abstract: "Print failovers and outages with their phases, RTO and lost writes.",
        discussion: """
            Examples:
              azimuth failovers                    all that the history knows
              azimuth failovers --since 24h
              azimuth failovers --json | jq '{service, outage, lost: .lostWrites.lost}'
            """
    )

    @OptionGroup var options: QueryOptions

    func run() throws {
        let query = try Query(options)
        let runs = try query.reader.failovers(
            since: try options.start(before: query.picture.at)
        )
        StandardOutput.write(
            options.json
                ? try ReportJSON.failovers(runs)
                : ReportText.failovers(runs, at: query.picture.at)
        )
    }
}

struct LinksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "links",
        abstract: "Print replication links: lag, RPO, and what a failover now would lose.",
        discussion: """
            Examples:
              azimuth links
              azimuth links --json | jq 'select(.loss.span > .rpo)'
            """
    )

    @OptionGroup var options: QueryOptions

    func run() throws {
        let query = try Query(options)
        StandardOutput.write(
            options.json
                ? try ReportJSON.links(query.picture.links)
                : ReportText.links(query.picture.links)
        )
    }
}

struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Print the health of every resource, and of places by layer.",
        discussion: """
            Ends with status 4 when anything is down, so that a script can ask. As JSON it tells of \
            the log sources, too: what came in, and what rules and redactions did with it.

            Examples:
              azimuth health
              azimuth health --json | jq 'select(.type == "place")'
              azimuth health --json | jq 'select(.type == "source") | {name, offset, lag}'
              azimuth health >/dev/null || echo "something is down"
            """
    )

    @OptionGroup var options: QueryOptions

    func run() throws {
        let query = try Query(options)
        StandardOutput.write(
            options.json
                ? try ReportJSON.health(query.picture) + ReportJSON.sources(query.picture)
                : ReportText.health(query.picture)
        )
        if query.picture.resources.contains(where: { $0.health == .down }) {
            throw ExitCode(ExitStatus.notWell.rawValue)
        }
    }
}

struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print kept log lines, oldest first.",
        discussion: """
            Examples:
              azimuth logs --limit 50
              azimuth logs --since 15m --level warn
              azimuth logs --source 'orders-a log' --text promote --json
            """
    )

    @OptionGroup var options: QueryOptions

    @Option(help: "Only what came before then; as --since.")
    var until: String?

    @Option(
        help: "The least level: trace, debug, info, notice, warn, error, fatal.",
        completion: .list(Level.allCases.map(\.name))
    )
    var level: String?

    @Option(help: "Only this source; may be given several times.")
    var source: [String] = []

    @Option(help: "Only sources of this resource; may be given several times.")
    var resource: [String] = []

    @Option(help: "Only lines that hold this text, letters of either case.")
    var text: String = ""

    @Option(help: "At most so many, the newest.")
    var limit: Int = 200

    func run() throws {
        let query = try Query(options)
        let page = try query.reader.logs(try question(newest: query.picture.at))
        for line in page.lines {
            StandardOutput.write(options.json ? try LogText.json(line) : LogText.text(line))
        }
        if page.damaged > 0 {
            StandardError.write("azimuth: \(page.damaged) damaged chunks were passed over\n")
        }
    }

    private func question(newest: Instant) throws -> LogQuery {
        var question = LogQuery(text: text, limit: limit)
        if options.since != nil { question.since = try options.start(before: newest) }
        if let until { question.until = try TimeArgument.instant(until, before: newest) }
        if let level {
            guard let known = Level.allCases.first(where: { $0.name == level }) else {
                throw ProgramError.badValue(
                    option: "--level",
                    value: level,
                    wanted: Level.allCases.map(\.name).joined(separator: ", ")
                )
            }
            question.minimumLevel = known
        }
        guard limit > 0 else {
            throw ProgramError.badValue(option: "--limit", value: "\(limit)", wanted: "1 or more")
        }
        if !source.isEmpty { question.sources = Set(source) }
        if !resource.isEmpty { question.resources = Set(resource) }
        return question
    }
}
