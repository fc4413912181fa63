internal import Atlas

/// What follows for a run from all its traces: pure functions, so that late evidence mends earlier
/// answers.
enum RunAssessment {
    /// The run with its direction, phases, evidence, claim and estimate.
    ///
    /// `traces` are in time order; `links` are as they were when the run began; `served` is when users
    /// were served again, or the run was over, nil while it goes on.
    static func assess(
        _ run: FailoverRun,
        traces: [Trace],
        links: [LinkState],
        served: Instant?
    ) -> FailoverRun {
        var run = run
        direct(&run, by: traces)
        let told = telling(traces, of: run, served: served)
        run.steps = PhaseTimeline.steps(told, started: run.started, verified: run.firstGood)
        run.evidence = told.map(\.evidence)
        run.clusterClaim = claim(told)
        run.estimate = links.first { $0.to == run.to && $0.from == run.from }?.loss
        run.rpo = links.first { $0.to == run.to || $0.from == run.to }?.rpo
        return run
    }

    /// When it is over: users are served again, for long enough to believe it (`isCalm`); where no
    /// user is seen to suffer, when the last phase with evidence has ended.
    static func end(of run: FailoverRun, isCalm: Bool) -> Instant? {
        if run.firstBad != nil { return isCalm ? run.firstGood : nil }
        guard run.kind == .failover, !run.steps.contains(where: { $0.state == .running }) else {
            return nil
        }
        return run.steps.dropFirst().compactMap(\.end).max() ?? run.started
    }

    /// A member that took over makes it a failover; in an outage users may be led away from one.
    private static func direct(_ run: inout FailoverRun, by traces: [Trace]) {
        if let switched = traces.last(where: { $0.isTakeover(from: run.from) }) {
            run.kind = .failover
            run.to = run.to ?? switched.evidence.subject
        }
        if run.kind == .outage, run.from == nil {
            run.from = traces.last(where: \.leadsAway)?.evidence.subject
        }
    }

    /// The traces that are about this run: those of its two sides, and without what is only said
    /// again after users were served, such as an address that is announced once more.
    private static func telling(
        _ traces: [Trace],
        of run: FailoverRun,
        served: Instant?
    ) -> [Trace] {
        var told: [Trace] = []
        for trace in traces where trace.speaks(of: run.from, to: run.to) {
            let isLate = served.map { trace.at > $0 } ?? false
            if isLate, told.contains(where: { $0.repeats(trace) }) { continue }
            told.append(trace)
        }
        return told
    }

    /// From the first to the last line of the cluster's own logs that bounds a phase.
    private static func claim(_ traces: [Trace]) -> Span? {
        let logs = traces.filter { $0.evidence.eye == .log }
        guard let first = logs.first, let last = logs.last(where: { $0.edge == .end }),
            last.at > first.at
        else { return nil }
        return last.at - first.at
    }
}
