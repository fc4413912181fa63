package import Atlas

/// Reads the lines of one source in order: what one line leaves open, the lines before it tell.
package struct SourceDecoder: Sendable {
    private let format: any LogFormat
    private var lastTime: Instant?
    private var lastLevel = Level.info
    /// Of the log's zone to UTC, once it was found out.
    private var zoneOffset: Span?

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
        switch parsed.shape {
        case .continuation:
            return Reading(
                time: instant(parsed.time, arrival: arrival) ?? lastTime ?? arrival,
                level: lastLevel,
                messageStart: parsed.messageStart,
                isParsed: true
            )
        case .record, .unknown:
            let time = instant(parsed.time, arrival: arrival)
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

    /// An unknown zone is taken from the first line that arrived fresh: the distance to its
    /// arrival, rounded to a quarter of an hour (all civil offsets in use are multiples of it).
    private mutating func instant(_ time: ParsedLine.Time, arrival: Instant) -> Instant? {
        switch time {
        case .none:
            return nil
        case .exact(let instant):
            return instant
        case .yearUnknown(let asUTC):
            return self.instant(.zoneUnknown(Self.dated(asUTC, arrival)), arrival: arrival)
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

    /// The latest such day that is not after the arrival, with a day to spare for zones: at new
    /// year a line may be of the old year still, or of the new one already.
    private static func dated(_ asUTC: Instant, _ arrival: Instant) -> Instant {
        var civil = asUTC.civil()
        let (month, latest) = (civil.month, arrival + .seconds(86_400))
        let newest = latest.civil().year
        // Eight years back there is a 29th of February for certain.
        for year in stride(from: newest, through: newest - 8, by: -1) {
            civil.year = year
            guard let dated = Instant(civil), dated <= latest else { continue }
            if month != 2 || dated.civil().month == month { return dated }
        }
        return asUTC
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
