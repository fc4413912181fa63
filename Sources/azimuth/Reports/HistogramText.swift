import Atlas
import History

/// Counts over time as a table with bars, and as JSON lines.
enum HistogramText {
    private static let barWidth = 24

    private struct Bucket: Encodable {
        var start: Instant
        var lines: Int
        var levels: [String: Int]?
        var values: [String: Int]?
        var other: Int?
        var missing: Int?
    }

    /// Buckets without a line are left out, and so are groups without one.
    static func json(_ histogram: LogHistogram) throws -> String {
        try histogram.bars.map { bar in
            var bucket = Bucket(start: bar.start, lines: bar.total)
            switch histogram.grouping {
            case .level: bucket.levels = counts(Level.allCases.map(\.name), bar.counts)
            case .values(_, let values):
                let names = values.map { String(decoding: $0, as: UTF8.self) }
                bucket.values = counts(names, bar.counts)
                bucket.other = bar.counts[values.count]
                bucket.missing = bar.counts[values.count + 1]
            }
            return try ReportJSON.line("bucket", bucket)
        }
        .joined()
    }

    private static func counts(_ names: [String], _ counts: [Int]) -> [String: Int] {
        Dictionary(zip(names, counts).filter { $0.1 > 0 }, uniquingKeysWith: +)
    }

    /// A column for each group that occurs; dots stand for buckets without a line.
    ///
    /// Levels come with the gravest first, values as they were asked for.
    static func text(_ histogram: LogHistogram) -> String {
        guard !histogram.bars.isEmpty else { return "" }
        let columns = columns(histogram.grouping).filter { column in
            histogram.bars.contains { $0.counts[column.group] > 0 }
        }
        let most = histogram.bars.map(\.total).max() ?? 1
        var table = TextTable(["TIME", "LINES", ""] + columns.map(\.title))
        var next: Instant?
        for bar in histogram.bars {
            if let next, bar.start > next { table.add(["...", "0"]) }
            let counts = columns.map { column -> String in
                let count = bar.counts[column.group]
                return count > 0 ? "\(count)" : ""
            }
            let time = short(bar.start)
            table.add([time, "\(bar.total)", self.bar(bar.total, of: most)] + counts)
            next = bar.start + histogram.bucket
        }
        return table.text
    }

    private static func columns(_ grouping: LogGrouping) -> [(group: Int, title: String)] {
        switch grouping {
        case .level:
            Level.allCases.reversed().map { (Int($0.rawValue), $0.name.uppercased()) }
        case .values(_, let values):
            values.enumerated().map { ($0, ValuesText.title($1)) }
                + [(values.count, "OTHER"), (values.count + 1, "NONE")]
        }
    }

    private static func bar(_ count: Int, of most: Int) -> String {
        String(repeating: "#", count: max(1, count * barWidth / max(1, most)))
    }

    /// Without a fraction where it is none.
    private static func short(_ instant: Instant) -> String {
        let text = instant.description
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : text
    }
}
