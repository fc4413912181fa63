import Atlas
import Glibc
import Probes

/// The poll loop of a ProbeRunner, on its thread.
struct ProbeLoop {
    /// What to watch, with the probes found.
    struct Plan: Sendable {
        var targets: [(target: ProbeTarget, probe: any Probe)] = []
        var canaries: [(canary: Canary, probe: any Probe, client: any CanaryClient)] = []

        init(
            targets: [ProbeTarget],
            canaries: [Canary],
            probes: [any Probe]
        ) throws(CollectError) {
            for target in targets {
                guard let probe = probes.first(where: { $0.name == target.probe }) else {
                    throw .unknownProbe(target.probe)
                }
                self.targets.append((target, probe))
            }
            for canary in canaries where !canary.targets.isEmpty {
                guard let probe = probes.first(where: { $0.name == canary.probe }) else {
                    throw .unknownProbe(canary.probe)
                }
                guard let client = probe.canary, client.modes.contains(canary.mode) else {
                    throw .noCanary(canary.probe, canary.mode)
                }
                self.canaries.append((canary, probe, client))
            }
        }
    }

    private let questions: Mailbox<ProbeReply.Question>
    private let mailbox: Mailbox<Input>
    private let canaries: [CanaryWatch]
    private let watches: [any ProbeWatch]
    private var context: ProbeContext

    init(_ plan: Plan, questions: Mailbox<ProbeReply.Question>, mailbox: Mailbox<Input>) {
        self.questions = questions
        self.mailbox = mailbox
        let clock = LiveClock()
        let start = Monotonic.now()
        context = ProbeContext(clock: clock)
        canaries = plan.canaries.enumerated().map { index, entry in
            CanaryWatch(
                entry.canary,
                index: index,
                probe: entry.probe,
                client: entry.client,
                clock: clock,
                start: start
            )
        }
        let targets = plan.targets.enumerated().map { index, entry in
            TargetWatch(
                entry.target,
                index: index,
                probe: entry.probe,
                clock: clock,
                start: start
            )
        }
        watches = canaries + targets
    }

    /// Runs until the questions are closed; then ends all clients and waits for them.
    mutating func run(publish: (ProbeStatistics) -> Void) {
        while !questions.isClosed {
            let now = Monotonic.now()
            for question in questions.take() { ask(question) }
            for watch in watches { watch.step(now, &context) }
            context.reaper.step(now)
            deliver()
            context.statistics.alive =
                watches.reduce(0) { $0 + $1.lanes.count { $0.hasChild } }
                + context.reaper.count
            publish(context.statistics)
            listen()
        }
        for watch in watches {
            for lane in watch.lanes { lane.close(&context.reaper, grace: .milliseconds(500)) }
        }
        while let deadline = context.reaper.deadline {
            var none: [pollfd] = []
            wait(for: &none, until: deadline)
            context.reaper.step(Monotonic.now())
        }
        context.statistics.alive = 0
        publish(context.statistics)
    }

    /// Waits for whatever comes first, and takes what the clients say.
    private mutating func listen() {
        var descriptors = [pollFor(POLLIN, questions.itemDescriptor)]
        if !context.outbox.isEmpty {
            descriptors.append(pollFor(POLLIN, mailbox.spaceDescriptor))
        }
        let first = descriptors.count
        var speakers: [(watch: any ProbeWatch, lane: Int)] = []
        for watch in watches {
            for (index, lane) in watch.lanes.enumerated() {
                guard let descriptor = lane.descriptor else { continue }
                speakers.append((watch, index))
                descriptors.append(pollFor(lane.events, descriptor))
            }
        }
        let deadlines =
            watches.compactMap(\.deadline) + [context.reaper.deadline].compactMap(\.self)
        guard wait(for: &descriptors, until: deadlines.min()) else { return }
        for (descriptor, speaker) in zip(descriptors[first...], speakers)
        where descriptor.revents != 0 {
            speaker.watch.heed(speaker.lane, &context)
        }
    }

    private mutating func ask(_ question: ProbeReply.Question) {
        guard case .writes(let canary, let first, let last) = question else { return }
        guard canaries.indices.contains(canary) else { return }
        canaries[canary].ask(first: first, last: last, &context)
    }

    private mutating func deliver() {
        var done = 0
        while done < context.outbox.count, mailbox.offer(context.outbox[done]) { done += 1 }
        context.outbox.removeFirst(done)
    }
}
