/// One quantity of one thing, over time.
///
/// The unit is part of it: what is told in another unit is another series.
package struct MetricSeries: Codable, Hashable, Sendable {
    /// What `subject` names.
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case resource
        case link
        case canary
        case source
    }

    package var kind: Kind
    package var subject: String
    /// Stable, such as `connections` or `lag`.
    package var name: String
    /// A short unit, such as `B`, `1/s`; empty for a bare count.
    package var unit: String

    package init(_ kind: Kind, _ subject: String, _ name: String, unit: String = "") {
        self.kind = kind
        self.subject = subject
        self.name = name
        self.unit = unit
    }
}

extension MetricSeries: Comparable {
    /// By kind, subject, name and unit.
    package static func < (left: MetricSeries, right: MetricSeries) -> Bool {
        (left.kind.rawValue, left.subject, left.name, left.unit)
            < (right.kind.rawValue, right.subject, right.name, right.unit)
    }
}

/// The values of a series in one second.
package struct MetricRow: Hashable, Sendable {
    package var series: MetricSeries
    /// A whole second: that which the values are of begins there.
    package var start: Instant
    package var set: StatisticSet

    package init(_ series: MetricSeries, start: Instant, set: StatisticSet) {
        self.series = series
        self.start = start
        self.set = set
    }
}
