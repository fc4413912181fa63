import Atlas
import Foundation

/// One line of a JSON report: the value's own fields and a `type`.
///
/// The schema is in Docs/report.md. Keys are sorted, so that equal reports are equal bytes.
struct ReportLine<Value: Encodable>: Encodable {
    var type: String
    var value: Value
    /// Length of an outage in seconds, for failovers.
    var outage: Span?

    private enum Key: String, CodingKey {
        case type
        case outage
    }

    func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(type, forKey: .type)
        try container.encodeIfPresent(outage, forKey: .outage)
    }
}

/// What a report is about: its first line.
struct ReportHead: Encodable {
    var schema = 1
    var estate: String
    /// Time of the first and of the last input.
    var since: Instant?
    var until: Instant
}

/// A picture as JSON lines.
enum ReportJSON {
    static func whole(_ picture: Picture) throws -> String {
        var lines = try line("report", head(picture))
        lines += try failovers(picture.failovers)
        lines += try picture.services.map { try line("service", $0) }.joined()
        lines += try links(picture.links)
        lines += try health(picture)
        lines += try findings(picture)
        lines += try sources(picture)
        return lines + (try line("intake", picture.intake))
    }

    static func failovers(_ runs: [FailoverRun]) throws -> String {
        try runs.map { run in
            let outage = run.firstGood.flatMap { good in run.firstBad.map { good - $0 } }
            return try encode(ReportLine(type: "failover", value: run, outage: outage))
        }
        .joined()
    }

    static func links(_ links: [LinkState]) throws -> String {
        try links.map { try line("link", $0) }.joined()
    }

    static func findings(_ picture: Picture) throws -> String {
        try picture.findings.map { try line("finding", $0) }.joined()
    }

    static func sources(_ picture: Picture) throws -> String {
        try picture.sources.map { try line("source", $0) }.joined()
    }

    static func health(_ picture: Picture) throws -> String {
        try picture.places.map { try line("place", $0) }.joined()
            + picture.resources.map { try line("resource", $0) }.joined()
    }

    static func line(_ type: String, _ value: some Encodable) throws -> String {
        try encode(ReportLine(type: type, value: value))
    }

    private static func head(_ picture: Picture) -> ReportHead {
        ReportHead(
            estate: picture.estate.name,
            since: picture.intake.since,
            until: picture.at
        )
    }

    private static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
