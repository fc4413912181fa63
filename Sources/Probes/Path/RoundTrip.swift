package import Atlas

/// One connection tried, as a line: `connected 38001`, `refused 38123` or `lost 390000 no answer`;
/// the number is microseconds.
package struct RoundTrip: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case connected
        /// Nobody listens, and the other side says so: its word came back all the same.
        case refused
        /// Nothing came back; the system's words.
        case lost(String)
    }

    package var outcome: Outcome
    /// Whole microseconds.
    package var took: Span

    package init(_ outcome: Outcome, took: Span) {
        self.outcome = outcome
        self.took = took
    }

    package init?(_ line: some StringProtocol) {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, let microseconds = Int32(parts[1]), microseconds >= 0 else {
            return nil
        }
        switch parts[0] {
        case "connected": outcome = .connected
        case "refused": outcome = .refused
        case "lost": outcome = .lost(parts.count > 2 ? String(parts[2]) : "")
        default: return nil
        }
        took = Span(nanoseconds: Int64(microseconds) * 1_000)
    }

    package var text: String {
        let microseconds = took.nanoseconds / 1_000
        return switch outcome {
        case .connected: "connected \(microseconds)"
        case .refused: "refused \(microseconds)"
        case .lost(let words): "lost \(microseconds) \(words)"
        }
    }
}
