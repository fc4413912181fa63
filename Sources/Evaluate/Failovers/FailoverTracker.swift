package import Atlas

/// Follows one service: who serves, whether users are served, and the runs that come of it.
///
///     quiet ──outage opens──────────► running ──users served again──► settling ──15 s──► quiet
///       └────a member takes over─────►   │  (no canary: switch complete)  │
///                                        └── evidence is gathered in both ┘
///
/// Users who were served for a moment only take a run back to running; from then on it is over when
/// they were served for a second.
///
/// Evidence arrives in any order (a log line is read later than the canary fails), so a run's
/// phases are worked out anew from all its traces whenever one is added.
package struct FailoverTracker: Sendable {
    /// How long before a run evidence may lie and still belong to it.
    private static let lookBack = Span.seconds(10)
    /// How long after its end evidence may still arrive.
    private static let settling = Span.seconds(15)
    private static let secondOutageWithin = Span.seconds(300)
    private static let evidenceLimit = 200

    private let service: Service
    private let hasCanary: Bool
    private let hasWriteCanary: Bool
    /// The canary chooses among members; else its one address may move from one to the other.
    private let hasChoice: Bool
    package private(set) var runs: [FailoverRun] = []
    /// The member that serves, as far as is known.
    package private(set) var serving: String? {
        didSet { isVacated = false }
    }
    /// The member that serves, as far as is known, says that it does not.
    private var isVacated = false
    /// Where the write canary's newest good try was; behind `serving` while it still uses an old
    /// primary that was cut off and goes on taking writes.
    private var usedMember: String?
    private var open: OpenRun?
    /// When the newest run that is over was: what lies before belongs to it.
    private var lastEnd = Instant.distantPast
    private var recent: [Trace] = []
    private var notes: [Evidence] = []
    private var tries: FeltSeries

    private struct OpenRun: Sendable {
        var index: Int
        var traces: [Trace]
        var felt: FeltSeries
        var estimates: [LinkState]
        /// Users are served again, for long enough to believe it.
        var isCalm = false
        var verifiedAt: Instant?
    }

    package init(_ service: Service, canary: Canary?) {
        self.service = service
        self.hasCanary = canary != nil
        self.hasWriteCanary = canary?.mode == .write
        self.hasChoice = (canary?.targets.count ?? 0) > 1
        self.tries = FeltSeries(width: .milliseconds(500), capacity: 20, isRing: true)
    }

    package func holds(_ resource: String) -> Bool { service.members.contains(resource) }

    /// The run that goes on or settles.
    package var current: FailoverRun? { open.map { runs[$0.index] } }
    package var isRunning: Bool { current?.state == .running }
    /// Users are served again, but for too short a time to believe it.
    package var isClosing: Bool { isRunning && current?.firstGood != nil }

    /// The oldest run that is over and whose lost writes nobody counted so far.
    ///
    /// The successor can be asked only once the canary is served there: a failover that users did
    /// not feel may leave them with the old primary for long.
    package var uncounted: FailoverRun? {
        runs.first { run in
            run.state == .verified && run.lostWrites?.state == .pending
                && (run.firstGood != nil || run.to == usedMember)
        }
    }

    // MARK: what is fed in

    /// A try of the canary, after the outage detector looked at it.
    package mutating func take(
        _ attempt: CanaryTry,
        change: OutageDetector.Change?,
        target: String,
        links: [LinkState],
        at now: Instant
    ) {
        tries.take(attempt)
        feel(attempt)
        if attempt.failure == nil { served(attempt, change: change, by: target, links, at: now) }
        switch change {
        case .opened(let firstBad, let reason):
            outageOpened(firstBad, reason: reason, links: links, at: now)
        case .closed(_, let firstGood, let isCertain):
            open?.isCalm = isCertain
            outageClosed(firstGood, target: target)
        case .reopened:
            outageGoesOn()
        case .blip, nil:
            break
        }
        if attempt.failure == nil, isClosing, let firstGood = current?.firstGood,
            attempt.ended - firstGood >= OutageDetector.calm
        {
            confirm()
        }
        if hasWriteCanary, attempt.failure == nil { usedMember = target }
    }

    /// A log line that matched a signature.
    package mutating func take(_ trace: Trace, links: [LinkState], at now: Instant) {
        guard abs((now - trace.at).nanoseconds) <= Span.seconds(60).nanoseconds else { return }
        let member = trace.evidence.subject
        if isTakeover(from: runs.last?.to)(trace) { endSettled(before: trace.at, by: member) }
        add(trace)
        if open == nil, isTakeover(from: serving)(trace) {
            let started = earliest(trace.at, successor: member)
            begin(kind: .failover, started: started, links: links, at: now)
        }
        refresh()
    }

    /// A member's role as its probe saw it changed.
    package mutating func roleChanged(
        _ resource: String,
        to role: ReplicationRole,
        seen: Instant,
        links: [LinkState],
        at now: Instant
    ) {
        if role == .standby, resource == serving { isVacated = true }
        guard role == .primary, resource != serving || open != nil else { return }
        endSettled(before: seen, by: resource)
        let evidence = Evidence(
            at: seen,
            phase: .switch,
            eye: .probe,
            subject: resource,
            text: "role standby → primary",
            health: .ok
        )
        add(Trace(evidence, edge: .end, side: .successor))
        if open == nil {
            let started = earliest(seen, successor: resource)
            begin(kind: .failover, started: started, links: links, at: now)
        }
        refresh()
    }

    /// The probe of a member failed for the first time in a row.
    package mutating func lost(_ resource: String, failure: ProbeFailure, at instant: Instant) {
        let evidence = Evidence(
            at: instant,
            phase: .detect,
            eye: .probe,
            subject: resource,
            text: "\(failure.kind.rawValue): \(failure.detail)",
            health: .down
        )
        add(Trace(evidence, edge: .point, side: .predecessor))
        refresh()
    }

    /// Who is primary by the probes: it serves where nobody is known to, and where the one that
    /// did gave way to one that had been primary all along (two held an address).
    package mutating func isPrimary(_ resource: String) {
        if serving == nil || isVacated && !hasWriteCanary && !isRunning { serving = resource }
    }

    /// A person's note; it dates the fault when a run begins soon after.
    package mutating func mark(_ text: String, at instant: Instant) {
        notes.append(
            Evidence(
                at: instant,
                phase: nil,
                eye: .mark,
                subject: service.name,
                text: text,
                health: .maintenance
            )
        )
        if notes.count > 20 { notes.removeFirst() }
        if let open { adoptNotes(open.index) }
    }

    /// Two members said at the same time that they are primary.
    package mutating func twoWriters() {
        guard let index = open?.index ?? runs.indices.last else { return }
        runs[index].hasTwoWriters = true
    }

    /// The answer to the question for the canary's writes.
    package mutating func settle(_ losses: LostWrites, run id: String) {
        guard let index = runs.firstIndex(where: { $0.id == id }) else { return }
        runs[index].lostWrites = losses
    }

    package mutating func tick(at now: Instant) {
        recent.removeAll { $0.at < now - Self.lookBack * 2 }
        notes.removeAll { $0.at < now - .seconds(120) }
        if let verifiedAt = open?.verifiedAt, now - verifiedAt > Self.settling {
            open = nil
        }
    }

    // MARK: how a run goes

    private mutating func outageOpened(
        _ firstBad: Instant,
        reason: String,
        links: [LinkState],
        at now: Instant
    ) {
        if isClosing { confirm() }
        if let verified = open?.verifiedAt, firstBad > verified { open = nil }
        add(
            Trace(
                Evidence(
                    at: firstBad,
                    phase: .detect,
                    eye: .canary,
                    subject: service.name,
                    text: "first bad try: \(reason)",
                    health: .down
                ),
                edge: .begin,
                side: .any
            )
        )
        if open == nil { begin(kind: .outage, started: firstBad, links: links, at: now) }
        if let index = open?.index {
            runs[index].firstBad = firstBad
            runs[index].started = min(runs[index].started, firstBad)
        }
        refresh()
    }

    private mutating func feel(_ attempt: CanaryTry) {
        guard var state = open else { return }
        state.felt.take(attempt)
        runs[state.index].felt = state.felt.buckets
        open = state
    }

    /// A write canary's good try says who serves; one that moved without an outage, too, tells of
    /// a failover that users did not feel. (A read may be answered by a standby as well.)
    private mutating func served(
        _ attempt: CanaryTry,
        change: OutageDetector.Change?,
        by target: String,
        _ links: [LinkState],
        at now: Instant
    ) {
        guard hasWriteCanary else { return }
        if case .closed = change { return }
        if let index = unfollowed(target) {
            runs[index].evidence.append(goodTry(attempt.ended, at: target).evidence)
        } else if let serving, serving != target, open == nil {
            var started = attempt.started
            if case .blip(let firstBad) = change { started = firstBad }
            started = earliest(started, successor: target)
            begin(kind: .failover, started: started, links: links, at: now)
            if let index = open?.index { runs[index].to = target }
            add(goodTry(attempt.ended, at: target))
            refresh()
        }
        serving = target
    }

    /// The failover that made this member the primary while users stayed with the old one.
    private func unfollowed(_ member: String) -> Int? {
        guard usedMember != member,
            let index = runs.lastIndex(where: { $0.kind == .failover && $0.state == .verified }),
            runs[index].to == member, runs[index].firstBad == nil,
            runs[index].lostWrites?.state == .pending, runs[index].id != current?.id
        else { return nil }
        return index
    }

    private func goodTry(_ instant: Instant, at target: String) -> Trace {
        Trace(
            Evidence(
                at: instant,
                phase: nil,
                eye: .canary,
                subject: service.name,
                text: hasChoice ? "first good try, at \(target)" : "first good try",
                health: .ok
            ),
            edge: .point,
            side: .any
        )
    }

    private mutating func outageClosed(_ firstGood: Instant, target: String) {
        guard let index = open?.index else { return }
        runs[index].firstGood = firstGood
        add(goodTry(firstGood, at: target))
        if hasWriteCanary {
            if unfollowed(target) != nil {
                // The earlier failover counts what was lost.
                runs[index].lostWrites = nil
            } else if target != runs[index].from {
                runs[index].kind = .failover
                runs[index].to = target
            }
            serving = target
        }
        refresh()
        noteSecondOutage(runs[index])
    }

    private mutating func confirm() {
        open?.isCalm = true
        refresh()
    }

    /// Users were served for a moment only: what was found at its end is found anew.
    private mutating func outageGoesOn() {
        guard let index = open?.index else { return }
        runs[index].firstGood = nil
        runs[index].state = .running
        if runs[index].lostWrites != nil { runs[index].lostWrites = LostWrites() }
        open?.isCalm = false
        open?.verifiedAt = nil
        open?.traces.removeAll { $0.evidence.eye == .canary && $0.evidence.phase == nil }
        refresh()
    }

    private mutating func begin(
        kind: FailoverRun.Kind,
        started: Instant,
        links: [LinkState],
        at now: Instant
    ) {
        var run = FailoverRun(
            id: "\(service.name)@\(started)",
            service: service.name,
            kind: kind,
            started: started,
            isWatched: hasCanary
        )
        run.rto = service.rto
        run.from = serving
        if hasWriteCanary { run.lostWrites = LostWrites() }
        runs.append(run)
        if runs.count > 200 { runs.removeFirst() }
        var felt = FeltSeries(width: .milliseconds(500), capacity: 240, isRing: false)
        felt.adopt(tries)
        open = OpenRun(
            index: runs.count - 1,
            traces: recent.filter { trace in
                trace.at >= started || trace.at > max(started - Self.lookBack, lastEnd)
            },
            felt: felt,
            estimates: links,
            verifiedAt: nil
        )
        adoptNotes(runs.count - 1)
    }

    private func earliest(_ instant: Instant, successor: String) -> Instant {
        let own = recent.filter { trace in
            trace.at > max(instant - Self.lookBack, lastEnd)
                && trace.speaks(of: serving, to: successor)
        }
        return own.map(\.at).min() ?? instant
    }

    /// A run that is over takes no more evidence once another member than its successor takes
    /// over: that one begins a run of its own, such as the way back.
    private mutating func endSettled(before instant: Instant, by member: String) {
        guard let open, let verifiedAt = open.verifiedAt, instant > verifiedAt,
            let to = runs[open.index].to, to != member
        else { return }
        self.open = nil
    }

    private mutating func adoptNotes(_ index: Int) {
        let start = runs[index].started
        for note in notes where note.at >= start - .seconds(60) && !runs[index].hasEnded(note.at) {
            if note.at <= start + .seconds(1) {
                runs[index].fault = max(runs[index].fault ?? note.at, note.at)
            }
            add(Trace(note, edge: .point, side: .any))
        }
    }

    private mutating func add(_ trace: Trace) {
        guard !recent.contains(trace) else { return }
        recent.append(trace)
        if recent.count > Self.evidenceLimit { recent.removeFirst() }
        guard let run = open, run.traces.count < Self.evidenceLimit,
            trace.at >= runs[run.index].started - Self.lookBack, !run.traces.contains(trace)
        else { return }
        open?.traces.append(trace)
    }

    /// True for what only a member that takes over leaves behind: a bound of the switch. (A
    /// standby that is merely stopped also ends its receiver: a point is no bound.)
    private func isTakeover(from member: String?) -> (Trace) -> Bool {
        { trace in
            trace.evidence.phase == .switch && trace.side == .successor && trace.edge != .point
                && trace.evidence.subject != member
        }
    }

    /// Users are led away from it.
    private func isLeftBehind(_ trace: Trace) -> Bool {
        trace.evidence.phase == .address && trace.side == .predecessor
    }

    /// Works the open run out anew.
    private mutating func refresh() {
        guard var state = open else { return }
        state.traces.sort {
            ($0.at, $0.evidence.line ?? 0, $0.evidence.text)
                < ($1.at, $1.evidence.line ?? 0, $1.evidence.text)
        }
        var run = runs[state.index]
        let wasUnknown = run.to == nil
        if let switched = state.traces.last(where: isTakeover(from: run.from)) {
            run.kind = .failover
            run.to = run.to ?? switched.evidence.subject
        }
        if run.kind == .outage, run.from == nil {
            run.from = state.traces.last(where: isLeftBehind)?.evidence.subject
        }
        let told = Self.telling(state.traces, of: run, served: run.firstGood ?? state.verifiedAt)
        run.steps = PhaseTimeline.steps(told, started: run.started, verified: run.firstGood)
        run.evidence = told.map(\.evidence)
        run.felt = state.felt.buckets
        run.clusterClaim = Self.claim(told)
        run.estimate = Self.estimate(for: run, state.estimates)
        run.rpo = state.estimates.first { $0.to == run.to || $0.from == run.to }?.rpo
        if run.state == .running, let end = verified(run, isCalm: state.isCalm) {
            run.state = .verified
            state.verifiedAt = end
            lastEnd = end
            if let to = run.to { serving = to }
        } else if run.state == .verified, wasUnknown, let to = run.to {
            serving = to
        }
        runs[state.index] = run
        open = state
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

    /// When it is over: users are served again; where no user is seen to suffer, when the
    /// last phase with evidence has ended.
    private func verified(_ run: FailoverRun, isCalm: Bool) -> Instant? {
        if run.firstBad != nil { return isCalm ? run.firstGood : nil }
        guard run.kind == .failover, !run.steps.contains(where: { $0.state == .running }) else {
            return nil
        }
        return run.steps.dropFirst().compactMap(\.end).max() ?? run.started
    }

    /// From the first to the last line of the cluster's own logs that bounds a phase.
    private static func claim(_ traces: [Trace]) -> Span? {
        let logs = traces.filter { $0.evidence.eye == .log }
        guard let first = logs.first, let last = logs.last(where: { $0.edge == .end }),
            last.at > first.at
        else { return nil }
        return last.at - first.at
    }

    private static func estimate(for run: FailoverRun, _ links: [LinkState]) -> LossEstimate? {
        guard let to = run.to else { return nil }
        return links.first { $0.to == to && $0.from == run.from }?.loss
    }

    private mutating func noteSecondOutage(_ run: FailoverRun) {
        guard run.kind == .outage, let firstBad = run.firstBad, let firstGood = run.firstGood,
            let earlier = runs.lastIndex(where: { $0.kind == .failover && $0.id != run.id }),
            let end = runs[earlier].firstGood ?? runs[earlier].steps.compactMap(\.end).max(),
            firstBad - end <= Self.secondOutageWithin
        else { return }
        runs[earlier].secondOutage = firstGood - firstBad
    }
}

extension FailoverRun {
    fileprivate func hasEnded(_ instant: Instant) -> Bool {
        firstGood.map { instant > $0 } ?? false
    }
}
