package import Atlas

/// What a try of the canary means: whether users are served, where, and which run that begins, ends
/// or takes back.
extension FailoverTracker {
    /// Takes a try of the canary that measures.
    ///
    /// - Returns: what it changed.
    @discardableResult
    package mutating func take(
        _ attempt: CanaryTry,
        target: String,
        links: [LinkState]
    ) -> OutageDetector.Change? {
        let change = detector.take(attempt)
        let isGood = attempt.failure == nil
        tries.take(attempt)
        history.open?.feel(attempt)
        if isGood { served(attempt, change: change, by: target, links: links) }
        switch change {
        case .opened(let firstBad, let reason):
            outageOpened(firstBad, reason: reason, links: links)
        case .closed(_, let firstGood, let isCertain):
            outageClosed(firstGood, isCertain: isCertain, target: target)
        case .reopened:
            history.open?.outageReopened()
            refresh()
        case .blip, nil:
            break
        }
        if isGood, isClosing, let firstGood = current?.firstGood,
            attempt.ended - firstGood >= OutageDetector.calm
        {
            confirm()
        }
        if isGood { member.use(target) }
        return change
    }

    /// A write canary's good try says who serves; one that moved without an outage, too, tells of
    /// a failover that users did not feel. (A read may be answered by a standby as well.)
    private mutating func served(
        _ attempt: CanaryTry,
        change: OutageDetector.Change?,
        by target: String,
        links: [LinkState]
    ) {
        guard hasWriteCanary else { return }
        if case .closed = change { return }
        if history.isFollowed(byMoveTo: target, from: member.used) {
            let good = firstGood(attempt.ended, at: target)
            history.follow(to: target, from: member.used, good)
        } else if let serving, serving != target, history.open == nil {
            var found = attempt.started
            if case .blip(let firstBad) = change { found = firstBad }
            let started = window.start(foundAt: found, from: serving, to: target)
            begin(kind: .failover, started: started, links: links)
            history.open?.served(by: target)
            add(firstGood(attempt.ended, at: target))
            refresh()
        }
        member.become(target)
    }

    private mutating func outageOpened(_ firstBad: Instant, reason: String, links: [LinkState]) {
        if isClosing { confirm() }
        if let verified = history.open?.verifiedAt, firstBad > verified { history.close() }
        add(.firstBad(reason, of: service.name, at: firstBad))
        if history.open == nil { begin(kind: .outage, started: firstBad, links: links) }
        history.open?.outageOpened(firstBad)
        refresh()
    }

    private mutating func outageClosed(_ firstGood: Instant, isCertain: Bool, target: String) {
        guard history.open != nil else { return }
        history.open?.outageClosed(firstGood, isCertain: isCertain)
        add(self.firstGood(firstGood, at: target))
        if hasWriteCanary {
            if history.isFollowed(byMoveTo: target, from: member.used) {
                // The earlier failover counts what was lost.
                history.open?.run.lostWrites = nil
            } else {
                history.open?.served(by: target)
            }
            member.become(target)
        }
        refresh()
        history.noteSecondOutage()
    }

    private mutating func confirm() {
        history.open?.confirm()
        refresh()
    }

    /// A canary with one target is led to whoever serves: it does not say who that is.
    private func firstGood(_ instant: Instant, at target: String) -> Trace {
        let hasChoice = (canary?.targets.count ?? 0) > 1
        return .firstGood(of: service.name, target: hasChoice ? target : nil, at: instant)
    }
}
