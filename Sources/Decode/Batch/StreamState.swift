internal import Atlas

/// What the lines of a stream tell those that come after them.
package struct StreamState: Sendable {
    private var lastTime: Instant?
    private var lastLevel = Level.info
    /// Of the log's zone to UTC, once it was found out.
    private var zoneOffset: Span?
    private var day = KnownDay()
    /// Where lines of any format come.
    var habit = FormatHabit()
    /// Lanes whose last line goes on.
    private var openLanes: UInt8 = 0

    init(zone: Span?) {
        zoneOffset = zone
    }

    /// A line with all that is known of it.
    struct Settled {
        var time: Instant
        var level: Level
        var messageStart: Int
        var shape: ParsedLine.Shape
        var hasTime: Bool
    }

    @inline(__always)
    mutating func settle(_ parsed: ParsedLine, arrival: Instant) -> Settled {
        let stated = instant(parsed.time, arrival: arrival)
        let goesOn = parsed.lane > 0 && goesOn(parsed)
        guard parsed.shape != .continuation, !goesOn else {
            return Settled(
                time: stated ?? lastTime ?? arrival,
                level: lastLevel,
                messageStart: parsed.messageStart,
                shape: .continuation,
                hasTime: stated != nil || lastTime != nil
            )
        }
        var time = stated
        if parsed.step.nanoseconds > 0, let stated {
            time = refined(stated, step: parsed.step, arrival: arrival)
        }
        if let time { lastTime = time }
        lastLevel = parsed.level ?? .info
        return Settled(
            time: time ?? arrival,
            level: lastLevel,
            messageStart: parsed.messageStart,
            shape: parsed.shape,
            hasTime: time != nil
        )
    }

    /// Whether the line is the rest of one before in its lane.
    private mutating func goesOn(_ parsed: ParsedLine) -> Bool {
        defer {
            if parsed.isPartial { openLanes |= parsed.lane } else { openLanes &= ~parsed.lane }
        }
        return openLanes & parsed.lane != 0
    }

    /// A coarse time stands for the whole step that it begins.
    ///
    /// A line that is read as it is written happened just before its arrival, which lies in that
    /// step or right behind it; of an older one only the beginning of the step is known. Lines of
    /// one step keep their order.
    @inline(__always)
    private func refined(_ time: Instant, step: Span, arrival: Instant) -> Instant {
        // Nanoseconds as they are: times are far from the ends of their range where these hold.
        let (first, came) = (time.nanoseconds, arrival.nanoseconds)
        let (next, isFar) = first.addingReportingOverflow(step.nanoseconds)
        guard !isFar else { return time }
        let last = next &- 1_000_000
        let isFresh = came > first && came &- next <= step.nanoseconds
        let refined = isFresh ? min(came, last) : first
        guard let before = lastTime?.nanoseconds, before <= last else {
            return Instant(nanoseconds: refined)
        }
        return Instant(nanoseconds: max(before, refined))
    }

    @inline(__always)
    private mutating func instant(_ time: ParsedLine.Time, arrival: Instant) -> Instant? {
        switch time {
        case .none: nil
        case .exact(let instant): instant
        case .zoneUnknown(let asUTC): zoned(asUTC, arrival: arrival)
        case .yearUnknown(let civil, let offset): dated(civil, offset, arrival: arrival)
        }
    }

    private mutating func dated(_ civil: Civil, _ offset: Span?, arrival: Instant) -> Instant {
        guard let latest = day.latest(civil, before: arrival) else { return arrival }
        return offset.map { latest - $0 } ?? zoned(latest, arrival: arrival)
    }

    /// An unknown zone is taken from the first line that arrived fresh: the distance to its
    /// arrival, rounded to a quarter of an hour (all civil offsets in use are multiples of it).
    private mutating func zoned(_ asUTC: Instant, arrival: Instant) -> Instant {
        if let zoneOffset { return asUTC - zoneOffset }
        let distance = (asUTC - arrival).nanoseconds
        // No zone is further away; most lines of an old file end here.
        let bound = Span.seconds(86_400 + 300).nanoseconds
        guard distance > -bound, distance < bound else { return arrival }
        let quarter = Span.seconds(900).nanoseconds
        let quarters = (Double(distance) / Double(quarter)).rounded()
        let offset = Span(nanoseconds: Int64(min(max(quarters, -96), 96)) * quarter)
        let rest = abs((asUTC - offset - arrival).nanoseconds)
        guard rest < Span.seconds(300).nanoseconds else { return arrival }
        zoneOffset = offset
        return asUTC - offset
    }
}

/// In which year a day without one is: the last such day that is over when its line arrives.
///
/// A zone can be half a day ahead, and a clock a little: a day more is allowed. Leap days are at
/// most eight years apart. The day of the line before is known.
private struct KnownDay: Sendable {
    private static let aheadLimit = Span.seconds(86_400)

    private var month = 0
    private var day = 0
    private var start = Instant(nanoseconds: 0)

    mutating func latest(_ civil: Civil, before arrival: Instant) -> Instant? {
        let bound = arrival + Self.aheadLimit
        if civil.month == month, civil.day == day, let known = known(civil, bound) { return known }
        var candidate = civil
        let newest = bound.civil().year
        for year in stride(from: newest, through: newest - 8, by: -1) {
            candidate.year = year
            guard candidate.isReal, let instant = Instant(candidate), instant <= bound else {
                continue
            }
            (month, day) = (civil.month, civil.day)
            start = Instant(Civil(year: year, month: month, day: day)) ?? start
            return instant
        }
        return nil
    }

    /// Nil where another year may be meant: when the day is not over, or a whole year is.
    @inline(__always)
    private func known(_ civil: Civil, _ bound: Instant) -> Instant? {
        let age = (bound - start).nanoseconds
        guard age >= 90_060 * 1_000_000_000, age < 365 * 86_400 * 1_000_000_000,
            civil.hour >= 0, civil.hour <= 24, civil.minute >= 0, civil.minute < 60,
            civil.second >= 0, civil.second <= 60
        else { return nil }
        let seconds = civil.hour &* 3_600 &+ civil.minute &* 60 &+ civil.second
        let nanoseconds = Int64(seconds) &* 1_000_000_000 &+ Int64(civil.nanosecond)
        return Instant(nanoseconds: start.nanoseconds &+ nanoseconds)
    }
}
