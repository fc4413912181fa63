internal import Atlas

/// The newest evidence of a service, held back because a run often begins after what speaks for it.
///
///                   lastEnd         started
///     ─────────────────┼───────────────┼──────────────────────►
///     of earlier runs  │◄─ own, up to ─┤ own
///                      │   lookBack    │
struct EvidenceWindow: Sendable {
    /// How long before a run evidence may lie and still belong to it.
    static let lookBack = Span.seconds(10)
    /// How many traces are held, here and by a run.
    static let limit = 200
    private static let noteLimit = 20

    /// In the order in which they came.
    private var traces: [Trace] = []
    /// People's notes, oldest first.
    private(set) var notes: [Trace] = []
    /// When the newest run that is over was: what lies before belongs to it.
    private var lastEnd = Instant.distantPast

    /// Holds a trace; false when it is held already.
    mutating func add(_ trace: Trace) -> Bool {
        guard !traces.contains(trace) else { return false }
        traces.append(trace)
        if traces.count > Self.limit { traces.removeFirst() }
        return true
    }

    mutating func add(note: Trace) {
        notes.append(note)
        if notes.count > Self.noteLimit { notes.removeFirst() }
    }

    mutating func runEnded(_ instant: Instant) { lastEnd = instant }

    /// Drops what no run that begins from now on can claim.
    mutating func expire(at now: Instant) {
        traces.removeAll { $0.at < now - Self.lookBack * 2 }
        notes.removeAll { $0.at < now - .seconds(120) }
    }

    /// What belongs to a run that begins.
    func traces(ofRunFrom started: Instant) -> [Trace] {
        traces.filter { $0.at >= started || isOwn($0, before: started) }
    }

    /// When a failover began that was found at an instant: at the first trace of its two sides.
    func start(foundAt instant: Instant, from: String?, to: String) -> Instant {
        let own = traces.filter { isOwn($0, before: instant) && $0.speaks(of: from, to: to) }
        return own.map(\.at).min() ?? instant
    }

    private func isOwn(_ trace: Trace, before instant: Instant) -> Bool {
        trace.at > max(instant - Self.lookBack, lastEnd)
    }
}
