/// A point in time: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Range: 1677 to 2262. Its text form is RFC 3339 in UTC with 3, 6 or 9 digits of a second,
/// as few as are exact; that form is also how it is encoded.
package struct Instant: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Whole seconds since the epoch.
    package init(seconds: Int64) {
        self.nanoseconds = seconds &* 1_000_000_000
    }

    package static let distantPast = Instant(nanoseconds: .min)

    package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Saturates at the ends of the range.
    package static func + (left: Instant, right: Span) -> Instant {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Instant(nanoseconds: overflow ? (right.nanoseconds < 0 ? .min : .max) : sum)
    }

    /// Saturates at the ends of the range.
    package static func - (left: Instant, right: Span) -> Instant {
        let (rest, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return Instant(nanoseconds: overflow ? (right.nanoseconds < 0 ? .max : .min) : rest)
    }

    /// Saturates at the ends of the range.
    package static func - (left: Instant, right: Instant) -> Span {
        let (rest, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return Span(nanoseconds: overflow ? (left < right ? .min : .max) : rest)
    }

    /// The start of the bucket of the given width, greater than zero, that holds this instant.
    package func floor(to width: Span) -> Instant {
        let rest = nanoseconds % width.nanoseconds
        let (start, overflow) = nanoseconds.subtractingReportingOverflow(
            rest < 0 ? rest + width.nanoseconds : rest
        )
        return overflow ? .distantPast : Instant(nanoseconds: start)
    }
}

extension Instant: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Instant(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not an RFC 3339 time"
            )
        }
        self = instant
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
