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

    /// A lane, and who heeds what it says.
    private struct Speaker {
        let watch: any ProbeWatch
        let index: Int
        let lane: any Lane
    }

    private let questions: Mailbox<ProbeReply.Question>
    private let mailbox: Mailbox<Input>
    private let canaries: [CanaryWatch]
    private let watches: [any ProbeWatch]
    private let speakers: [Speaker]
    private var context: ProbeContext
    /// What is waited for, and the speakers (by their index) behind the last of them.
    private var descriptors: [pollfd] = []
    private var listened: [Int] = []

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
        speakers = watches.flatMap { watch in
            watch.lanes.enumerated().map { Speaker(watch: watch, index: $0, lane: $1) }
        }
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
                speakers.count { $0.lane.hasChild } + context.reaper.count
            publish(context.statistics)
            listen()
        }
        for speaker in speakers {
            speaker.lane.close(&context.reaper, grace: .milliseconds(500))
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
        descriptors.removeAll(keepingCapacity: true)
        listened.removeAll(keepingCapacity: true)
        descriptors.append(pollFor(POLLIN, questions.itemDescriptor))
        if !context.outbox.isEmpty {
            descriptors.append(pollFor(POLLIN, mailbox.spaceDescriptor))
        }
        let first = descriptors.count
        for (index, speaker) in speakers.enumerated() {
            guard let descriptor = speaker.lane.descriptor else { continue }
            listened.append(index)
            descriptors.append(pollFor(speaker.lane.events, descriptor))
        }
        var due = context.reaper.deadline
        for watch in watches {
            guard let deadline = watch.deadline else { continue }
            due = min(due ?? deadline, deadline)
        }
        guard wait(for: &descriptors, until: due) else { return }
        for (place, index) in listened.enumerated()
        where descriptors[first + place].revents != 0 {
            speakers[index].watch.heed(speakers[index].index, &context)
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
