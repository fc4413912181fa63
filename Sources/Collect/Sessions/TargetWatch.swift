import Atlas
import Probes

/// Asks one target for its status, once a period.
final class TargetWatch: ProbeWatch {
    private let target: ProbeTarget
    private let index: Int
    private let probe: any Probe
    private let lane: any Lane
    private var grid: PaceGrid
    private var number: UInt64 = 0

    init(
        _ target: ProbeTarget,
        index: Int,
        probe: any Probe,
        clock: LiveClock,
        start: Monotonic
    ) {
        self.target = target
        self.index = index
        self.probe = probe
        lane = makeLane(probe, clock)
        grid = PaceGrid(from: start, every: target.every)
    }

    var lanes: [any Lane] { [lane] }

    var deadline: Monotonic? { lane.deadline.map { min($0, grid.next) } ?? grid.next }

    func step(_ now: Monotonic, _ context: inout ProbeContext) {
        if let outcome = lane.expire(now, &context.reaper) { report(outcome, &context) }
        let passed = grid.pass(now)
        guard passed > 0 else { return }
        guard !lane.isAsking, !context.isClogged else {
            context.statistics.skipped += passed
            return
        }
        context.statistics.skipped += passed - 1
        number += 1
        let outcome = lane.begin(
            probe.status(number: number),
            address: target.address,
            timeout: target.timeout,
            context: &context
        )
        if let outcome { report(outcome, &context) }
    }

    func heed(_ lane: Int, _ context: inout ProbeContext) {
        guard let outcome = self.lane.read(&context) else { return }
        report(outcome, &context)
    }

    /// A session that breaks while nothing is asked is reported, too: it is evidence.
    private func report(_ outcome: LaneOutcome, _ context: inout ProbeContext) {
        let reply = ProbeReply(
            target: index,
            question: .status,
            started: outcome.started,
            ended: outcome.ended,
            outcome: probe.outcome(outcome.result)
        )
        context.emit(.reply(reply), at: outcome.ended)
    }
}

extension Probe {
    /// A whole reply that is an error of the system counts as a failure.
    func outcome(_ result: LaneOutcome.Result) -> ProbeReply.Outcome {
        switch result {
        case .failed(let failure): .failed(failure)
        case .answered(let reply): refusal(in: reply).map { .failed($0) } ?? .answered(reply.text)
        }
    }
}
