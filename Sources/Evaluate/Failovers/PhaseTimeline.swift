internal import Atlas

/// From traces to measured phases: a pure function, so that late evidence mends earlier answers.
enum PhaseTimeline {
    /// The five phases in their order.
    ///
    /// A phase begins with its first `begin` trace, else with its first trace; it ends with its
    /// last `end` trace, else where the next phase with evidence begins, else with the run.
    /// Detection is special: it begins with the run and ends where any later phase begins, but not
    /// with an old primary that stops by itself: nobody has to have noticed that.
    /// Logs are finer than probes: a probe's trace bounds a phase only where logs say nothing, and
    /// ends one whose lines tell of no end (MariaDB logs no promotion).
    ///
    /// `traces` are in time order; `verified` is when users were served again, nil while the run
    /// goes on.
    static func steps(_ traces: [Trace], started: Instant, verified: Instant?) -> [FailoverStep] {
        var steps = FailoverPhase.allCases.map { phase in
            step(phase, traces.filter { $0.evidence.phase == phase }, verified: verified)
        }
        let stop = traces.filter { $0.evidence.phase == .stop }
        let isByItself = stop.allSatisfy { $0.side == .predecessor }
        let later = steps.dropFirst(isByItself ? 2 : 1).compactMap(\.start)
        steps[0] = detection(steps[0], started: started, firstLater: later.min())
        for index in steps.indices where steps[index].state == .running {
            let next = index == 0 ? later.min() : steps[(index + 1)...].compactMap(\.start).min()
            let seen = seenDone(steps[index].phase, traces, verified: verified)
            guard let end = next ?? seen ?? verified, let start = steps[index].start else {
                continue
            }
            steps[index].end = max(start, end)
            steps[index].state = .done
        }
        return steps
    }

    private static func step(
        _ phase: FailoverPhase,
        _ traces: [Trace],
        verified: Instant?
    ) -> FailoverStep {
        let logs = traces.filter { $0.evidence.eye == .log }
        var bounding = logs.isEmpty ? traces : logs
        if logs.isEmpty, let verified {
            // A probe looks once a period: what it found done when users were served already,
            // had been done by then.
            for index in bounding.indices where bounding[index].evidence.eye == .probe {
                bounding[index].evidence.at = min(bounding[index].at, verified)
            }
        }
        guard let first = bounding.first(where: { $0.edge == .begin }) ?? bounding.first else {
            return FailoverStep(phase: phase)
        }
        let end = bounding.last { $0.edge == .end }
        return FailoverStep(
            phase: phase,
            state: end == nil ? .running : .done,
            start: end.map { min($0.at, first.at) } ?? first.at,
            end: end?.at
        )
    }

    /// When a probe found the phase done, at the latest when users were served; nil when none did.
    private static func seenDone(
        _ phase: FailoverPhase,
        _ traces: [Trace],
        verified: Instant?
    ) -> Instant? {
        let seen = traces.last {
            $0.evidence.phase == phase && $0.evidence.eye == .probe && $0.edge == .end
        }
        return seen.map { min($0.at, verified ?? $0.at) }
    }

    private static func detection(
        _ step: FailoverStep,
        started: Instant,
        firstLater: Instant?
    ) -> FailoverStep {
        guard step.state != .absent else { return step }
        let start = min(started, step.start ?? started)
        guard let firstLater else {
            return FailoverStep(phase: .detect, state: .running, start: start)
        }
        return FailoverStep(
            phase: .detect,
            state: .done,
            start: min(start, firstLater),
            end: firstLater
        )
    }
}
