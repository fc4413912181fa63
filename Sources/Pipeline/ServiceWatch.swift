internal import Atlas
internal import Evaluate

/// One service: its canary's tries, its failovers, and the count of its lost writes.
struct ServiceWatch: Sendable {
    /// How often the new primary is asked for the canary's writes before that is given up.
    private static let patience = 30
    /// How far back acknowledged writes are looked for.
    private static let window = Span.seconds(600)

    let service: Service
    /// Index into the plan's canaries of the one that measures; nil without any.
    private let canary: Int?
    private let mode: Canary.Mode?
    var tracker: FailoverTracker
    private var ledger = WriteLedger()
    private var felt = FeltSeries(width: .seconds(1), capacity: 60, isRing: true)
    private var health: Since<Health>
    private var reason = "no try so far"
    private var good = 0
    private var bad = 0
    private var lastTry: Instant?
    private var question: Question?

    /// The write canary's numbers that have to be looked for after a run.
    private struct Question: Sendable {
        var run: String
        var window: ClosedRange<Int64>
        var asked = 0
        var isWaiting = false
    }

    init(_ service: Service, plan: WatchPlan, at start: Instant) {
        self.service = service
        let own = plan.canaries.indices.filter { plan.canaries[$0].service == service.name }
        canary = own.first { plan.canaries[$0].mode == .write } ?? own.first
        mode = canary.map { plan.canaries[$0].mode }
        tracker = FailoverTracker(service, canary: canary.map { plan.canaries[$0] })
        health = Since(.noData, since: start)
        if canary == nil { reason = "no canary looks" }
    }

    mutating func begin(at now: Instant) {
        health = Since(health.state, since: now)
    }

    var state: ServiceState {
        var state = ServiceState(
            name: service.name,
            health: tracker.isRunning && tracker.current?.kind == .failover
                ? .moving : health.state,
            since: health.since,
            isWatched: canary != nil
        )
        state.reason = reason
        state.serving = tracker.serving
        state.rto = service.rto
        state.good = good
        state.bad = bad
        state.lastTry = lastTry
        state.felt = felt.buckets
        return state
    }

    mutating func take(
        _ attempt: CanaryTry,
        target: String,
        links: [LinkState],
        at now: Instant
    ) {
        // Other canaries of the service do not measure: one definition, one client.
        guard attempt.canary == canary else { return }
        felt.take(attempt)
        lastTry = attempt.started
        let change = tracker.take(attempt, target: target, links: links)
        if let failure = attempt.failure {
            bad += 1
            reason = failure.detail
            health.become(tracker.isOutage ? .down : .warn, at: now)
        } else {
            good += 1
            // One good try between bad ones is no recovery.
            if !tracker.isClosing {
                reason = ""
                health.become(.ok, at: now)
            }
            if mode == .write { ledger.acknowledge(attempt.number, at: attempt.ended) }
        }
        // More writes may be lost than were asked for.
        if case .reopened = change { question = nil }
        if attempt.failure == nil, question == nil { expectWrites() }
    }

    mutating func tick(at now: Instant) -> ProbeReply.Question? {
        tracker.tick(at: now)
        guard let canary, var open = question, !open.isWaiting else { return nil }
        open.isWaiting = true
        open.asked += 1
        question = open
        return .writes(
            canary: canary,
            first: open.window.lowerBound,
            last: open.window.upperBound
        )
    }

    /// Takes what was found of the writes asked for; nil when they could not be asked for.
    mutating func settle(
        _ present: [ClosedRange<Int64>]?,
        window: ClosedRange<Int64>,
        failure: ProbeFailure?
    ) {
        guard var open = question, open.window == window else { return }
        if let present {
            tracker.settle(ledger.losses(present: present, window: window), run: open.run)
            question = nil
        } else if open.asked >= Self.patience {
            let reason = failure?.detail ?? "the answer could not be read"
            tracker.settle(LostWrites(state: .unknown, reason: reason), run: open.run)
            question = nil
        } else {
            open.isWaiting = false
            question = open
        }
    }

    private mutating func expectWrites() {
        guard mode == .write, let run = tracker.uncounted,
            let window = ledger.window(since: run.started - Self.window)
        else { return }
        question = Question(run: run.id, window: window.first...window.last)
    }
}
