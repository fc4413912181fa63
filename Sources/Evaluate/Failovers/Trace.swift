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
}
