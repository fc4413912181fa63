import Atlas
import Configure
import Foundation
import History
import Screens

/// What was asked of a series, and what there is.
struct MetricAnswer {
    var query: MetricQuery
    var range: MetricRange
}

/// How figures are drawn beside their numbers.
enum MetricGraph {
    case blocks
    /// Where the terminal has no other, and in a pipe.
    case signs

    static var ofStandardOutput: MetricGraph {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(Environment.value).first
        let isUnicode = locale?.uppercased().replacing("-", with: "").contains("UTF8") ?? false
        return isatty(STDOUT_FILENO) == 1 && isUnicode ? .blocks : .signs
    }

    /// Values over time in one row of `width` places at most; nil where it cannot be drawn.
    ///
    /// The most of those that share a place, a blank where there is none.
    func row(_ values: [Double?], width: Int) -> String? {
        guard case .blocks = self, let most = values.compactMap(\.self).max() else { return nil }
        let size = (values.count + width - 1) / width
        let places = stride(from: 0, to: values.count, by: size).map { start in
            values[start..<min(values.count, start + size)].compactMap(\.self).max()
        }
        let least = min(0, values.compactMap(\.self).min() ?? 0)
        return places.map { value -> String in
            guard let value else { return " " }
            let share = most > least ? (value - least) / (most - least) : 0
            let level = Int((share * 7).rounded())
            return Unicode.Scalar(0x2581 + UInt32(max(0, min(7, level)))).map { "\($0)" } ?? " "
        }.joined()
    }

    /// A value as a bar; empty for none of it.
    func bar(_ value: Double, of most: Double, width: Int) -> String {
        guard most > 0, value > 0 else { return "" }
        let share = min(1, value / most)
        switch self {
        case .signs: return String(repeating: "#", count: max(1, Int(share * Double(width))))
        case .blocks:
            let eighths = max(1, Int((share * Double(width * 8)).rounded()))
            let rest = Unicode.Scalar(0x2590 - UInt32(eighths % 8)).map { "\($0)" } ?? ""
            return String(repeating: "█", count: eighths / 8) + (eighths % 8 > 0 ? rest : "")
        }
    }
}

/// Metrics as text and as JSON lines.
enum MetricText {
    private static let barWidth = 24
    private static let rowWidth = 40

    static func name(_ series: MetricSeries) -> String {
        let unit = series.unit.isEmpty ? "" : " (\(series.unit))"
        return "\(series.subject) \(series.name)\(unit)"
    }

    /// All series, by what they are of.
    static func list(_ all: [StoredSeries], now: Instant) -> String {
        guard !all.isEmpty else {
            return "Nothing is measured so far: probes, canaries and log sources make metrics.\n"
        }
        var table = TextTable(["KIND", "SUBJECT", "METRIC", "UNIT", "LAST", "HEARD", "SINCE"])
        for found in all {
            let series = found.series
            table.add([
                series.kind.rawValue, series.subject, series.name, series.unit,
                found.last.map { figure($0, series.unit) } ?? "-",
                found.newest.map { Wording.age(now - $0) + " ago" } ?? "-",
                HistoryText.time(found.since),
            ])
        }
        return table.text
    }

    /// One series by time; dots stand for periods without a value.
    static func table(_ answer: MetricAnswer, _ graph: MetricGraph) -> String {
        let (query, range) = (answer.query, answer.range)
        var text = "\(Explain.printable(name(query.series))), by \(Wording.aim(range.period))\n"
        guard !range.points.isEmpty else { return text + "  nothing was measured then\n" }
        if let row = graph.row(values(answer), width: 80) { text += "  \(row)\n" }
        let heads = query.statistics.map { "\($0)".uppercased() }
        let most = range.points.compactMap(\.values.first).max() ?? 0
        var table = TextTable(["TIME"] + heads + [""])
        var next: Instant?
        for point in range.points {
            if let next, point.start > next { table.add(["..."]) }
            let figures = zip(query.statistics, point.values).map { statistic, value in
                figure(value, statistic == .count ? "" : query.series.unit)
            }
            let bar = graph.bar(point.values.first ?? 0, of: most, width: barWidth)
            table.add([HistoryText.time(point.start)] + figures + [bar])
            next = point.start + range.period
        }
        return text + table.text
    }

