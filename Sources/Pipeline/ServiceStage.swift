internal import Atlas
internal import Evaluate
internal import Probes

/// Services: what their canaries feel, and the failovers and outages that come of it.
struct ServiceStage: Sendable {
    private let plan: WatchPlan
    /// In the order of the estate's services.
    private var watches: [ServiceWatch]
    private let serviceOfCanary: [Int?]
    private var newMarks: [Mark] = []

    init(_ plan: WatchPlan, at start: Instant) {
        self.plan = plan
        let services = plan.estate.services
        watches = services.map { ServiceWatch($0, plan: plan, at: start) }
        serviceOfCanary = plan.canaries.map { canary in
            services.firstIndex { $0.name == canary.service }
        }
    }

    mutating func begin(at now: Instant) {
        for index in watches.indices { watches[index].begin(at: now) }
    }

    /// Of all services, by their start.
    var runs: [FailoverRun] {
        watches.flatMap(\.tracker.runs).sorted { ($0.started, $0.id) < ($1.started, $1.id) }
    }

    /// In the order of the estate.
    var states: [ServiceState] { watches.map(\.state) }

    /// Members that are known to be taking over.
    var movingResources: Set<String> {
        var moving: Set<String> = []
        for watch in watches {
            guard let run = watch.tracker.current, run.state == .running, run.kind == .failover
            else { continue }
            if let to = run.to { moving.insert(to) }
        }
        return moving
    }

    /// Takes what the log of `writer` tells, of itself or of another resource.
    mutating func take(_ trace: Trace, writer: String, links: [LinkTracker], at now: Instant) {
        change(services(holding: [writer, trace.evidence.subject])) { watch in
            watch.tracker.take(trace, links: Self.states(links), at: now)
        }
    }

    mutating func take(_ attempt: CanaryTry, links: [LinkTracker], at now: Instant) {
        guard let index = serviceOfCanary[attempt.canary] else { return }
        let canary = plan.canaries[attempt.canary]
        let target =
            canary.targets.indices.contains(attempt.target)
            ? canary.targets[attempt.target].resource : "?"
        change([index]) { watch in
            watch.take(attempt, target: target, links: Self.states(links), at: now)
        }
    }

    mutating func take(_ told: WatchStage.Change) {
        change(services(holding: [told.resource])) { watch in
            if let failure = told.firstFailure, watch.tracker.serving == told.resource {
                watch.tracker.lost(told.resource, failure: failure, at: told.at)
            }
            if let role = told.newRole {
                watch.tracker.roleChanged(
                    told.resource,
                    to: role,
                    seen: told.at,
                    links: told.linksBefore
                )
            }
            if told.isPrimary { watch.tracker.sawPrimary(told.resource) }
            if told.isSecondWriter { watch.tracker.sawTwoWriters() }
        }
    }

    /// Takes the answer to a question for writes; false when it belongs to no canary.
    mutating func take(answer reply: ProbeReply) -> Bool {
        guard case .writes(let canary, let first, let last) = reply.question, first <= last,
            plan.canaries.indices.contains(canary), let index = serviceOfCanary[canary]
        else { return false }
        let present = islands(reply, canary: plan.canaries[canary])
        watches[index].settle(present, window: first...last, failure: reply.failure)
        return present != nil || reply.failure != nil
    }

    mutating func mark(_ text: String, at instant: Instant) {
        for index in watches.indices { watches[index].tracker.mark(text, at: instant) }
    }

    /// Steps what depends on time; returns what has to be asked.
    mutating func tick(at now: Instant) -> [ProbeReply.Question] {
        watches.indices.compactMap { watches[$0].tick(at: now) }
    }

    mutating func drainMarks() -> [Mark] {
        defer { newMarks = [] }
        return newMarks
    }

    /// Those that have one of the resources for a member.
    private func services(holding resources: [String]) -> [Int] {
        watches.indices.filter { resources.contains(where: watches[$0].tracker.holds) }
    }

    /// Changes the services that are meant, and marks what begins or ends by it.
    private mutating func change(_ indexes: [Int], _ body: (inout ServiceWatch) -> Void) {
        for index in indexes {
            let before = watches[index].tracker.current
            body(&watches[index])
            guard let after = watches[index].tracker.current else { continue }
            if before?.id != after.id {
                newMarks.append(
                    Mark(
                        at: after.started,
                        kind: .failover,
                        text: "\(after.service): \(after.kind.rawValue)"
                    )
                )
            }
            if after.state == .verified, before?.id != after.id || before?.state == .running {
                let end = after.firstGood ?? after.steps.compactMap(\.end).max() ?? after.started
                newMarks.append(
                    Mark(at: end, kind: .verified, text: "\(after.service) serves again")
                )
            }
        }
    }

    private func islands(_ reply: ProbeReply, canary: Canary) -> [ClosedRange<Int64>]? {
        guard case .answered(let text) = reply.outcome,
            let probe = ProbeCatalog.probe(named: canary.probe)
        else { return nil }
        do throws(ProbeError) {
            return try probe.canary?.decodeWrites(text)
        } catch {
            return nil
        }
    }

    private static func states(_ links: [LinkTracker]) -> [LinkState] {
        links.map(\.current)
    }
}

extension ProbeReply {
    fileprivate var failure: ProbeFailure? {
        if case .failed(let failure) = outcome { failure } else { nil }
    }
}
