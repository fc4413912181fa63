package import Atlas

/// Times of day as people there write them.
package struct LocalTime: Hashable, Sendable {
    /// From UTC.
    package var offset: Span
    /// Such as `JST`.
    package var name: String

    package init(offset: Span = .zero, name: String = "UTC") {
        self.offset = offset
        self.name = name
    }

    /// `12:04`.
    package func minute(_ instant: Instant) -> String {
        let civil = instant.civil(offset: offset)
        return "\(padded(civil.hour, 2)):\(padded(civil.minute, 2))"
    }

    /// `12:03:25`.
    package func second(_ instant: Instant) -> String {
        minute(instant) + ":" + padded(instant.civil(offset: offset).second, 2)
    }

    /// `12:03:25.3`, cut, not rounded.
    package func tenth(_ instant: Instant) -> String {
        second(instant) + ".\(instant.civil(offset: offset).nanosecond / 100_000_000)"
    }

    /// `Sep 12 02:10`.
    package func day(_ instant: Instant) -> String {
        let civil = instant.civil(offset: offset)
        return "\(Self.months[civil.month - 1]) \(padded(civil.day, 2)) \(minute(instant))"
    }

    /// To the second within the same day, otherwise with the day, to the minute.
    package func when(_ instant: Instant, now: Instant) -> String {
        isSameDay(instant, now) ? second(instant) : day(instant)
    }

    package func isSameDay(_ left: Instant, _ right: Instant) -> Bool {
        let a = left.civil(offset: offset)
        let b = right.civil(offset: offset)
        return (a.year, a.month, a.day) == (b.year, b.month, b.day)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
