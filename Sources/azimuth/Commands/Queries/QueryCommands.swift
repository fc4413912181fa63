import ArgumentParser
import Atlas
import History

/// A history and a picture of it, opened for a command.
struct KeptPicture {
    let path: String
    let reader: HistoryReader
    let picture: Picture

    /// The picture is that of `moment`, a time or how long before the newest; nil for the newest.
    init(_ options: QueryOptions, at moment: String? = nil) throws {
        path = try Setup.historyPath(options.history.history, options.config)
        reader = try HistoryReader(path: path)
        guard let newest = try reader.picture() else {
            throw ProgramError.noHistory(path: path)
        }
        guard let moment else {
            picture = newest.telling(HistoryReader.trouble(of: path))
            return
        }
        let instant = try TimeArgument.instant(moment, before: newest.at)
        guard let past = try reader.picture(at: instant) else {
            throw ProgramError.badValue(
                option: "--at",
                value: moment,
                wanted: "a time since the history's begin"
            )
        }
        picture = past
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
        let query = try KeptPicture(options)
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
              azimuth links --at 2026-11-23T02:10:00Z
            """
    )

    @OptionGroup var options: QueryOptions

    @Option(help: "As it was then: a time (RFC 3339) or how long ago (15m, 2h).")
    var at: String?

    func run() throws {
        let query = try KeptPicture(options, at: at)
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
        abstract: "Print what needs somebody, and the health of every resource and log source.",
        discussion: """
            Ends with status 4 when anything is down, so that a script can ask. As JSON it tells of \
            places by layer, too, and all of the log sources: what came in, and what rules and \
            redactions did with it.

            Examples:
              azimuth health
              azimuth health --json | jq 'select(.type == "place")'
              azimuth health --json | jq 'select(.type == "source") | {name, offset, lag}'
              azimuth health >/dev/null || echo "something is down"
              azimuth health --at 15m
            """
    )

    @OptionGroup var options: QueryOptions

    @Option(help: "As it was then: a time (RFC 3339) or how long ago (15m, 2h).")
    var at: String?

    func run() throws {
        let query = try KeptPicture(options, at: at)
        StandardOutput.write(
            options.json
                ? try ReportJSON.health(query.picture) + ReportJSON.findings(query.picture)
                    + ReportJSON.sources(query.picture)
                : ReportText.needs(query.picture)
        )
        if query.picture.resources.contains(where: { $0.health == .down }) {
            throw ExitCode(ExitStatus.notWell.rawValue)
        }
    }
}
