package import Atlas

/// Follows one replication link: which way it flows, what would be lost, how far it shows behind.
package struct LinkTracker: Sendable {
    private let link: ReplicationLink
    private var ends: (configured: LogClock, other: LogClock) = (LogClock(), LogClock())
    private var isReversed = false
    private var state: LinkState
    private var judged: Since<Health>
    private var worstInBucket: Span?
    private var bucket: Instant?

    package init(_ link: ReplicationLink, at now: Instant) {
        self.link = link
        self.state = LinkState(
            name: link.name,
            kind: link.kind,
            from: link.from,
            to: link.to,
            since: now
        )
        self.state.rpo = link.rpo
        self.state.reason = "nothing heard of either end"
        self.judged = Since(.noData, since: now)
    }

    package var current: LinkState { state }
    package var configured: ReplicationLink { link }

    /// True when the resource is one of its ends.
    package func touches(_ resource: String) -> Bool {
        resource == link.from || resource == link.to
    }

    /// Looks again after one of its ends was heard, or was not.
    ///
    /// - Parameters:
    ///   - from: facts of the end configured as `from`.
    ///   - to: facts of the end configured as `to`.
    ///   - alias: of each end, as its peer names it.
    ///   - now: the time of the input.
    package mutating func update(
        from: ResourceFacts,
        to: ResourceFacts,
        alias: (from: String, to: String),
        at now: Instant
    ) {
        if let report = Self.report(link.name, from, to) {
            return take(report, at: now)
        }
        feed(&ends.configured, from)
        feed(&ends.other, to)
        turn(from: from, to: to)
        let (source, target) = isReversed ? (to, from) : (from, to)
        state.from = source.name
        state.to = target.name
        measure(
            source,
            target,
            clock: isReversed ? ends.other : ends.configured,
            targetAlias: isReversed ? alias.from : alias.to
        )
        let (health, reason) = judge(source, target)
        state.health = health
        state.reason = reason
        judged.become(health, at: now)
        state.since = judged.since
    }

    /// What an end tells of the link itself, the target before the source; nil while neither does.
    private static func report(
        _ name: String,
        _ from: ResourceFacts,
        _ to: ResourceFacts
    ) -> (LinkReport, by: ResourceFacts)? {
        for end in [to, from] {
            if let report = end.links.first(where: { $0.name == name }) { return (report, end) }
        }
        return nil
    }

    /// Takes a link as it is told; of an end that is silent, as it was told last.
    private mutating func take(_ told: (LinkReport, by: ResourceFacts), at now: Instant) {
        let (report, teller) = told
        let isSilent = teller.failures > 0 || teller.isSilent(at: now)
        state.loss = report.behind.map { span in
            LossEstimate(
                amount: report.bytes ?? 0,
                span: span,
                asOf: teller.asOf ?? now,
                isSourceGone: false
            )
        }
        if let span = report.behind, !isSilent { worstInBucket = max(worstInBucket ?? .zero, span) }
        (state.health, state.reason) = (report.health, report.reason)
        if isSilent {
            (state.health, state.reason) = (.noData, "\(teller.name) does not tell")
        } else if let budget = state.budget, budget > 0.5 {
            let judged: (health: Health, reason: String) =
                budget > 1 ? (.down, "past its RPO") : (.warn, "over half of its RPO")
            if judged.health > state.health { (state.health, state.reason) = judged }
        }
        judged.become(state.health, at: now)
        state.since = judged.since
    }

    /// Steps the history of the loss, one value for each 10 s.
    package mutating func tick(at now: Instant) {
        let start = now.floor(to: .seconds(10))
        if let bucket, bucket != start {
            let steps = min(180, max(1, (start - bucket).nanoseconds / 10_000_000_000))
            state.history.append(worstInBucket)
            state.history += Array(repeating: nil, count: Int(steps) - 1)
            if state.history.count > 180 { state.history.removeFirst(state.history.count - 180) }
            worstInBucket = nil
        }
        bucket = start
    }

    private func feed(_ clock: inout LogClock, _ facts: ResourceFacts) {
        guard facts.failures == 0, let position = facts.position, let asOf = facts.asOf else {
            return
        }
        clock.add(position.received, at: asOf)
    }

    /// The end that is a primary feeds; while both or neither are, nothing turns.
    private mutating func turn(from: ResourceFacts, to: ResourceFacts) {
        let fromServes = from.role == .primary && !from.isGone
        let toServes = to.role == .primary && !to.isGone
        if toServes, !fromServes { isReversed = true }
        if fromServes, !toServes { isReversed = false }
    }

    private mutating func measure(
        _ source: ResourceFacts,
        _ target: ResourceFacts,
        clock: LogClock,
        targetAlias: String
    ) {
        // The source may be a standby itself: replication in a cascade.
        guard source.role != nil, target.role == .standby, let newest = clock.latest,
            let reached = reached(source, target, alias: targetAlias)
        else {
            state.loss = nil
            state.replayLag = nil
            return
        }
        // Both ends at one moment: that of the target's answer, for the source's answers lie
        // around it. A source that is gone writes no more: there, the last that was heard of it.
        let now = source.failures > 0 ? min(newest.at, reached.at) : reached.at
        let span = behind(reached.received, at: now, clock: clock)
        state.loss = LossEstimate(
            amount: max(0, (clock.position(at: now) ?? newest.position) - reached.received),
            unit: source.position?.unit ?? .bytes,
            span: span,
            asOf: newest.at,
            isSourceGone: source.failures > 0
        )
        state.replayLag = behind(reached.applied, at: now, clock: clock)
        worstInBucket = max(worstInBucket ?? .zero, span)
    }

    /// What the target itself says it has, else what it last confirmed to its source.
    private func reached(
        _ source: ResourceFacts,
        _ target: ResourceFacts,
        alias: String
    ) -> (received: Int64, applied: Int64, at: Instant)? {
        if target.failures == 0, let position = target.position, let asOf = target.asOf {
            return (max(position.received, position.applied), position.applied, asOf)
        }
        guard let peer = source.peers.first(where: { $0.name == alias }), let asOf = source.asOf,
            let flushed = peer.flushed
        else { return nil }
        return (flushed, peer.applied ?? flushed, asOf)
    }

    private func behind(_ position: Int64, at instant: Instant, clock: LogClock) -> Span {
        guard let newest = clock.latest, position < newest.position,
            let reached = clock.instant(reaching: position)
        else { return .zero }
        return max(.zero, instant - reached)
    }

    private func judge(_ source: ResourceFacts, _ target: ResourceFacts) -> (Health, String) {
        if source.sharesPrimary(with: target) { return (.down, "both ends take writes") }
        if source.role == nil, target.role == nil {
            return (.noData, "nothing heard of either end")
        }
        if target.isGone { return (.down, "\(target.name) does not answer") }
        if source.isGone { return (.warn, "\(source.name) does not answer") }
        guard let position = target.position, target.role == .standby, state.loss != nil else {
            return (.noData, "no position of \(target.name)")
        }
        if let newest = source.position, newest.timeline > position.timeline, target.isCutOff {
            return (
                .down,
                "\(target.name) follows timeline \(position.timeline), "
                    + "\(source.name) writes \(newest.timeline)"
            )
        }
        if let budget = state.budget, budget > 1 { return (.down, "past its RPO") }
        if target.isCutOff { return (.warn, "\(target.name) receives nothing") }
        if let rpo = state.rpo, let lag = state.replayLag, lag > rpo {
            return (.warn, "received, but not applied in time")
        }
        if let budget = state.budget, budget > 0.5 { return (.warn, "over half of its RPO") }
        return (.ok, "")
    }
}
