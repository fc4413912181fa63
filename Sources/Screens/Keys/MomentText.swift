import Atlas

/// Moments as people type them: `12:03`, `12:03:25`, `-2h`, `start`, `end`, RFC 3339.
enum MomentText {
    /// The moment, or nil when the text is none of them.
    ///
    /// `newest` is what `end` means and what `-2h` counts from; `oldest` is what `start` means.
    static func instant(
        _ text: String,
        newest: Instant,
        oldest: Instant?,
        zone: LocalTime
    ) -> Instant? {
        switch text {
        case "end", "now": return newest
        case "start": return oldest
        default: break
        }
        if text.hasPrefix("-"), let span = Span(text.dropFirst()) { return newest - span }
        if let instant = Instant(rfc3339: text) { return instant }
        return timeOfDay(text, newest: newest, zone: zone)
    }

    /// Today's; yesterday's when it is still to come.
    private static func timeOfDay(_ text: String, newest: Instant, zone: LocalTime) -> Instant? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard (2...3).contains(fields.count), let hour = fields[0], let minute = fields[1],
            (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        let second = fields.count == 3 ? fields[2] : 0
        guard let second, (0...59).contains(second) else { return nil }
        var civil = newest.civil(offset: zone.offset)
        (civil.hour, civil.minute, civil.second, civil.nanosecond) = (hour, minute, second, 0)
        guard let today = Instant(civil, offset: zone.offset) else { return nil }
        return today <= newest ? today : today - .seconds(86_400)
    }
}
