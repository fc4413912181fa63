package import Atlas

/// How fine numbers of the past are kept, and for how long.
///
/// As CloudWatch keeps them (GetMetricStatistics, "Metrics retention").
package enum MetricTier: Int, CaseIterable, Hashable, Sendable, Comparable {
    case seconds
    case minutes
    case fiveMinutes
    case hours

    package static func < (left: MetricTier, right: MetricTier) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Of a period, in seconds.
    package var width: Int64 {
        switch self {
        case .seconds: 1
        case .minutes: 60
        case .fiveMinutes: 300
        case .hours: 3_600
        }
    }

    /// What one row of the file spans, in seconds: of the next tier a period at least, and a part.
    var blockSpan: Int64 {
        switch self {
        case .seconds: 300
        case .minutes: 3_600
        case .fiveMinutes: 86_400
        case .hours: 864_000
        }
    }

    var coarser: MetricTier? { MetricTier(rawValue: rawValue + 1) }
    var finer: MetricTier? { MetricTier(rawValue: rawValue - 1) }

    /// The finest that holds all from a start on and whose periods make up one asked for.
    ///
    /// - Parameters:
    ///   - start: in seconds since the epoch; rounded down to a period.
    ///   - period: in seconds.
    ///   - first: nothing is older.
    ///   - held: of each tier, since when it is complete.
    /// - Returns: the tier and the period, which is longer where only coarser ones reach so far back.
    static func fit(
        _ start: Int64,
        _ period: Int64,
        first: Int64,
        held: [Int64]
    ) -> (MetricTier, Int64) {
        var coarse: (MetricTier, Int64)?
        for tier in allCases {
            let whole = (period + tier.width - 1) / tier.width * tier.width
            guard Swift.max(start.floored(to: whole), first) >= held[tier.rawValue] else {
                continue
            }
            if whole == period { return (tier, period) }
            if coarse == nil { coarse = (tier, whole) }
        }
        return coarse ?? (.hours, (period + 3_599) / 3_600 * 3_600)
    }
}

/// How long numbers are kept in each tier.
package struct MetricRetention: Hashable, Sendable {
    package var seconds: Span
    package var minutes: Span
    package var fiveMinutes: Span
    package var hours: Span

    package init(
        seconds: Span = .seconds(3 * 3_600),
        minutes: Span = .seconds(15 * 86_400),
        fiveMinutes: Span = .seconds(63 * 86_400),
        hours: Span = .seconds(455 * 86_400)
    ) {
        self.seconds = seconds
        self.minutes = minutes
        self.fiveMinutes = fiveMinutes
        self.hours = hours
    }

    package subscript(tier: MetricTier) -> Span {
        switch tier {
        case .seconds: seconds
        case .minutes: minutes
        case .fiveMinutes: fiveMinutes
        case .hours: hours
        }
    }
}

extension Int64 {
    /// The start of the span that holds it.
    func floored(to span: Int64) -> Int64 {
        let rest = self % span
        return self - (rest < 0 ? rest + span : rest)
    }
}

extension Instant {
    /// Whole seconds since the epoch, rounded down.
    var wholeSeconds: Int64 {
        nanoseconds / 1_000_000_000 - (nanoseconds % 1_000_000_000 < 0 ? 1 : 0)
    }
}
