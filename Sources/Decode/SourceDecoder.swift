package import Atlas

/// Reads the lines of one source in order: what one line leaves open, the lines before it tell.
package struct SourceDecoder: Sendable {
    private let format: any LogFormat
    private var lastTime: Instant?
    private var lastLevel = Level.info
    /// Of the log's zone to UTC, once it was found out.
    private var zoneOffset: Span?
    /// Lanes whose last line goes on.
    private var openLanes: UInt8 = 0

    /// `zone` is the log's, where it is known before a line is.
    package init(format: any LogFormat, zone: Span? = nil) {
        self.format = format
        zoneOffset = zone
    }

    /// One line with all that is known of it.
    package struct Reading: Hashable, Sendable {
        package var time: Instant
        package var level: Level
        package var messageStart: Int
        package var isParsed: Bool
    }

    /// Reads the next line.
    package mutating func read(_ line: RawSpan, arrival: Instant) -> Reading {
        let parsed = format.parse(line)
        switch goesOn(parsed) ? .continuation : parsed.shape {
        case .continuation:
            return Reading(
                time: instant(parsed.time, arrival: arrival) ?? lastTime ?? arrival,
                level: lastLevel,
                messageStart: parsed.messageStart,
                isParsed: true
            )
        case .record, .unknown:
            let time = instant(parsed.time, arrival: arrival).map {
                refined($0, step: parsed.step, arrival: arrival)
            }
            if let time { lastTime = time }
            lastLevel = parsed.level ?? .info
            return Reading(
                time: time ?? arrival,
                level: lastLevel,
                messageStart: parsed.messageStart,
                isParsed: parsed.shape == .record
            )
        }
    }

    /// Whether the line is the rest of one before in its lane.
    private mutating func goesOn(_ parsed: ParsedLine) -> Bool {
        guard parsed.lane > 0 else { return false }
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
    private func refined(_ time: Instant, step: Span, arrival: Instant) -> Instant {
        guard step > .zero else { return time }
        let last = time + step - .milliseconds(1)
        let isFresh = arrival > time && arrival <= time + step * 2
        let refined = isFresh ? min(arrival, last) : time
        guard let lastTime, lastTime <= last else { return refined }
        return max(lastTime, refined)
    }

    /// An unknown zone is taken from the first line that arrived fresh: the distance to its
    /// arrival, rounded to a quarter of an hour (all civil offsets in use are multiples of it).
    private mutating func instant(_ time: ParsedLine.Time, arrival: Instant) -> Instant? {
        switch time {
        case .none:
            return nil
        case .exact(let instant):
            return instant
        case .yearUnknown(let civil, let offset):
            guard let latest = Self.latest(civil, before: arrival) else { return arrival }
            return offset.map { latest - $0 } ?? instant(.zoneUnknown(latest), arrival: arrival)
        case .zoneUnknown(let asUTC):
            if zoneOffset == nil {
                let quarter = Span.seconds(900).nanoseconds
                let quarters = (Double((asUTC - arrival).nanoseconds) / Double(quarter)).rounded()
                let offset = Span(nanoseconds: Int64(quarters.clamped(to: -96...96)) * quarter)
                let rest = abs((asUTC - offset - arrival).nanoseconds)
                guard rest < Span.seconds(300).nanoseconds else { return arrival }
                zoneOffset = offset
            }
            return asUTC - (zoneOffset ?? .zero)
        }
    }

    /// The last such day that is over when its line arrives.
    ///
    /// A zone can be half a day ahead, and a clock a little: a day more is allowed. Leap days are
    /// at most eight years apart.
    private static func latest(_ civil: Civil, before arrival: Instant) -> Instant? {
        let bound = arrival + .seconds(86_400)
        var candidate = civil
        let newest = bound.civil().year
        for year in stride(from: newest, through: newest - 8, by: -1) {
            candidate.year = year
            if candidate.isReal, let instant = Instant(candidate), instant <= bound {
                return instant
            }
        }
        return nil
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
