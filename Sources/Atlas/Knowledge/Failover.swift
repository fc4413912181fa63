/// The phases of a failover, in the order in which clusters perform them.
package enum FailoverPhase: String, Codable, Hashable, Sendable, CaseIterable {
    /// Somebody notices that the old one is gone.
    case detect
    /// The old one is stopped or fenced, so that it cannot write any more.
    case stop
    /// Storage or role moves.
    case `switch`
    /// The service starts, or opens for writes, at its new place.
    case restart
    /// Users are led to the new place: VIP, ENI, route table, DNS, endpoint.
    case address
}

/// One phase of one failover as measured.
package struct FailoverStep: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable {
        /// The system does not have it, or it left no evidence. Never invented.
        case absent
        case running
        case done
    }

    package var phase: FailoverPhase
    package var state: State
    /// Nil while absent.
    package var start: Instant?
    /// Nil while absent or running.
    package var end: Instant?

    package init(
        phase: FailoverPhase,
        state: State = .absent,
        start: Instant? = nil,
        end: Instant? = nil
    ) {
        self.phase = phase
        self.state = state
        self.start = start
        self.end = end
    }

    /// How long it took; nil while absent or running.
    package var took: Span? {
        guard let start, let end else { return nil }
        return end - start
    }
}

/// A thing seen that speaks for a phase.
package struct Evidence: Codable, Hashable, Sendable {
    package enum Eye: String, Codable, Hashable, Sendable {
        case log
        case probe
        case canary
        case mark
    }

    /// When it happened, by the clock of who saw it.
    package var at: Instant
    /// Nil when it belongs to no phase (the first good try, a mark).
    package var phase: FailoverPhase?
    package var eye: Eye
    /// The resource, service or source that it is about.
    package var subject: String
    package var text: String
    package var health: Health
    /// The number of the log line behind it; nil for other eyes.
    package var line: UInt64?

    package init(
        at: Instant,
        phase: FailoverPhase?,
        eye: Eye,
        subject: String,
        text: String,
        health: Health,
        line: UInt64? = nil
    ) {
        self.at = at
        self.phase = phase
        self.eye = eye
        self.subject = subject
        self.text = text
        self.health = health
        self.line = line
    }
}

/// What users felt in one bucket of time.
package struct FeltBucket: Codable, Hashable, Sendable {
    package var start: Instant
    package var good: Int
    package var bad: Int
    /// Of the good tries of the bucket.
    package var slowest: Span

    package init(start: Instant, good: Int = 0, bad: Int = 0, slowest: Span = .zero) {
        self.start = start
        self.good = good
        self.bad = bad
        self.slowest = slowest
    }
}

/// Writes that were acknowledged to the canary and are not there afterwards.
package struct LostWrites: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable {
        /// The new primary was not asked yet, or has not answered.
        case pending
        case counted
        /// It could not be asked; `reason` says why.
        case unknown
    }

    package var state: State
    /// How many acknowledged writes were looked for.
    package var acknowledged: Int
    package var lost: Int
    /// When the first and the last lost write was acknowledged.
    package var firstLost: Instant?
    package var lastLost: Instant?
    package var reason: String

    package init(
        state: State = .pending,
        acknowledged: Int = 0,
        lost: Int = 0,
        firstLost: Instant? = nil,
        lastLost: Instant? = nil,
        reason: String = ""
    ) {
        self.state = state
        self.acknowledged = acknowledged
        self.lost = lost
        self.firstLost = firstLost
        self.lastLost = lastLost
        self.reason = reason
    }
}

/// What would be lost if a link's target took over now.
package struct LossEstimate: Codable, Hashable, Sendable {
    /// How much of the log, in `unit`.
    package var amount: Int64
    package var unit: LogUnit
    package var span: Span
    /// When the source was last heard; the estimate rests on that sample.
    package var asOf: Instant
    /// True when the source is gone and the figure is therefore a lower bound.
    package var isSourceGone: Bool

    package init(
        amount: Int64,
        unit: LogUnit = .bytes,
        span: Span,
        asOf: Instant,
        isSourceGone: Bool
    ) {
        self.amount = amount
        self.unit = unit
        self.span = span
        self.asOf = asOf
        self.isSourceGone = isSourceGone
    }
}

/// One failover, or one outage without a change of place, as a run of measured phases.
package struct FailoverRun: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        /// Another member serves now.
        case failover
        /// Users could not use it, and no other member took over (so far).
        case outage
    }

    package enum State: String, Codable, Hashable, Sendable {
        case running
        /// Users are served again (or, where no canary looks, the switch is complete).
        case verified
        /// The program ended before the run did: how it went on was not seen.
        case abandoned
    }

    /// `SERVICE@START`, with the start as it was first known: unique over restarts.
    package var id: String
    package var service: String
    package var kind: Kind
    package var state: State
    /// The member that served before, in an outage the one that users are led away from; nil when not
    /// known.
    package var from: String?
    /// The member that serves after; nil while not known.
    package var to: String?
    /// The first bad try, or the first evidence where no canary looks.
    package var started: Instant
    /// False when no canary looked: then nothing is known of users.
    package var isWatched: Bool
    /// When the fault happened, where a mark or a log line dates it.
    package var fault: Instant?
    package var firstBad: Instant?
    /// End of the first good try; nil while users wait, and where no canary looks.
    package var firstGood: Instant?
    /// First to last line of the cluster's own logs about it; nil where they say nothing.
    package var clusterClaim: Span?
    /// The service's objective.
    package var rto: Span?
    package var rpo: Span?
    /// One for each phase, in their order.
    package var steps: [FailoverStep]
    /// In time order.
    package var evidence: [Evidence]
    package var felt: [FeltBucket]
    /// What the link showed just before; nil when no link was known.
    package var estimate: LossEstimate?
    /// Nil without a write canary.
    package var lostWrites: LostWrites?
    /// Length of a second outage within five minutes after the first, as at a failback.
    package var secondOutage: Span?
    /// Two members took writes at once.
    package var hasTwoWriters: Bool

    package init(
        id: String,
        service: String,
        kind: Kind,
        started: Instant,
        isWatched: Bool = true
    ) {
        self.isWatched = isWatched
        self.id = id
        self.service = service
        self.kind = kind
        self.state = .running
        self.started = started
        self.steps = FailoverPhase.allCases.map { FailoverStep(phase: $0) }
        self.evidence = []
        self.felt = []
        self.hasTwoWriters = false
    }

    /// How long users were without it: first bad to first good, or so far until `now`.
    ///
    /// Nil where no canary looked.
    package func outage(at now: Instant) -> Span? {
        firstBad.map { (firstGood ?? max(now, $0)) - $0 }
    }

    /// True when users were led past what failed, to members that had been serving all the while.
    ///
    /// False when somebody says that nobody is left to be led to.
    package var isLedAway: Bool {
        steps.contains { $0.phase == .address && $0.state != .absent }
            && !evidence.contains { $0.phase == .address && $0.health == .down }
    }
}
