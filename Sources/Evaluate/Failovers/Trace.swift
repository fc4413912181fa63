package import Atlas

/// A piece of evidence with what it says about the bounds of its phase.
package struct Trace: Hashable, Sendable {
    package var evidence: Evidence
    package var edge: Signature.Edge
    package var side: Signature.Side

    package init(_ evidence: Evidence, edge: Signature.Edge, side: Signature.Side) {
        self.evidence = evidence
        self.edge = edge
        self.side = side
    }

    package var at: Instant { evidence.at }

    /// True for what only a member that takes over leaves behind: a bound of the switch. (A
    /// standby that is merely stopped also ends its receiver: a point is no bound.)
    var isTakeover: Bool {
        evidence.phase == .switch && side == .successor && edge != .point
    }

    func isTakeover(from member: String?) -> Bool {
        isTakeover && evidence.subject != member
    }

    /// Users are led away from its subject.
    var leadsAway: Bool {
        evidence.phase == .address && side == .predecessor
    }

    /// False for what only a predecessor writes when another member writes it, and for what only
    /// a successor writes when the member that served before does: both are of another time.
    ///
    /// A member that was taken over from and starts again is no restart at the new place.
    func speaks(of from: String?, to: String?) -> Bool {
        switch side {
        case .any: evidence.phase != .restart || to == nil || from != evidence.subject
        case .successor: from != evidence.subject
        case .predecessor: from.map { $0 == evidence.subject } ?? (to != evidence.subject)
        }
    }

    /// The same words of the same log.
    func repeats(_ other: Trace) -> Bool {
        evidence.eye == .log && other.evidence.eye == .log
            && evidence.subject == other.evidence.subject && evidence.text == other.evidence.text
            && evidence.phase == other.evidence.phase && edge == other.edge
    }

    /// By time; lines of one instant in the order in which they were read.
    func isBefore(_ other: Trace) -> Bool {
        (at, evidence.line ?? 0, evidence.text)
            < (other.at, other.evidence.line ?? 0, other.evidence.text)
    }
}
