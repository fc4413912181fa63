package import Atlas

/// What is known of one resource from its probe: facts as told, and how asking went.
package struct ResourceFacts: Sendable {
    package let name: String
    /// How often it is asked; nil when nothing looks at it.
    package let every: Span?
    package private(set) var role: ReplicationRole?
    package private(set) var position: LogPosition?
    /// When `role` and `position` were asked for.
    package private(set) var asOf: Instant?
    package private(set) var heard: Instant?
    package private(set) var peers: [ReplicationPeer] = []
    /// Who feeds this standby; nil when nobody does, or it does not say.
    package private(set) var upstream: String?
    /// True when it says that nobody feeds it.
    package private(set) var isCutOff = false
    package private(set) var isReplayPaused = false
    package private(set) var metrics: [MetricSample] = []
    /// The same as they were measured by the last reply: rates not steadied for a screen.
    package private(set) var samples: [MetricSample] = []
    /// What it says of its own health; nil when its probe leaves that to us.
    package private(set) var told: (health: Health, reason: String)?
    /// What it says of the links that it is an end of.
    package private(set) var links: [LinkReport] = []
    /// All that its last reply says happened.
    package private(set) var events: [ProbeEvent] = []
    /// For how long it is known to be a primary: from the first answer that said so to the newest
    /// question answered so; nil when its newest reply says otherwise, or did not come.
    package private(set) var primary: (since: Instant, until: Instant)?
    /// Failed replies in a row.
    package private(set) var failures = 0
    package private(set) var failure: ProbeFailure?
    private var lastReply: Instant?
    private var rates = CounterRates()
    /// Why what was worked out from counters needs a look; nil when it does not.
    private var excess: String?

    package init(name: String, every: Span?) {
        self.name = name
        self.every = every
    }

    /// Takes a good reply.
    ///
    /// - Parameters:
    ///   - observations: what the reply says, whole.
    ///   - asked: when the question went out.
    ///   - answered: when the reply was there.
    package mutating func take(_ observations: [Observation], asked: Instant, answered: Instant) {
        failures = 0
        failure = nil
        heard = answered
        lastReply = answered
        asOf = asked
        primary =
            observations.contains(.role(.primary)) ? (primary?.since ?? answered, asked) : nil
        peers = []
        upstream = nil
        isCutOff = false
        isReplayPaused = false
        metrics = []
        samples = []
        told = nil
        links = []
        events = []
        var counters: [CounterSample] = []
        for observation in observations {
            switch observation {
            case .role(let role): self.role = role
            case .position(let position): self.position = position
            case .upstream(let name):
                upstream = name
                isCutOff = name == nil
            case .peer(let peer): peers.append(peer)
            case .replayPaused(let isPaused): isReplayPaused = isPaused
            case .metric(let sample): metrics.append(sample)
            case .counter(let sample): counters.append(sample)
            case .health(let health, let reason): tell(health, reason)
            case .link(let report): links.append(report)
            case .event(let event): events.append(event)
            }
        }
        samples = metrics
        metrics += rates.take(counters, asked: asked, every: every ?? .seconds(1))
        samples += rates.grown
        excess = rates.excess
        metrics.sort { $0.name < $1.name }
    }

    /// Takes a reply that did not come; what was known stays, as last known.
    package mutating func take(_ failure: ProbeFailure, at instant: Instant) {
        failures += 1
        primary = nil
        self.failure = failure
        lastReply = instant
    }

    /// True when it was asked and two times in a row did not answer.
    package var isGone: Bool {
        guard let failure, failures >= 2 else { return false }
        return switch failure.kind {
        case .unreachable, .broken, .timeout: true
        case .denied, .refused, .tooLarge, .noClient: false
        }
    }

    /// True when both were primaries at one moment, for certain.
    ///
    /// Two are never asked at one moment; what moves between the questions is not in two places.
    package func sharesPrimary(with other: ResourceFacts) -> Bool {
        guard let primary, let theirs = other.primary else { return false }
        return max(primary.since, theirs.since) <= min(primary.until, theirs.until)
    }

    /// True when neither an answer nor a failure has come for three periods.
    package func isSilent(at now: Instant) -> Bool {
        guard let every, let lastReply else { return true }
        return now - lastReply > every * 3 + .seconds(2)
    }

    /// Its health and the reason in a few words, by its probe alone.
    package func health(at now: Instant) -> (Health, reason: String) {
        guard every != nil else { return (.noData, "nothing looks at it") }
        guard lastReply != nil else { return (.noData, "not asked so far") }
        if isSilent(at: now) { return (.noData, "silent for 3 periods") }
        if let failure { return judge(failure) }
        let seen = ownHealth
        guard let told, told.health >= seen.0 else { return seen }
        return (told.health, told.reason)
    }

    private var ownHealth: (Health, reason: String) {
        if isReplayPaused { return (.warn, "replay is paused") }
        if role == .standby, isCutOff { return (.warn, "standby without upstream") }
        if let excess { return (.warn, excess) }
        return (.ok, "")
    }

    /// The worst of what one reply says; of equals the first.
    private mutating func tell(_ health: Health, _ reason: String) {
        if let told, told.health >= health { return }
        told = (health, reason)
    }

    /// Trouble of the server is its health; trouble of ours to look is "no data".
    private func judge(_ failure: ProbeFailure) -> (Health, reason: String) {
        switch failure.kind {
        case .unreachable, .broken, .timeout:
            (failures >= 2 ? .down : .warn, failure.detail)
        case .denied: (.noData, "may not look: " + failure.detail)
        case .noClient: (.noData, "cannot look: " + failure.detail)
        case .refused, .tooLarge: (.noData, "cannot be read: " + failure.detail)
        }
    }
}
