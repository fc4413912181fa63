internal import Atlas

/// What is seen by other eyes than logs, in words and with what it bounds.
extension Trace {
    /// A probe sees a member as primary that was standby before.
    static func promotion(of member: String, seen: Instant) -> Trace {
        let evidence = Evidence(
            at: seen,
            phase: .switch,
            eye: .probe,
            subject: member,
            text: "role standby → primary",
            health: .ok
        )
        return Trace(evidence, edge: .end, side: .successor)
    }

    /// A probe of the member that serves fails, for the first time in a row.
    static func failure(_ failure: ProbeFailure, of member: String, at instant: Instant) -> Trace {
        let evidence = Evidence(
            at: instant,
            phase: .detect,
            eye: .probe,
            subject: member,
            text: "\(failure.kind.rawValue): \(failure.detail)",
            health: .down
        )
        return Trace(evidence, edge: .point, side: .predecessor)
    }

    /// The canary's first bad try of an outage.
    static func firstBad(_ reason: String, of service: String, at instant: Instant) -> Trace {
        let evidence = Evidence(
            at: instant,
            phase: .detect,
            eye: .canary,
            subject: service,
            text: "first bad try: \(reason)",
            health: .down
        )
        return Trace(evidence, edge: .begin, side: .any)
    }

    /// The canary is served again; `target` is nil where it says nothing of the member.
    static func firstGood(of service: String, target: String?, at instant: Instant) -> Trace {
        let evidence = Evidence(
            at: instant,
            phase: nil,
            eye: .canary,
            subject: service,
            text: target.map { "first good try, at \($0)" } ?? "first good try",
            health: .ok
        )
        return Trace(evidence, edge: .point, side: .any)
    }

    /// A person's note.
    static func note(_ text: String, on service: String, at instant: Instant) -> Trace {
        let evidence = Evidence(
            at: instant,
            phase: nil,
            eye: .mark,
            subject: service,
            text: text,
            health: .maintenance
        )
        return Trace(evidence, edge: .point, side: .any)
    }

    var isFirstGood: Bool { evidence.eye == .canary && evidence.phase == nil }
}
