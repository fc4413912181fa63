internal import Atlas
internal import Evaluate
internal import Probes

/// Probes' replies: resources and the links between them.
struct WatchStage: Sendable {
    /// What a reply changed that services want to know.
    struct Change {
        var resource: String
        /// Set when the probe now says another role than before.
        var newRole: ReplicationRole?
        /// All links as they were just before; empty without a new role.
        var linksBefore: [LinkState] = []
        /// Set when it failed for the first time in a row.
        var firstFailure: ProbeFailure?
        var isPrimary = false
        /// It and another end of a link, or member of a service, are both primary.
        var isSecondWriter = false
        /// The reply came and could not be read.
        var isRejected = false
        var at: Instant
        /// What the reply measured.
        var samples: [MetricSample] = []
        /// The links that it told something of, as they are now.
        var measured: [LinkState] = []
    }

    private let plan: WatchPlan
    /// What each target told, in the order of the plan.
    private var eyes: [ResourceFacts]
    /// The targets of each resource, in the order of the plan.
    private let own: [[Int]]
    /// In the order of the estate's resources: what the first target knows that tells of a role,
    /// else the first one.
    private(set) var facts: [ResourceFacts]
    private(set) var links: [LinkTracker]
    private var healths: [Since<Health>]
    private var reasons: [String]
    private var newMarks: [Mark] = []
    private let probes: [(any Probe)?]
    /// Of each resource those that stand in a service with it, where only one may serve.
    private let rivals: [[Int]]
    private let indexes: [String: Int]
    private let aliases: [String]

