package import Atlas

/// How long the history keeps what, as azimuth.yaml says; nil for no bound.
package struct RetentionSettings: Hashable, Sendable {
    package struct Limit: Hashable, Sendable {
        package var keep: Span?
        /// In bytes.
        package var size: Int?
    }

    package var lines = Limit()
    package var inputs = Limit()
    package var states = Limit()

    /// Of numbers over time, by how fine they are.
    package struct Metrics: Hashable, Sendable {
        package var seconds: Span?
        package var minutes: Span?
        package var fiveMinutes: Span?
        package var hours: Span?
    }

    package var metrics = Metrics()
}

/// The value of `history`: a path, or a map with the path, how long what is kept, and how long
/// lines wait while nothing can be.
struct HistorySettings {
    var path: String?
    var retention = RetentionSettings()
    var hold: Span?

    private static let keys = ["file", "lines", "inputs", "states", "metrics", "hold"]
    private static let example = "/var/lib/azimuth/history.db"

    init(_ fields: Fields, _ reader: Reader) {
        guard let node = fields["history"] else { return }
        guard case .map = node.content else {
            path = reader.path(fields, "history", example: Self.example)
            return
        }
        guard let parts = reader.fields(of: node, subject: "'history'", allowed: Self.keys) else {
            return
        }
        path = reader.path(parts, "file", example: Self.example)
        retention.lines = Self.limit(parts, "lines", reader)
        retention.inputs = Self.limit(parts, "inputs", reader)
        retention.states = Self.limit(parts, "states", reader)
        hold = reader.span(parts, "hold", in: .seconds(1) ... .seconds(3_600))
        retention.metrics = Self.metrics(parts, reader)
    }

    private static func metrics(_ fields: Fields, _ reader: Reader) -> RetentionSettings.Metrics {
        var metrics = RetentionSettings.Metrics()
        guard let node = fields["metrics"],
            let parts = reader.fields(
                of: node,
                subject: fields.name(of: "metrics"),
                allowed: ["seconds", "minutes", "five_minutes", "hours"]
            )
        else { return metrics }
        let range = Span.seconds(60) ... .seconds(36_500 * 86_400)
        metrics.seconds = reader.span(parts, "seconds", in: range)
        metrics.minutes = reader.span(parts, "minutes", in: range)
        metrics.fiveMinutes = reader.span(parts, "five_minutes", in: range)
        metrics.hours = reader.span(parts, "hours", in: range)
        return metrics
    }

    private static func limit(
        _ fields: Fields,
        _ key: String,
        _ reader: Reader
    ) -> RetentionSettings.Limit {
        guard let node = fields[key],
            let parts = reader.fields(
                of: node,
                subject: fields.name(of: key),
                allowed: ["keep", "size"]
            )
        else { return RetentionSettings.Limit() }
        return RetentionSettings.Limit(
            keep: reader.span(parts, "keep", in: .seconds(60) ... .seconds(36_500 * 86_400)),
            size: reader.bytes(parts, "size", in: 1 << 20...1 << 50)
        )
    }
}

extension Reader {
    /// A path in the file system; `example` is one to show where it is none.
    func path(_ fields: Fields, _ key: String, example: String) -> String? {
        guard let path = text(fields, key) else { return nil }
        guard !path.contains("://"), !path.unicodeScalars.contains(where: { $0.value < 0x20 })
        else {
            let remedy = "write a path such as \(example)"
            note(fields.position(of: key), "'\(key)' is no path", remedy)
            return nil
        }
        return path
    }
}
