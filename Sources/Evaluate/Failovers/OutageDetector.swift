package import Atlas

/// Turns a canary's tries into outages.
///
///     serving ──bad──► suspect ──bad──► outage ◄──────────────┐
///        ▲                │ good (a blip)  │ good (closed)    │ bad, too soon
///        │                └──────► calming ◄┘─────────────────┘
///        └── bad, later: suspect ──┘
///
/// An outage runs from the start of the first bad try to the end of the first good one. Where some
/// tries succeed all the while, as behind a balancer with one server hung, bad ones belong together
/// as long as users were served for less time in between than they had been kept waiting before,
/// and for less than `calm`.
package struct OutageDetector: Sendable {
    /// For how long users must be served until an outage that comes and goes is over for certain.
    static let calm = Span.seconds(1)

    package enum Change: Hashable, Sendable {
        /// `reason` is why the first try was bad.
        case opened(firstBad: Instant, reason: String)
        /// `isCertain` is false when users had been served for a moment before, in vain.
        case closed(firstBad: Instant, firstGood: Instant, isCertain: Bool)
        /// The outage that was closed last goes on.
        case reopened(firstBad: Instant)
        /// A single bad try between good ones.
        case blip(Instant)
    }

    private enum State: Sendable {
        case serving
        case suspect(Spell)
        case outage(Spell)
        /// Served again since `firstGood`.
        case calming(Spell, firstGood: Instant, isOutage: Bool)
    }

    /// Bad tries that belong together.
    private struct Spell: Sendable {
        var firstBad: Instant
        var reason: String
        /// There were good ones in between.
        var isOnAndOff = false

        init(_ attempt: CanaryTry) {
            firstBad = attempt.started
            reason = attempt.failure?.detail ?? ""
        }
    }

    private var state = State.serving

    var isOpen: Bool {
        if case .outage = state { true } else { false }
    }

    /// Takes the next try of the canary.
    mutating func take(_ attempt: CanaryTry) -> Change? {
        attempt.failure == nil ? takeGood(attempt) : takeBad(attempt)
    }

    private mutating func takeGood(_ attempt: CanaryTry) -> Change? {
        switch state {
        case .serving, .calming:
            return nil
        case .suspect(let spell):
            state = .calming(spell, firstGood: attempt.ended, isOutage: false)
            return .blip(spell.firstBad)
        case .outage(let spell):
            state = .calming(spell, firstGood: attempt.ended, isOutage: true)
            return .closed(
                firstBad: spell.firstBad,
                firstGood: attempt.ended,
                isCertain: !spell.isOnAndOff
            )
        }
    }

    private mutating func takeBad(_ attempt: CanaryTry) -> Change? {
        switch state {
        case .outage:
            return nil
        case .serving:
            state = .suspect(Spell(attempt))
            return nil
        case .suspect(let spell):
            state = .outage(spell)
            return .opened(firstBad: spell.firstBad, reason: spell.reason)
        case .calming(var spell, let firstGood, let isOutage):
            let waited = firstGood - spell.firstBad
            guard attempt.started - firstGood < min(waited, Self.calm) else {
                state = .suspect(Spell(attempt))
                return nil
            }
            spell.isOnAndOff = true
            state = .outage(spell)
            return isOutage
                ? .reopened(firstBad: spell.firstBad)
                : .opened(firstBad: spell.firstBad, reason: spell.reason)
        }
    }
}
