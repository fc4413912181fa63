import Atlas
import Canvas

/// A failover run in words and signs.
struct RunWords {
    let run: FailoverRun
    let now: Instant

    init(_ run: FailoverRun, now: Instant) {
        self.run = run
        self.now = now
    }

    var outage: Span? { run.outage(at: now) }

    /// How it went, all told.
    var health: Health {
        if run.hasTwoWriters { return .down }
        if run.state == .running { return run.kind == .failover ? .moving : .down }
        if let outage, let rto = run.rto, outage > rto { return .down }
        let lost = run.lostWrites.map { $0.state == .counted && $0.lost > 0 } ?? false
        return lost || run.secondOutage != nil || run.kind == .outage ? .warn : .ok
    }

    /// `pg-1a → pg-1c`; what is not known is a question mark.
    var route: String {
        switch (run.kind, run.from, run.to) {
        case (.outage, let from, _) where run.isLedAway:
            from.map { "users led away from \($0)" } ?? "users led elsewhere"
        case (.outage, let from?, _): "\(from), nobody took over"
        case (.outage, nil, _): "nobody took over"
        case (.failover, let from, let to): "\(from ?? "?") → \(to ?? "?")"
        }
    }

    /// How long users went without, or how long the phases took where no canary looked.
    var length: String {
        guard let outage else {
            return run.isWatched ? "none" : phases.map(Wording.took) ?? "—"
        }
        return run.firstGood == nil ? Wording.soFar(outage) + "+" : Wording.took(outage)
    }

    /// From the first phase's start to the last one's end; nil without any.
    var phases: Span? {
        guard let start = run.steps.compactMap(\.start).min(),
            let end = run.steps.compactMap(\.end).max()
        else { return nil }
        return end - start
    }

    /// Lost writes, as short as can be.
    var lost: String {
        guard let writes = run.lostWrites else { return "—" }
        return switch writes.state {
        case .pending: "…"
        case .counted: Wording.compact(Double(writes.lost))
        case .unknown: "?"
        }
    }

    var lostRole: Role {
        guard let writes = run.lostWrites else { return .dim }
        return writes.state == .counted && writes.lost > 0 ? .warn : .dim
    }

    /// What must not be overlooked; worst first.
    var alarms: [(text: String, health: Health)] {
        var alarms: [(String, Health)] = []
        if run.hasTwoWriters { alarms.append(("two members took writes at once", .down)) }
        if let second = run.secondOutage {
            alarms.append(("a second outage of \(Wording.took(second)) within 5 min", .warn))
        }
        return alarms
    }
}

/// The stretch of time that a run's lanes show.
struct RunTimeline {
    let start: Instant
    let end: Instant

    init(_ run: FailoverRun, now: Instant) {
        let starts =
            [run.started, run.firstBad, run.fault].compactMap { $0 } + run.steps.compactMap(\.start)
        var ends = [run.firstGood].compactMap { $0 } + run.steps.compactMap(\.end)
        if run.state == .running { ends.append(now) }
        start = starts.min() ?? run.started
        end = max(ends.max() ?? start, start + .seconds(1))
    }

    /// Columns from one moment to another, at least one.
    func columns(from: Instant, to: Instant, width: Int) -> Range<Int> {
        guard width > 0 else { return 0..<0 }
        let whole = (end - start).seconds
        let first = Int(((from - start).seconds / whole * Double(width)).rounded(.down))
        let last = Int(((to - start).seconds / whole * Double(width)).rounded())
        let low = max(0, min(width - 1, first))
        return low..<max(low + 1, min(width, last))
    }

    /// Round marks for an axis, in seconds from the start: at most `most` of them.
    func ticks(most: Int) -> [Int] {
        let whole = (end - start).seconds
        let sizes = [
            1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 21_600, 86_400,
        ]
        let size = sizes.first { whole / Double($0) < Double(max(1, most)) } ?? 86_400
        return Array(stride(from: 0, through: Int(min(whole, 1e7)), by: size))
    }
}

/// How long a service's runs took, phase by phase.
struct RunStatistics {
    /// Newest first, at most ten.
    let runs: [FailoverRun]

    /// Chooses from all runs that are known, newest first.
    init(of service: String, among runs: [FailoverRun]) {
        self.runs = Array(
            runs.filter { $0.service == service && $0.kind == .failover && $0.state == .verified }
                .prefix(10)
        )
    }

    func spans(of phase: FailoverPhase) -> [Span] {
        runs.flatMap(\.steps).compactMap { step in
            guard step.phase == phase, let start = step.start, let end = step.end else {
                return nil
            }
            return end - start
        }
    }

    var outages: [Span] {
        runs.compactMap { run in
            guard let bad = run.firstBad, let good = run.firstGood else { return nil }
            return good - bad
        }
    }

    /// The lower of the two middle ones where their number is even; nil without any.
    static func median(_ spans: [Span]) -> Span? {
        let sorted = spans.sorted()
        return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
    }
}
