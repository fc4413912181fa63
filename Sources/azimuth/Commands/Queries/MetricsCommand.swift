import ArgumentParser
import Atlas
import History
import Screens

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "List kept metrics, or print them over time.",
        discussion: """
            Without words all series: what is measured of resources, links, canaries and log sources. \
            With words those that have all of them: the metric's name, what it is of, or its \
            kind (resource, link, canary, source). Of one series a table by time; of several a \
            line each, where --json has all.
            Statistics: n (how many values), sum, avg, min, max, and percentiles such as p99 (within \
            1.6 %). Periods are aligned to the clock and stand under their start; one without a \
            value is left out. Seconds are kept for 3 h, minutes for 15 d, 5 minutes for 63 d, hours \
            for 455 d, unless azimuth.yaml says otherwise.

            Examples:
              azimuth metrics
              azimuth metrics lag --since 3h
              azimuth metrics db1 connections --since 1h --period 60 --stat max
              azimuth metrics orders-writes latency --stat p50 --stat p99 --period 5m
              azimuth metrics source error-lines --since 1d --stat sum
              azimuth metrics --json | jq -r 'select(.unit == "%") | .subject + " " + .name'
            """
    )

    @Argument(help: "Name, subject or kind of the series; several narrow it down.")
    var words: [String] = []

    @OptionGroup var config: ConfigOptions
    @OptionGroup var history: HistoryOptions

    @Option(help: "From then on: a time (RFC 3339) or how long ago (15m, 2h); 1h without it.")
    var since: String?

    @Option(help: "Only before then; as --since.")
    var until: String?

    @Option(help: "How long a period is: 1s, 60 (seconds), 5m; without it what gives about 60.")
    var period: String?

    @Option(help: "n, sum, avg, min, max, p0 to p100; may be given several times.")
    var stat: [String] = []

    @Flag(help: "JSON lines; the schema is in Docs/report.md.")
    var json = false

    func run() throws {
        let path = try Setup.historyPath(history.history, config)
        let reader = try HistoryReader(path: path)
        guard let newest = try reader.picture()?.at else {
            throw ProgramError.noHistory(path: path)
        }
        let question = try question(newest: newest)
        let all = try reader.series(SeriesFilter())
        let chosen = all.filter { found in words.allSatisfy(found.series.isCalled) }
        guard !chosen.isEmpty || words.isEmpty else { throw nothing(all) }
        guard !words.isEmpty else {
            StandardOutput.write(
                json ? try MetricText.json(all) : MetricText.list(all, now: newest)
            )
            return
        }
        let answers = try chosen.map { found in
            var query = question
            query.series = found.series
            return MetricAnswer(query: query, range: try reader.range(query))
        }
        for answer in answers { warn(answer) }
        let graph = MetricGraph.ofStandardOutput
        StandardOutput.write(
            json
                ? try answers.map(MetricText.json).joined()
                : answers.count == 1
                    ? MetricText.table(answers[0], graph) : MetricText.lines(answers, graph)
        )
    }

    private func question(newest: Instant) throws -> MetricQuery {
        let from = try TimeArgument.instant(since ?? "1h", before: newest)
        let to = try until.map { try TimeArgument.instant($0, before: newest) } ?? newest
        guard from < to else {
            throw ProgramError.badValue(
                option: "--until",
                value: until ?? "\(to)",
                wanted: "a time after --since"
            )
        }
        let statistics = try (stat.isEmpty ? ["avg", "max"] : stat).map { text in
            guard let statistic = MetricStatistic(text) else {
                throw ProgramError.badValue(
                    option: "--stat",
                    value: text,
                    wanted: "n, sum, avg, min, max, or a percentile such as p99"
                )
            }
            return statistic
        }
        return MetricQuery(
            MetricSeries(.resource, "", ""),
            from: from,
            to: to,
            period: try period.map(span) ?? Self.fitting(to - from),
            statistics: statistics
        )
    }

    private func span(_ text: String) throws(ProgramError) -> Span {
        let span = Int64(text).flatMap { $0 < 1 << 32 ? Span.seconds($0) : nil } ?? Span(text)
        guard let span, span >= .seconds(1), span.nanoseconds.isMultiple(of: 1_000_000_000) else {
            throw .badValue(
                option: "--period",
                value: text,
                wanted: "whole seconds, at least one: 1s, 60, 5m, 1h"
            )
        }
        return span
    }

    /// The least usual period that gives no more than 60.
    private static func fitting(_ length: Span) -> Span {
        let usual: [Int64] = [1, 5, 10, 30, 60, 300, 900, 3_600, 21_600]
        return usual.lazy.map { Span.seconds($0) }.first { $0 * 60 >= length } ?? .seconds(86_400)
    }

    private func nothing(_ all: [StoredSeries]) -> ProgramError {
        let known = all.flatMap { [$0.series.name, $0.series.subject, $0.series.kind.rawValue] }
        let wrong = words.first { !known.contains($0) }
        let nearest = wrong.flatMap { nearestName(to: $0, among: Array(Set(known)).sorted()) }
        return .noSeries(words.joined(separator: " "), nearest: nearest)
    }

    private func warn(_ answer: MetricAnswer) {
        let (query, range) = (answer.query, answer.range)
        let name = Explain.printable(MetricText.name(query.series))
        if range.period != query.period {
            StandardError.write(
                "azimuth: \(name): so far back it is kept by \(Wording.aim(range.period)) only\n"
            )
        }
        if range.isCut {
            StandardError.write(
                "azimuth: \(name): the newest \(query.limit) periods; a longer --period has all\n"
            )
        }
        if range.damaged > 0 {
            StandardError.write(
                "azimuth: \(name): \(range.damaged) rows are damaged and left out; "
                    + "see 'azimuth history verify'\n"
            )
        }
    }
}

extension MetricSeries {
    fileprivate func isCalled(_ word: String) -> Bool {
        word == name || word == subject || word == kind.rawValue
    }
}
