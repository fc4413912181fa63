internal import Atlas
internal import History
internal import HistoryFormat
internal import Query

/// One of the questions that the bars are about.
struct BenchQuestion {
    let name: String
    let ask: (HistoryReader) throws -> Int

    /// Of the log file, in whose middle the ten minutes are.
    private static let begin: Int64 = 1_795_392_000
    private static let middle = Instant(seconds: begin + 3_600)

    static var all: [BenchQuestion] {
        [
            search("literal", "\"resync aborted\""),
            search("literal, some", "\"(quorum 77 of 4\""),
            search("caseless", "/resync aborted/i"),
            search("regex with a literal", "/\\(quorum [0-9]7 of 42[0-9]{2}\\)/c"),
            search("regex without a literal", "/[89]9\\.[5-9]9\\]/c"),
            search("field", "program:sshd port:4242"),
            lines("last 200 of a source", LogQuery(sources: ["s07"])),
            lines("last 200 of a rare source", LogQuery(sources: ["rare"])),
            lines("last 200 of the rarest source", LogQuery(sources: ["rarest"])),
            search("first screenful", "sshd", limit: 200),
            lines(
                "10 minutes and a level",
                LogQuery(
                    since: middle,
                    until: middle + .seconds(600),
                    minimumLevel: .warn,
                    limit: .max
                )
            ),
            histogram("histogram by minute", LogQuery(), .level),
            histogram(
                "histogram by minute and source",
                LogQuery(),
                .values(.source, (0..<18).map { Array(BenchLoad.name($0).utf8) })
            ),
            values("values of a field, newest million", "program"),
            values("templates, newest million", "template"),
        ]
    }

    private static func values(_ name: String, _ field: String) -> Self {
        BenchQuestion(name: name) { reader in
            let newest = try reader.logs(LogQuery(limit: 1)).lines.last?.record.number ?? 0
            let query = LogQuery(after: newest - min(newest, 1_000_000))
            return try reader.values(of: .field(field), query).values.count
        }
    }

    private static func search(_ name: String, _ text: String, limit: Int = .max) -> Self {
        BenchQuestion(name: name) { reader in
            let condition = try QueryReader.read(text)
            return try reader.logs(LogQuery(condition: condition, limit: limit)).lines.count
        }
    }

    private static func lines(_ name: String, _ query: LogQuery) -> Self {
        BenchQuestion(name: name) { try $0.logs(query).lines.count }
    }

    private static func histogram(
        _ name: String,
        _ query: LogQuery,
        _ grouping: LogGrouping
    ) -> Self {
        BenchQuestion(name: name) {
            try $0.histogram(query, bucket: .seconds(60), by: grouping).total
        }
    }
}
