package import Atlas
import Glibc
import Synchronization

/// How fast a recording is played.
package enum ReplaySpeed: Hashable, Sendable {
    /// This many seconds of the recording in one second; greater than zero.
    case times(Double)
    /// Without waiting.
    case max
}

/// Paces a replay: tells the thread that feeds it when an input is due.
///
/// It is steered from any thread while another waits; each change is felt at once.
package final class ReplayClock: Sendable {
    private struct State {
        var speed: ReplaySpeed
        var isPaused = false
        var isStopped = false
        /// A moment of the recording and when it was played; nil before the first input.
        var anchor: (played: Instant, at: Monotonic)?

        /// The moment of the recording that is now; nil before the first input.
        func position(_ now: Monotonic) -> Instant? {
            guard let anchor else { return nil }
            guard !isPaused, case .times(let factor) = speed else { return anchor.played }
            let passed = Double((now - anchor.at).nanoseconds) * factor
            return anchor.played + Span(nanoseconds: Int64(min(passed, 9e18)))
        }

        /// When `instant` is due; nil when it is at once.
        func due(_ instant: Instant) -> Monotonic? {
            guard let anchor, case .times(let factor) = speed else { return nil }
            let ahead = Double((instant - anchor.played).nanoseconds) / factor
            return ahead <= 0 ? nil : anchor.at + Span(nanoseconds: Int64(min(ahead, 9e18)))
        }
    }

    private let state: Mutex<State>
    private let changed: WakePipe

    package init(speed: ReplaySpeed = .times(1)) throws(CollectError) {
        state = Mutex(State(speed: speed))
        changed = try WakePipe()
    }

    package var speed: ReplaySpeed {
        get { state.withLock(\.speed) }
        set { change { $0.speed = newValue } }
    }

    package var isPaused: Bool {
        get { state.withLock(\.isPaused) }
        set { change { $0.isPaused = newValue } }
    }

    /// The moment of the recording that is now; nil before the first input.
    ///
    /// It goes on past the last input, and at speed `max` stands at the last one waited for.
    package var position: Instant? {
        state.withLock { $0.position(Monotonic.now()) }
    }

    /// Ends it: every wait returns false from now on.
    package func stop() {
        change { $0.isStopped = true }
    }

    /// Waits until `instant` of the recording is due; false when stopped.
    ///
    /// The first instant is due at once, and so is one that lies behind its predecessor. For one
    /// thread only.
    package func wait(until instant: Instant) -> Bool {
        while true {
            let deadline: Monotonic?
            switch step(towards: instant) {
            case .due: return true
            case .stopped: return false
            case .later(let moment): deadline = moment
            }
            var descriptors = [pollFor(POLLIN, changed.descriptor)]
            Collect.wait(for: &descriptors, until: deadline)
        }
    }

    private enum Step {
        case due
        case stopped
        /// Nil: when something changes.
        case later(Monotonic?)
    }

    private func step(towards instant: Instant) -> Step {
        let now = Monotonic.now()
        return state.withLock { state in
            changed.lower()
            if state.isStopped { return .stopped }
            if state.isPaused { return .later(nil) }
            if let due = state.due(instant), due > now { return .later(due) }
            if state.anchor == nil || state.speed == .max { state.anchor = (instant, now) }
            return .due
        }
    }

    private func change(_ apply: (inout State) -> Void) {
        let now = Monotonic.now()
        state.withLock { state in
            if let position = state.position(now) { state.anchor = (position, now) }
            apply(&state)
            changed.raise()
        }
    }
}