    init(_ plan: WatchPlan, at start: Instant) {
        self.plan = plan
        let resources = plan.estate.resources
        eyes = plan.targets.map { ResourceFacts(name: $0.resource, every: $0.every) }
        own = resources.map { resource in
            plan.targets.indices.filter { plan.targets[$0].resource == resource.name }
        }
        facts = zip(resources, own).map { [eyes] resource, own in
            own.first.map { eyes[$0] } ?? ResourceFacts(name: resource.name, every: nil)
        }
        aliases = zip(resources, own).map { resource, own in
            own.lazy.compactMap { plan.targets[$0].alias }.first ?? resource.name
        }
        indexes = Dictionary(
            resources.indices.map { (resources[$0].name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        rivals = resources.indices.map { index in
            resources.indices.filter { other in
                other != index
                    && plan.estate.services.contains { service in
                        service.members.contains(resources[index].name)
                            && service.members.contains(resources[other].name)
                    }
            }
        }
        healths = resources.map { _ in Since(.noData, since: start) }
        reasons = facts.map { $0.health(at: start).reason }
        links = plan.estate.links.map { LinkTracker($0, at: start) }
        probes = plan.targets.map { ProbeCatalog.probe(named: $0.probe) }
    }

    /// Sets the time of the first input as that since which nothing is known.
    mutating func begin(at now: Instant) {
        healths = healths.map { Since($0.state, since: now) }
        links = plan.estate.links.map { LinkTracker($0, at: now) }
    }

    /// Takes a reply to a probe's question.
    ///
    /// - Parameters:
    ///   - reply: of a target of the plan.
    ///   - now: the fold's time.
    /// - Returns: what changed; nil when the reply belongs to no target.
    mutating func take(_ reply: ProbeReply, at now: Instant) -> Change? {
        guard let target = reply.target, plan.targets.indices.contains(target),
            let index = indexes[plan.targets[target].resource]
        else { return nil }
        var change = Change(resource: facts[index].name, at: reply.ended)
        let before = eyes[target]
        switch decode(reply, target: target) {
        case .success(let observations):
            eyes[target].take(observations, asked: reply.started, answered: reply.ended)
            if before.role != nil, before.role != eyes[target].role {
                change.newRole = eyes[target].role
                change.linksBefore = links.map(\.current)
            }
            change.isPrimary = eyes[target].role == .primary
            if let told = eyes[target].told, told.health == .down, before.told?.health != .down {
                change.firstFailure = ProbeFailure(kind: .refused, detail: told.reason)
            }
            noteEvents(since: before, target: target, heard: reply.ended)
            change.samples = eyes[target].samples
        case .failure(let failed):
            let failure = failed.failure
            eyes[target].take(failure, at: reply.ended)
            change.isRejected = failure.kind == .refused && reply.isAnswered
            if before.failures == 0 { change.firstFailure = failure }
        }
        let principal = own[index].first { eyes[$0].role != nil } ?? own[index][0]
        facts[index] = eyes[principal]
        judge(index, at: now)
        updateLinks(touching: facts[index].name, at: now)
        if eyes[target].failures == 0 {
            change.measured = links.filter { $0.touches(facts[index].name) }.map(\.current)
        }
        change.isSecondWriter =
            change.isPrimary
            && (links.contains { $0.touches(facts[index].name) && hasTwoWriters($0) }
                || rivals[index].contains { facts[$0].sharesPrimary(with: facts[index]) })
        return change
    }

    mutating func tick(at now: Instant) {
        for index in facts.indices { judge(index, at: now) }
        for index in links.indices {
            update(&links[index], at: now)
            links[index].tick(at: now)
        }
    }

    /// In the order of the estate.
    func states(moving: Set<String>) -> [ResourceState] {
        facts.indices.map { index in
            let facts = facts[index]
            let isMoving = moving.contains(facts.name) && healths[index].state < .moving
            var state = ResourceState(
                name: facts.name,
                health: isMoving ? .moving : healths[index].state,
                reason: isMoving ? "taking over" : reasons[index],
                since: healths[index].since
            )
            state.heard = own[index].compactMap { eyes[$0].heard }.max()
            state.role = facts.role
            state.position = facts.position
            state.metrics = own[index].flatMap { eyes[$0].metrics }
            return state
        }
    }

    mutating func drainMarks() -> [Mark] {
        defer { newMarks = [] }
        return newMarks
    }

    private func decode(
        _ reply: ProbeReply,
        target: Int
    ) -> Result<[Observation], Failed> {
        switch reply.outcome {
        case .failed(let failure):
            return .failure(Failed(failure))
        case .answered(let text):
            guard let probe = probes[target] else {
                return .failure(
                    Failed(ProbeFailure(kind: .refused, detail: "no such probe in this program"))
                )
            }
            do throws(ProbeError) {
                return .success(try probe.decode(text))
            } catch {
                return .failure(Failed(ProbeFailure(kind: .refused, detail: error.what)))
            }
        }
    }

    private mutating func judge(_ index: Int, at now: Instant) {
        // The worst of what its targets say; of equals the first.
        let told = own[index].map { eyes[$0].health(at: now) }
        let worst = told.map(\.0).max()
        let (health, reason) = told.first { $0.0 == worst } ?? facts[index].health(at: now)
        reasons[index] = reason
        guard healths[index].become(health, at: now) else { return }
        guard health == .down else { return }
        newMarks.append(Mark(at: now, kind: .down, text: "\(facts[index].name) down: \(reason)"))
    }

    private mutating func updateLinks(touching resource: String, at now: Instant) {
        for index in links.indices where links[index].touches(resource) {
            let before = links[index].current.health
            update(&links[index], at: now)
            let state = links[index].current
            if state.health == .down, before != .down {
                newMarks.append(Mark(at: now, kind: .warn, text: "\(state.name): \(state.reason)"))
            }
        }
    }

    private func update(_ link: inout LinkTracker, at now: Instant) {
        guard let from = indexes[link.configured.from], let to = indexes[link.configured.to]
        else { return }
        link.update(
            from: facts(of: from, for: link),
            to: facts(of: to, for: link),
            alias: (aliases[from], aliases[to]),
            at: now
        )
    }

    /// Those of the target that tells of the link itself, where there is one.
    private func facts(of index: Int, for link: LinkTracker) -> ResourceFacts {
        let name = link.configured.name
        let teller = own[index].first { target in
            eyes[target].links.contains { $0.name == name }
        }
        return teller.map { eyes[$0] } ?? facts[index]
    }

    /// Marks what a reply says happened, unless the one before said so already.
    private mutating func noteEvents(since before: ResourceFacts, target: Int, heard: Instant) {
        for event in eyes[target].events where !before.events.contains(event) {
            let text = "\(eyes[target].name): \(event.text)"
            let kind: Mark.Kind = event.level >= .warn ? .warn : .note
            newMarks.append(Mark(at: event.at ?? heard, kind: kind, text: text))
        }
    }

    private func hasTwoWriters(_ link: LinkTracker) -> Bool {
        let ends = [link.configured.from, link.configured.to].compactMap { indexes[$0] }
        return ends.count == 2 && facts[ends[0]].sharesPrimary(with: facts[ends[1]])
    }
}

/// A failure as an error, for `Result`.
private struct Failed: Error {
    let failure: ProbeFailure

    init(_ failure: ProbeFailure) {
        self.failure = failure
    }
}

extension ProbeReply {
    fileprivate var isAnswered: Bool {
        if case .answered = outcome { true } else { false }
    }
}
