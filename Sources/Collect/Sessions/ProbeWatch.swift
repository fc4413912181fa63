package import Atlas
import Probes

/// Something that is asked again and again, driven by the loop of ProbeRunner.
protocol ProbeWatch: AnyObject {
    /// Its conversations; always the same ones.
    var lanes: [any Lane] { get }
    /// When `step` has something to do at the latest, whatever is read meanwhile.
    var deadline: Monotonic? { get }

    /// Ends what is overdue and starts what is due.
    func step(_ now: Monotonic, _ context: inout ProbeContext)

    /// Takes what one of its lanes has to say.
    func heed(_ lane: Int, _ context: inout ProbeContext)
}

/// What the watches of one loop share.
struct ProbeContext {
    let clock: LiveClock
    let environment = ClientEnvironment()
    var reaper = Reaper()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    /// Inputs that the mailbox has not taken so far.
    var outbox: [Input] = []
    var statistics = ProbeStatistics()

    /// Where nobody takes what comes, nothing more is asked.
    var isClogged: Bool { outbox.count >= 1_024 }

    mutating func emit(_ event: InputEvent, at: Instant) {
        outbox.append(Input(at: at, event: event))
    }
}

/// What a ProbeRunner did so far.
package struct ProbeStatistics: Hashable, Sendable {
    /// Moments of a grid at which nothing was started, because the last one was not over or
    /// nobody took the inputs.
    package var skipped: Int64 = 0
    /// Client processes that were started.
    package var started = 0
    /// Client processes that have not been waited for.
    package var alive = 0
    /// A canary's old rows could not be removed; the last reason.
    package var pruneFailures = 0
    package var lastPruneFailure: ProbeFailure?
}
