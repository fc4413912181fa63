import Atlas
import Glibc
import Probes

/// Asks in the way that the address says: by a command, by connections, or in files.
final class ErrandLane: Lane {
    private let probe: any ErrandProbe
    private let command: CommandLane
    private let roundTrips: RoundTripLane
    private let files: FileLookLane
    private var current: any Lane

    init(probe: any ErrandProbe, clock: LiveClock) {
        self.probe = probe
        command = CommandLane(probe: probe, clock: clock, tellsTime: true)
        roundTrips = RoundTripLane(probe: probe, clock: clock)
        files = FileLookLane(probe: probe, clock: clock)
        current = command
    }

    var isAsking: Bool { current.isAsking }
    var deadline: Monotonic? { current.deadline }
    var descriptor: Int32? { current.descriptor }
    var events: Int32 { current.events }
    var hasChild: Bool { current.hasChild }

    func begin(
        _ request: SessionRequest,
        address: String,
        timeout: Span,
        context: inout ProbeContext
    ) -> LaneOutcome? {
        // One that is none fails in the lane of commands, with its words.
        current =
            switch try? probe.errand(for: address, timeout: timeout) {
            case .roundTrips: roundTrips
            case .files: files
            case .command, nil: command
            }
        return current.begin(request, address: address, timeout: timeout, context: &context)
    }

    func read(_ context: inout ProbeContext) -> LaneOutcome? { current.read(&context) }

    func expire(_ now: Monotonic, _ reaper: inout Reaper) -> LaneOutcome? {
        current.expire(now, &reaper)
    }

    func close(_ reaper: inout Reaper, grace: Span) { current.close(&reaper, grace: grace) }
}

extension Exchange {
    /// When and what was asked, as text (`ErrandContext`).
    func context(of address: String) -> String {
        let at = started + took
        var seconds = time_t(at.nanoseconds / 1_000_000_000)
        var local = tm()
        let hasZone = localtime_r(&seconds, &local) != nil
        let zone = hasZone ? Span.seconds(Int64(local.tm_gmtoff)) : .zero
        return ErrandContext(at: at, zone: zone, address: address).text
    }
}
