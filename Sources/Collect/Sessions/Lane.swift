import Atlas
import Glibc
import Probes

/// One conversation with one target: at most one open question.
///
/// For the thread of its loop only; no call of it waits.
protocol Lane: AnyObject {
    var isAsking: Bool { get }
    /// When `expire` has something to do; nil while nothing is asked.
    var deadline: Monotonic? { get }
    /// To be polled for `events`; nil while there is nothing to listen to.
    var descriptor: Int32? { get }
    var events: Int32 { get }
    /// A child process of ours is at work for it.
    var hasChild: Bool { get }

    /// Asks; no question may be open.
    ///
    /// An outcome means that it is over already.
    func begin(
        _ request: SessionRequest,
        address: String,
        timeout: Span,
        context: inout ProbeContext
    ) -> LaneOutcome?

    /// What a ready descriptor means.
    ///
    /// Reads at most once, so that a target that never stops delays nobody else.
    func read(_ context: inout ProbeContext) -> LaneOutcome?

    /// Does what is due by the time; the outcome of a question whose time is over.
    func expire(_ now: Monotonic, _ reaper: inout Reaper) -> LaneOutcome?

    /// Ends the conversation; a child may end by itself within the grace.
    func close(_ reaper: inout Reaper, grace: Span)
}

extension Lane {
    var events: Int32 { POLLIN }
    var hasChild: Bool { false }
}

/// What came of a question.
struct LaneOutcome {
    enum Result {
        case answered(SessionReply)
        case failed(ProbeFailure)
    }

    var started: Instant
    var ended: Instant
    var result: Result

    init(from started: Instant, to ended: Instant, _ result: Result) {
        self.started = started
        self.ended = ended
        self.result = result
    }

    /// Of something that took no time, since nothing was asked.
    init(at instant: Instant, _ result: Result) {
        self.init(from: instant, to: instant, result)
    }
}

/// An open question.
struct Exchange {
    let started: Instant
    let deadline: Monotonic
    private let begun: Monotonic
    private let timeout: Span

    init(_ clock: LiveClock, timeout: Span) {
        begun = Monotonic.now()
        started = clock.now()
        deadline = begun + timeout
        self.timeout = timeout
    }

    /// Whole microseconds since the beginning.
    ///
    /// Measured on the monotonic clock, so that a step of the wall clock stretches no try.
    var took: Span {
        Span(nanoseconds: (Monotonic.now() - begun).nanoseconds / 1_000 * 1_000)
    }

    var timedOut: ProbeFailure {
        ProbeFailure(.timeout, words: "no answer within \(timeout)")
    }

    func outcome(_ result: LaneOutcome.Result) -> LaneOutcome {
        LaneOutcome(from: started, to: started + took, result)
    }

    /// An answer to a question of its own, as text.
    func outcome(
        _ ending: OneShotReply.Ending,
        _ bytes: [UInt8],
        expects: String
    ) -> LaneOutcome {
        let took = took
        let body = String(decoding: bytes.prefix(OneShotReply.limit), as: UTF8.self)
        let reply = OneShotReply(ending: ending, took: took, expects: expects, body: body)
        return LaneOutcome(
            from: started,
            to: started + took,
            .answered(SessionReply(text: reply.text))
        )
    }
}

/// The lane that a probe wants.
func makeLane(_ probe: any Probe, _ clock: LiveClock) -> any Lane {
    switch probe {
    case let probe as any ErrandProbe: ErrandLane(probe: probe, clock: clock)
    case let probe as any CommandProbe: CommandLane(probe: probe, clock: clock)
    case let probe as any ConnectionProbe: ConnectionLane(probe: probe, clock: clock)
    case let probe as any FileProbe: FileLane(probe: probe, clock: clock)
    default: ClientLane(probe: probe, clock: clock)
    }
}