    /// Several series, each in a line: the first statistic over time, and what it was.
    static func lines(_ answers: [MetricAnswer], _ graph: MetricGraph) -> String {
        guard let first = answers.first else { return "" }
        let statistic = first.query.statistics[0]
        var table = TextTable([
            "SUBJECT", "METRIC", "UNIT", "LEAST", "MOST", "LAST", "\(statistic) over time",
        ])
        for answer in answers {
            let series = answer.query.series
            let unit = statistic == .count ? "" : series.unit
            let known = answer.range.points.compactMap(\.values.first)
            table.add([
                series.subject, series.name, series.unit,
                known.min().map { figure($0, unit) } ?? "-",
                known.max().map { figure($0, unit) } ?? "-",
                known.last.map { figure($0, unit) } ?? "-",
                graph.row(values(answer), width: rowWidth) ?? "",
            ])
        }
        return table.text
    }

    /// The first statistic of each period, from the first to the last; nil where there was none.
    private static func values(_ answer: MetricAnswer) -> [Double?] {
        let points = answer.range.points
        guard let first = points.first?.start, let last = points.last?.start else { return [] }
        let width = max(1, answer.range.period.nanoseconds)
        let count = (last - first).nanoseconds / width + 1
        guard count <= 200_000 else { return points.map(\.values.first) }
        var values = [Double?](repeating: nil, count: Int(count))
        for point in points {
            values[Int((point.start - first).nanoseconds / width)] = point.values.first
        }
        return values
    }

    /// Four digits where it has that many.
    static func figure(_ value: Double, _ unit: String) -> String {
        if unit == "B" || unit == "B/s", value.magnitude >= 1_024, value > 0 {
            return Wording.bytes(Int64(min(value, 9e18))) + (unit == "B" ? "" : "/s")
        }
        let text: String =
            switch value.magnitude {
            case 0: "0"
            case ..<0.1: String(format: "%.3g", value)
            case ..<10: String(format: "%.3f", value)
            case ..<100: String(format: "%.2f", value)
            case ..<1_000: String(format: "%.1f", value)
            default: String(format: "%.0f", value)
            }
        guard text.contains("."), !text.contains("e") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(trimmed.reversed())
    }

    // MARK: - JSON

    static func json(_ all: [StoredSeries]) throws -> String {
        try all.map { found in
            try ReportJSON.line("series", SeriesLine(found))
        }.joined()
    }

    static func json(_ answer: MetricAnswer) throws -> String {
        let series = answer.query.series
        return try answer.range.points.map { point in
            try ReportJSON.line(
                "metric",
                PointLine(
                    kind: series.kind,
                    subject: series.subject,
                    name: series.name,
                    unit: series.unit,
                    start: point.start,
                    period: answer.range.period,
                    values: Dictionary(
                        zip(answer.query.statistics.map(\.description), point.values),
                        uniquingKeysWith: { first, _ in first }
                    )
                )
            )
        }.joined()
    }

    private struct SeriesLine: Encodable {
        var kind: MetricSeries.Kind
        var subject: String
        var name: String
        var unit: String
        var since: Instant
        var newest: Instant?
        var last: Double?

        init(_ found: StoredSeries) {
            kind = found.series.kind
            subject = found.series.subject
            name = found.series.name
            unit = found.series.unit
            since = found.since
            newest = found.newest
            last = found.last
        }
    }

    private struct PointLine: Encodable {
        var kind: MetricSeries.Kind
        var subject: String
        var name: String
        var unit: String
        var start: Instant
        var period: Span
        var values: [String: Double]
    }
}
