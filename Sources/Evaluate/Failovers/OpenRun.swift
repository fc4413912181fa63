internal import Atlas

/// The run that goes on or settles, with all the evidence for it.
///
///        ┌──────────── bad again, too soon ──┬────────────────────┐
///        ▼                                   │                    │
///     running ──good, in vain before──► closing ──good for 1 s──► settling
///        │                                                        ▲
///        └── good; where users felt nothing: last phase ended ────┘
///
/// An outage that opens while closing is a run of its own.
/// Evidence is taken in each state, and `refresh` works the run out anew.
struct OpenRun: Sendable {
    var run: FailoverRun
    private var traces: [Trace]
    private var felt: FeltSeries
    /// The links as they were when it began.
    private let links: [LinkState]
    /// Users are served again, for long enough to believe it.
    private var isCalm = false
    /// Set while settling: when the run was over.
    private(set) var verifiedAt: Instant?

    /// A run begins, with those `traces` of before that belong to it, and with the canary's newest
    /// `tries` in buckets of 500 ms.
    init(_ run: FailoverRun, traces: [Trace], tries: FeltSeries, links: [LinkState]) {
        self.run = run
        self.traces = traces
        self.links = links
        felt = FeltSeries(width: .milliseconds(500), capacity: 240, isRing: false)
        felt.adopt(tries)
    }

    var isRunning: Bool { run.state == .running }
    var isClosing: Bool { isRunning && run.firstGood != nil }

    // MARK: evidence

    mutating func add(_ trace: Trace) {
        guard traces.count < EvidenceWindow.limit,
            trace.at >= run.started - EvidenceWindow.lookBack, !traces.contains(trace)
        else { return }
        traces.append(trace)
    }

    /// A note dates the fault when it was made before the run; false when it is not about the run.
    mutating func date(by note: Trace) -> Bool {
        let isLate = run.firstGood.map { note.at > $0 } ?? false
        guard note.at >= run.started - .seconds(60), !isLate else { return false }
        if note.at <= run.started + .seconds(1) {
            run.fault = max(run.fault ?? note.at, note.at)
        }
        return true
    }

    mutating func feel(_ attempt: CanaryTry) {
        felt.take(attempt)
        run.felt = felt.buckets
    }

    // MARK: its states

    mutating func outageOpened(_ firstBad: Instant) {
        run.firstBad = firstBad
        run.started = min(run.started, firstBad)
    }

    mutating func outageClosed(_ firstGood: Instant, isCertain: Bool) {
        run.firstGood = firstGood
        isCalm = isCertain
    }

    /// Users were served for a moment only: what was found at its end is found anew.
    mutating func outageReopened() {
        run.firstGood = nil
        run.state = .running
        if run.lostWrites != nil { run.lostWrites = LostWrites() }
        isCalm = false
        verifiedAt = nil
        traces.removeAll(where: \.isFirstGood)
    }

    /// Users have been served for long enough.
    mutating func confirm() { isCalm = true }

    /// Users are served by a member; where it is another than before, this is a failover.
    mutating func served(by member: String) {
        guard member != run.from else { return }
        run.kind = .failover
        run.to = member
    }

    /// Works the run out anew.
    mutating func refresh() {
        traces.sort { $0.isBefore($1) }
        let served = run.firstGood ?? verifiedAt
        run = RunAssessment.assess(run, traces: traces, links: links, served: served)
        run.felt = felt.buckets
        guard isRunning, let end = RunAssessment.end(of: run, isCalm: isCalm) else { return }
        run.state = .verified
        verifiedAt = end
    }
}
