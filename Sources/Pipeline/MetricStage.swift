internal import Atlas
internal import Evaluate

/// Numbers over time: what probes, links, canaries and log sources measure.
struct MetricStage: Sendable {
    /// A second is closed so long after its end: replies and tries are told when they end.
    private static let patience = Span.seconds(2)
    /// Longer than this without an input nobody watched: then nothing is known, not even silence.
    private static let longestSilence = 10
    /// A host's own figures are read from files: it always answers.
    private static let ownProbe = "host"

    private let plan: WatchPlan
    private var table = PeriodTable()
    /// The second whose lines are counted.
    private var second: Instant?
    /// Of each source, what it had lines of so far: from then on its silence is a zero.
    private var known: [Known] = []
    /// Since when values of new series are passed over.
    private var refusedSince: Instant?

    private struct Known: Sendable {
        var lines = false
        var errors = false
        var warnings = false
        var late = false
    }

    init(_ plan: WatchPlan) {
        self.plan = plan
    }

    /// What needs somebody.
    var findings: [Finding] {
        guard let refusedSince else { return [] }
        return [
            Finding(
                key: "metrics:limit",
                health: .warn,
                subject: "metrics",
                place: nil,
                title: "too many metrics",
                detail: "10,000 series are kept; values of others are not",
                since: refusedSince
            )
        ]
    }

    /// Takes what came in up to a new second; to be called before each input.
    mutating func advance(to now: Instant, _ logs: inout LogStage) {
        let next = now.floor(to: .seconds(1))
        guard let current = second else {
            second = next
            return
        }
        guard next > current else { return }
        count(&logs, at: current)
        second = next
        let passed = (next - current).nanoseconds / Span.seconds(1).nanoseconds
        guard passed > 1, passed <= Self.longestSilence else { return }
        for step in 1..<passed { count(&logs, at: current + .seconds(step)) }
    }

    mutating func take(_ reply: ProbeReply, _ change: WatchStage.Change, at now: Instant) {
        guard let index = reply.target else { return }
        let target = plan.targets[index]
        let at = min(reply.ended, now)
        if target.probe != Self.ownProbe {
            takeAnswer(reply, of: target, at)
        }
        for sample in change.samples {
            let series = MetricSeries(
                .resource,
                target.resource,
                sample.name,
                unit: sample.unit
            )
            table.add(sample.value, to: series, at: at)
        }
        for link in change.measured { take(link, at) }
        noteRefused(at: now)
    }

    private mutating func takeAnswer(_ reply: ProbeReply, of target: ProbeTarget, _ at: Instant) {
        let up = MetricSeries(.resource, target.resource, "\(target.probe)-up")
        switch reply.outcome {
        case .answered:
            table.add(1, to: up, at: at)
            let latency = MetricSeries(
                .resource,
                target.resource,
                "\(target.probe)-latency",
                unit: "ms"
            )
            table.add((reply.ended - reply.started).milliseconds, to: latency, at: at)
        case .failed(let failure):
            switch failure.kind {
            case .unreachable, .broken, .timeout: table.add(0, to: up, at: at)
            // Trouble of ours to look says nothing of it.
            case .denied, .refused, .tooLarge, .noClient: break
            }
        }
    }

    /// While the source is gone its loss is an estimate that grows no more: no measurement.
    private mutating func take(_ link: LinkState, _ at: Instant) {
        guard let loss = link.loss, !loss.isSourceGone, link.health != .noData else { return }
        table.add(loss.span.seconds, to: MetricSeries(.link, link.name, "lag", unit: "s"), at: at)
        let size =
            loss.unit == .bytes
            ? MetricSeries(.link, link.name, "lag-bytes", unit: "B")
            : MetricSeries(.link, link.name, "lag-transactions")
        table.add(Double(loss.amount), to: size, at: at)
        if let replay = link.replayLag {
            let series = MetricSeries(.link, link.name, "replay-lag", unit: "s")
            table.add(replay.seconds, to: series, at: at)
        }
    }

    /// Its latency is that of what was served: a failure's would be its time-out.
    mutating func take(_ attempt: CanaryTry, at now: Instant) {
        let name = plan.canaries[attempt.canary].name
        let at = min(attempt.started, now)
        let isServed = attempt.failure == nil
        table.add(isServed ? 1 : 0, to: MetricSeries(.canary, name, "served"), at: at)
        if isServed {
            let series = MetricSeries(.canary, name, "latency", unit: "ms")
            table.add((attempt.ended - attempt.started).milliseconds, to: series, at: at)
        }
        noteRefused(at: now)
    }

    /// The seconds that are over, and that nothing is expected of any more.
    mutating func close(at now: Instant) -> [MetricRow] {
        table.close(before: now - Self.patience)
    }

    /// All that is open, at the end of a run.
    mutating func finish(_ logs: inout LogStage) -> [MetricRow] {
        if let second { count(&logs, at: second) }
        return table.close(before: Instant(nanoseconds: .max))
    }

    // MARK: - Lines

    /// The lines of a second are one value: how they came in batches is nothing to see.
    private mutating func count(_ logs: inout LogStage, at start: Instant) {
        while known.count < logs.tallies.count { known.append(Known()) }
        for index in logs.tallies.indices {
            let tally = logs.tallies[index]
            logs.tallies[index] = RateCounter.Tally()
            if tally.fresh > 0 { known[index].lines = true }
            if tally.errors > 0 { known[index].errors = true }
            if tally.warnings > 0 { known[index].warnings = true }
            if tally.late > 0 { known[index].late = true }
            let source = logs.states[index].name
            let known = known[index]
            add(tally.fresh, known.lines, source, "lines", start)
            add(tally.errors, known.errors, source, "error-lines", start)
            add(tally.warnings, known.warnings, source, "warn-lines", start)
            add(tally.late, known.late, source, "late-lines", start)
        }
        noteRefused(at: start)
    }

    private mutating func add(
        _ count: Int,
        _ isKnown: Bool,
        _ source: String,
        _ name: String,
        _ start: Instant
    ) {
        guard isKnown else { return }
        table.add(Double(count), to: MetricSeries(.source, source, name, unit: "1/s"), at: start)
    }

    private mutating func noteRefused(at now: Instant) {
        if refusedSince == nil, table.refused > 0 { refusedSince = now }
    }
}
