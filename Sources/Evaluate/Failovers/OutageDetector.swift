package import Atlas

/// Turns a canary's tries into outages.
///
///     serving ──bad──► suspect ──bad──► outage
///        ▲               │ good (a blip)   │ good
///        └───────────────┴─────────────────┘
///
/// An outage runs from the start of the first bad try to the end of the first good one.
package struct OutageDetector: Sendable {
    package enum Change: Hashable, Sendable {
        /// `reason` is why the first try was bad.
        case opened(firstBad: Instant, reason: String)
        case closed(firstBad: Instant, firstGood: Instant)
        /// A single bad try between good ones.
        case blip(Instant)
    }

    private enum State: Sendable {
        case serving
        case suspect(firstBad: Instant, reason: String)
        case outage(firstBad: Instant)
    }

    private var state = State.serving

    package init() {}

    package var isOpen: Bool {
        if case .outage = state { true } else { false }
    }

    /// Takes the next try of the canary.
    package mutating func take(_ attempt: CanaryTry) -> Change? {
        switch (state, attempt.failure == nil) {
        case (.serving, true), (.outage, false):
            return nil
        case (.serving, false):
            state = .suspect(
                firstBad: attempt.started,
                reason: attempt.failure?.detail ?? ""
            )
            return nil
        case (.suspect(let firstBad, let reason), false):
            state = .outage(firstBad: firstBad)
            return .opened(firstBad: firstBad, reason: reason)
        case (.suspect(let firstBad, _), true):
            state = .serving
            return .blip(firstBad)
        case (.outage(let firstBad), true):
            state = .serving
            return .closed(firstBad: firstBad, firstGood: attempt.ended)
        }
    }
}
