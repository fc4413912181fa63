import Atlas
import History

/// Counts over time as a table with bars, and as JSON lines.
enum HistogramText {
    private static let barWidth = 24

    private struct Bucket: Encodable {
        var start: Instant
        var lines: Int
        var levels: [String: Int]
    }

    /// Buckets without a line are left out.
    static func json(_ histogram: LogHistogram) throws -> String {
        try histogram.bars.map { bar in
            let levels = Level.allCases.map { ($0.name, bar.counts[Int($0.rawValue)]) }
                .filter { $0.1 > 0 }
            return try ReportJSON.line(
                "bucket",
                Bucket(
                    start: bar.start,
                    lines: bar.total,
                    levels: Dictionary(levels, uniquingKeysWith: +)
                )
            )
        }
        .joined()
    }

    /// A column for each level that occurs, the gravest first; dots stand for buckets without a line.
    static func text(_ histogram: LogHistogram) -> String {
        guard !histogram.bars.isEmpty else { return "" }
        let levels = Level.allCases.reversed().filter { level in
            histogram.bars.contains { $0.counts[Int(level.rawValue)] > 0 }
        }
        let most = histogram.bars.map(\.total).max() ?? 1
        var table = TextTable(["TIME", "LINES", ""] + levels.map { $0.name.uppercased() })
        var next: Instant?
        for bar in histogram.bars {
            if let next, bar.start > next { table.add(["...", "0"]) }
            let counts = levels.map { level -> String in
                let count = bar.counts[Int(level.rawValue)]
                return count > 0 ? "\(count)" : ""
            }
            let time = short(bar.start)
            table.add([time, "\(bar.total)", self.bar(bar.total, of: most)] + counts)
            next = bar.start + histogram.bucket
        }
        return table.text
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
