import Atlas
import Probes

/// Uses a service as its users do: one try a period, at the target that answered last.
///
/// A try goes to one target and is retried by nobody; after a bad one the next try goes to the
/// next target in the configured order. What outlasts a period is followed by the next try at
/// once, as users would: of a hanging service little is missed between the tries. Side jobs (which writes are there, removing old rows) have
/// a short-lived client of their own, so that no try waits for them.
final class CanaryWatch: ProbeWatch {
    private enum SideJob {
        case writes(first: Int64, last: Int64)
        case prune(through: Int64)
    }

    /// Good tries between two removals of old rows, and how many rows stay.
    private static let pruneEvery = 600
    private static let rowsKept: Int64 = 36_000
    /// Numbers below are nobody's tries: they count milliseconds since 1970, so this is 2001.
    private static let firstNumber: Int64 = 1_000_000_000_000

    private let canary: Canary
    private let index: Int
    private let probe: any Probe
    private let client: any CanaryClient
    private let clock: LiveClock
    private let tries: any Lane
    private let side: any Lane
    private var grid: PaceGrid
    /// A moment of the grid has passed during the try that runs.
    private var isOverdue = false
    /// Of the newest try.
    private var attempt: Int64
    private var number: UInt64 = 0
    /// Where the next try goes.
    private var current = 0
    /// The last try was good; then `current` is where.
    private var isGood = false
    private var goodTries = 0
    private var waiting: [SideJob] = []
    private var running: SideJob?

    init(
        _ canary: Canary,
        index: Int,
        probe: any Probe,
        client: any CanaryClient,
        clock: LiveClock,
        start: Monotonic
    ) {
        self.canary = canary
        self.index = index
        self.probe = probe
        self.client = client
        self.clock = clock
        tries = makeLane(probe, clock)
        side = makeLane(probe, clock)
        grid = PaceGrid(from: start, every: canary.every)
        attempt = clock.now().nanoseconds / 1_000_000 - 1
    }

    var lanes: [any Lane] { [tries, side] }

    var deadline: Monotonic? {
        [tries.deadline, side.deadline].compactMap(\.self).reduce(grid.next, min)
    }

    func step(_ now: Monotonic, _ context: inout ProbeContext) {
        if let outcome = tries.expire(now, &context.reaper) { report(outcome, &context) }
        if let outcome = side.expire(now, &context.reaper) { finishSide(outcome, &context) }
        let passed = grid.pass(now)
        if passed > 0 {
            if tries.isAsking || context.isClogged {
                context.statistics.skipped += passed
                isOverdue = tries.isAsking
            } else {
                context.statistics.skipped += passed - 1
                begin(&context)
            }
        }
        beginSide(&context)
    }

    func heed(_ lane: Int, _ context: inout ProbeContext) {
        if lane == 0 {
            let wasAsking = tries.isAsking
            // A session that breaks between two tries failed nobody: the next try opens another.
            if let outcome = tries.read(&context), wasAsking { report(outcome, &context) }
        } else if let outcome = side.read(&context) {
            finishSide(outcome, &context)
        }
    }

    /// Which numbers are there; the answer comes as an input.
    func ask(first: Int64, last: Int64, _ context: inout ProbeContext) {
        waiting.append(.writes(first: first, last: last))
        beginSide(&context)
    }

    private func begin(_ context: inout ProbeContext) {
        attempt += 1
        number += 1
        let request = client.attempt(
            attempt,
            mode: canary.mode,
            table: canary.table,
            number: number
        )
        let outcome = tries.begin(
            request,
            address: canary.targets[current].address,
            timeout: canary.timeout,
            context: &context
        )
        if let outcome { report(outcome, &context) }
    }

    private func report(_ outcome: LaneOutcome, _ context: inout ProbeContext) {
        let failure = failure(of: outcome)
        let result = CanaryTry(
            canary: index,
            number: attempt,
            started: outcome.started,
            ended: outcome.ended,
            target: current,
            failure: failure
        )
        context.emit(.attempt(result), at: outcome.ended)
        isGood = failure == nil
        if isGood {
            goodTries += 1
            if canary.mode == .write, goodTries.isMultiple(of: Self.pruneEvery) {
                waiting.append(.prune(through: attempt - Self.rowsKept))
            }
        } else {
            let next = (current + 1) % canary.targets.count
            // Its session is left behind: it may be stale when its turn comes again.
            if next != current { tries.close(&context.reaper, grace: .milliseconds(100)) }
            current = next
        }
        guard isOverdue, !context.isClogged else { return }
        isOverdue = false
        context.statistics.skipped -= 1
        begin(&context)
    }

    private func failure(of outcome: LaneOutcome) -> ProbeFailure? {
        switch outcome.result {
        case .failed(let failure): return failure
        case .answered(let reply):
            if let failure = client.judge(reply, attempt: attempt) { return failure }
            let took = outcome.ended - outcome.started
            return took > canary.timeout
                ? ProbeFailure(.timeout, words: "the answer took \(took)") : nil
        }
    }
}

extension CanaryWatch {
    private func beginSide(_ context: inout ProbeContext) {
        while running == nil, !waiting.isEmpty {
            let job = waiting.removeFirst()
            guard isGood else {
                let now = clock.now()
                let failure = ProbeFailure(.unreachable, words: "no target answers just now")
                report(job, .failed(failure), from: now, to: now, &context)
                continue
            }
            running = job
            number += 1
            let outcome = side.begin(
                request(for: job),
                address: canary.targets[current].address,
                timeout: max(canary.timeout, .seconds(10)),
                context: &context
            )
            if let outcome { finishSide(outcome, &context) }
        }
    }

    private func request(for job: SideJob) -> SessionRequest {
        switch job {
        case .writes(let first, let last):
            client.writes(table: canary.table, first: first, last: last, number: number)
        case .prune(let last):
            client.prune(
                table: canary.table,
                first: Self.firstNumber,
                last: last,
                number: number
            )
        }
    }

    private func finishSide(_ outcome: LaneOutcome, _ context: inout ProbeContext) {
        side.close(&context.reaper, grace: .seconds(1))
        guard let job = running else { return }
        running = nil
        report(
            job,
            probe.outcome(outcome.result),
            from: outcome.started,
            to: outcome.ended,
            &context
        )
    }

    private func report(
        _ job: SideJob,
        _ outcome: ProbeReply.Outcome,
        from started: Instant,
        to ended: Instant,
        _ context: inout ProbeContext
    ) {
        switch job {
        case .writes(let first, let last):
            let reply = ProbeReply(
                target: nil,
                question: .writes(canary: index, first: first, last: last),
                started: started,
                ended: ended,
                outcome: outcome
            )
            context.emit(.reply(reply), at: ended)
        case .prune:
            guard case .failed(let failure) = outcome else { return }
            context.statistics.pruneFailures += 1
            context.statistics.lastPruneFailure = failure
        }
    }
}
