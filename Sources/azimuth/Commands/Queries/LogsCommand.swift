import ArgumentParser
import Atlas
import History
import Query

struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Find kept log lines by a query, and print or count them.",
        discussion: """
            The newest 200 that match, oldest first. A query is words that a line holds, in either \
            case unless they have a capital; all of them, where OR and brackets say nothing else:
              refused timeout          both words
              "could not connect"      a phrase
              -heartbeat               a line without it
              (refused OR reset) -test
              /took [0-9]{4,}ms/       a regular expression (PCRE2)
              level>=warn              trace, debug, info, notice, warn, error, fatal
              status>=500 took>1.5s    fields of the line, as numbers with units
              user:bob path:/api/*     fields as text; * is any part, user:* any value
              source:web* resource:db1 where it came from
              time>=2026-11-23T07:20:00Z
            Put it into single quotes, since the shell knows some of these signs; behind -- where it \
            begins with a dash. Docs/queries.md has all of it.

            Examples:
              azimuth logs --limit 50
              azimuth logs --since 15m 'level>=warn -"connection reset"'
              azimuth logs --source 'orders-a log' promote -C 3
              azimuth logs --histogram 1m 'status>=500'
              azimuth logs --histogram 1h --by status --source web
              azimuth logs --count --by user --since 1d
              azimuth logs --count --by template 'level>=error'
              azimuth logs --follow 'level>=error'
              azimuth logs --reverse --limit 5 -- '-info checkpoint'

            Ends with status 0 when there was a line, 1 when there was none, and 2 or more when \
            something went wrong, as grep does; a query that is wrong ends with 64. Ctrl-C prints \
            what was found so far and ends with 130.
            """
    )

    @Argument(help: "What a line has to be; several words are one query.")
    var query: [String] = []

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

    @Option(help: "Only lines that hold this text as it is, letters of either case.")
    var text: String?

    @Option(
        name: [.customShort("n"), .long],
        help: "At most so many, the newest: 200, or 10 where they are followed."
    )
    var limit: Int?

    @Option(
        name: [.customShort("C"), .long],
        help: "So many lines before and after each, too, whatever the query says of them."
    )
    var context: Int?

    @Option(help: "Count by time instead: second, minute, hour, day or a span such as 10s.")
    var histogram: String?

    @Flag(help: "Print how many there are, and no more.")
    var count = false

    @Option(
        help: """
            With --histogram or --count: by source, by resource, by template (the message without \
            numbers and ids), or by the values of a field; without it by level. `field:NAME` for a \
            field that is called like one of these.
            """
    )
    var by: String?

    @Option(help: "Values that are told apart, the most frequent; others are counted together.")
    var top = 10

    @Flag(name: .shortAndLong, help: "The newest first.")
    var reverse = false

    @Flag(name: .shortAndLong, help: "Go on with those that come, until interrupted.")
    var follow = false

    func validate() throws {
        let modes = [histogram != nil, count, reverse, follow].count(where: \.self)
        guard modes <= 1, context == nil || modes == 0 else {
            throw ValidationError(
                "of --histogram, --count, --reverse, --follow and --context one is possible"
            )
        }
        guard by == nil || histogram != nil || count else {
            throw ValidationError("--by goes with --histogram or --count")
        }
    }

    func run() throws {
        let kept = try KeptPicture(options)
        let chosen = try chosen(newest: kept.picture.at)
        var question = chosen
        question.condition = chosen.condition.and(
            try QueryReader.read(query.joined(separator: " "))
        )
        if let text {
            question.condition = question.condition.and(.text(.init(text, ignoresCase: true)))
        }
        let report = LogReport(history: kept.reader, isJSON: options.json)
        let most = try lines(top, "--top", 1...100)
        if !follow { Interruption.watch() }
        let found: Int
        if let histogram {
            let bucket = try bucket(histogram)
            found = try report.histogram(question, bucket: bucket, by: key ?? .level, most: most)
        } else if let key {
            found = try report.values(of: key, question, most: most)
        } else if count {
            found = try report.count(question)
        } else if follow {
            try report.follow(question, path: kept.path)
            return
        } else if let context {
            found = try report.context(question, try lines(context, "--context", 0...1_000), chosen)
        } else {
            found = try report.lines(question, isReversed: reverse)
        }
        let asksForAll = histogram != nil || count
        try report.tellDropped(question, asksForAll: asksForAll, by: kept.reader)
        guard found == 0 else { return }
        try report.explainNothing(question)
        throw ExitCode(1)
    }

    private func lines(
        _ count: Int,
        _ option: String,
        _ range: ClosedRange<Int>
    ) throws(ProgramError) -> Int {
        guard range.contains(count) else {
            throw .badValue(
                option: option,
                value: "\(count)",
                wanted: range.upperBound == .max
                    ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
            )
        }
        return count
    }

    /// What `--by` names; nil without it.
    private var key: LogKey? {
        let prefix = "field:"
        return switch by {
        case nil: nil
        case "level"?: .level
        case "source"?: .source
        case "resource"?: .resource
        case let name? where name.hasPrefix(prefix): .field(String(name.dropFirst(prefix.count)))
        case let name?: .field(name)
        }
    }

    private func bucket(_ text: String) throws(ProgramError) -> Span {
        let words: [String: Span] = [
            "second": .seconds(1), "minute": .seconds(60), "hour": .seconds(3_600),
            "day": .seconds(86_400),
        ]
        guard let span = words[text] ?? Span(text), span > .zero else {
            throw .badValue(
                option: "--histogram",
                value: text,
                wanted: "second, minute, hour, day, or a span such as 10s"
            )
        }
        return span
    }

    /// What the options say, all but the text: the lines in which the query looks.
    private func chosen(newest: Instant) throws -> LogQuery {
        var question = LogQuery(
            limit: try lines(limit ?? (follow ? 10 : 200), "--limit", (follow ? 0 : 1)...Int.max)
        )
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
        if !source.isEmpty { question.sources = Set(source) }
        if !resource.isEmpty { question.resources = Set(resource) }
        return question
    }
}
