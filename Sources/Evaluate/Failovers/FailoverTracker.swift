package import Atlas

/// Follows one service: who serves, whether users are served, and the runs that come of it.
///
///     quiet ──outage opens──────────► running ──users served again──► settling ──15 s──► quiet
///       └────a member takes over─────►   │  (no canary: switch complete)  │
///                                        └── evidence is gathered in both ┘
///
/// Here is decided when a run begins and ends, and what an input means for it. Evidence arrives in
/// any order (a log line is read later than the canary fails), so the run is worked out anew from
/// all its traces whenever one is added.
package struct FailoverTracker: Sendable {
    /// How long after its end evidence may still arrive.
    private static let settling = Span.seconds(15)
    /// A log line that is read later than that after its own time is of another time.
    private static let maxDelay = Span.seconds(60)

    let service: Service
    /// The one that measures.
    let canary: Canary?
    var detector = OutageDetector()
    var member: ServingMember
    var window = EvidenceWindow()
    var history = RunHistory()
    /// The ten seconds before a run belong to its picture.
    var tries = FeltSeries(width: .milliseconds(500), capacity: 20, isRing: true)

    /// Knows nobody who serves so far; `canary` is the one of the service that measures.
    package init(_ service: Service, canary: Canary?) {
        self.service = service
        self.canary = canary
        member = ServingMember(hasWriteCanary: canary?.mode == .write)
    }

    var hasWriteCanary: Bool { canary?.mode == .write }

    // MARK: what is known

    package func holds(_ resource: String) -> Bool { service.members.contains(resource) }

    /// Oldest first.
    package var runs: [FailoverRun] { history.all }
    /// The run that goes on or settles.
    package var current: FailoverRun? { history.open?.run }
    package var isRunning: Bool { history.open?.isRunning ?? false }
    /// Users are served again, but for too short a time to believe it.
    package var isClosing: Bool { history.open?.isClosing ?? false }
    /// The canary's newest tries were bad.
    package var isOutage: Bool { detector.isOpen }
    /// The member that serves, as far as is known.
    package var serving: String? { member.name }
    /// The oldest run whose lost writes its successor can be asked for now.
    package var uncounted: FailoverRun? { history.uncounted(used: member.used) }

    // MARK: what is fed in

    /// A log line that matched a signature.
    package mutating func take(_ trace: Trace, links: [LinkState], at now: Instant) {
        guard abs((now - trace.at).nanoseconds) <= Self.maxDelay.nanoseconds else { return }
        if trace.isTakeover { closeSettled(before: trace) }
        add(trace)
        if trace.isTakeover(from: serving) { beginFailover(foundBy: trace, links: links) }
        refresh()
    }

    /// A member's role as its probe saw it changed.
    package mutating func roleChanged(
        _ resource: String,
        to role: ReplicationRole,
        seen: Instant,
        links: [LinkState]
    ) {
        if role == .standby { member.giveWay(resource) }
        guard role == .primary, resource != serving || history.open != nil else { return }
        let trace = Trace.promotion(of: resource, seen: seen)
        closeSettled(before: trace)
        add(trace)
        beginFailover(foundBy: trace, links: links)
        refresh()
    }

    /// The probe of a member failed for the first time in a row.
    package mutating func lost(_ resource: String, failure: ProbeFailure, at instant: Instant) {
        add(.failure(failure, of: resource, at: instant))
        refresh()
    }

    /// A probe says who is primary.
    package mutating func sawPrimary(_ resource: String) {
        member.claim(by: resource, whileRunning: isRunning)
    }

    /// A person's note; it dates the fault when a run begins soon after.
    package mutating func mark(_ text: String, at instant: Instant) {
        window.add(note: .note(text, on: service.name, at: instant))
        adoptNotes()
    }

    /// Two members said at the same time that they are primary.
    package mutating func sawTwoWriters() { history.noteTwoWriters() }

    /// The answer to the question for the canary's writes.
    package mutating func settle(_ losses: LostWrites, run id: String) {
        history.settle(losses, run: id)
    }

    package mutating func tick(at now: Instant) {
        window.expire(at: now)
        if let verifiedAt = history.open?.verifiedAt, now - verifiedAt > Self.settling {
            history.close()
        }
    }

    // MARK: how a run goes

    private mutating func beginFailover(foundBy trace: Trace, links: [LinkState]) {
        guard history.open == nil else { return }
        let successor = trace.evidence.subject
        let started = window.start(foundAt: trace.at, from: serving, to: successor)
        begin(kind: .failover, started: started, links: links)
    }

    mutating func begin(kind: FailoverRun.Kind, started: Instant, links: [LinkState]) {
        var run = FailoverRun(
            id: "\(service.name)@\(started)",
            service: service.name,
            kind: kind,
            started: started,
            isWatched: canary != nil
        )
        run.rto = service.rto
        run.from = serving
        if hasWriteCanary { run.lostWrites = LostWrites() }
        let traces = window.traces(ofRunFrom: started)
        history.begin(OpenRun(run, traces: traces, tries: tries, links: links))
        adoptNotes()
    }

    /// A run that is over takes no more evidence once another member than its successor takes
    /// over: that one begins a run of its own, such as the way back.
    private mutating func closeSettled(before takeover: Trace) {
        guard let verifiedAt = history.open?.verifiedAt, takeover.at > verifiedAt,
            let to = current?.to, to != takeover.evidence.subject
        else { return }
        history.close()
    }

    private mutating func adoptNotes() {
        for note in window.notes where history.open?.date(by: note) == true { add(note) }
    }

    mutating func add(_ trace: Trace) {
        if window.add(trace) { history.open?.add(trace) }
    }

    /// Works the open run out anew; whom it leads to serves once it is over.
    mutating func refresh() {
        let (wasRunning, wasUnknown) = (isRunning, current?.to == nil)
        history.open?.refresh()
        guard let verifiedAt = history.open?.verifiedAt else { return }
        if wasRunning { window.runEnded(verifiedAt) }
        if wasRunning || wasUnknown, let to = current?.to { member.become(to) }
    }
}
