package import Atlas
internal import Decode
internal import Evaluate
internal import Probes

/// The one fold: an input in, effects out.
///
/// Pure and synchronous: no clock, no file, no task.
///
/// The same plan and the same inputs give the same effects and the same picture, however lines
/// were cut into batches.
package struct Pipeline: Sendable {
    private static let earlierLimit = 200

    private let plan: WatchPlan
    private var logs: LogStage
    private var watch: WatchStage
    private var services: ServiceStage
    private var metrics: MetricStage
    private var marks: [Mark]
    private var intake = Intake()
    /// The newest time seen; never runs back.
    private var now: Instant
    /// What was shown last; at first, what a run opens with.
    private var shown: Picture
    /// Failovers of runs before this one, oldest first.
    private let earlier: [FailoverRun]
    /// What the run itself has to tell, beside what follows from inputs; a replay has none.
    package var ownFindings: [Finding] = []

    /// A fold that has seen nothing so far.
    ///
    /// - Parameters:
    ///   - plan: what there is and what looks at it.
    ///   - nextLine: number of the first line that will come, 1 unless the history holds some.
    ///   - earlier: failovers that the history knows; shown, and changed no more.
    ///   - marks: of the time ribbon, that the history knows.
    package init(
        plan: WatchPlan,
        nextLine: UInt64 = 1,
        earlier: [FailoverRun] = [],
        marks: [Mark] = []
    ) {
        self.plan = plan
        self.earlier = earlier.suffix(Self.earlierLimit).map { run in
            var run = run
            if run.state == .running { run.state = .abandoned }
            return run
        }
        self.marks = marks
        let start = Instant(nanoseconds: 0)
        now = start
        logs = LogStage(plan, nextLine: nextLine)
        watch = WatchStage(plan, at: start)
        services = ServiceStage(plan, at: start)
        metrics = MetricStage(plan)
        shown = Picture(at: start, estate: plan.estate)
        shown = picture()
    }

    /// Takes the next input.
    package mutating func step(_ input: Input) -> [Effect] {
        if intake.since == nil {
            intake.since = input.at
            watch.begin(at: input.at)
            services.begin(at: input.at)
        }
        now = max(now, input.at)
        metrics.advance(to: now, &logs)
        var effects: [Effect] = []
        switch input.event {
        case .lines(let batch):
            take(batch, arrival: input.at, &effects)
        case .source(let event):
            logs.take(event, at: input.at)
            note(input, &effects)
        case .reply(let reply):
            take(reply)
            note(input, &effects)
        case .attempt(let attempt):
            take(attempt)
            note(input, &effects)
        case .mark(let text):
            marks.append(Mark(at: input.at, kind: .note, text: text))
            services.mark(text, at: input.at)
            note(input, &effects)
        case .tick:
            tick(&effects)
            note(input, &effects)
        }
        return effects
    }

    /// What is known after the last input.
    package func picture() -> Picture {
        var picture = Picture(at: now, estate: plan.estate)
        picture.failovers = earlier + services.runs
        picture.services = services.states
        picture.resources = watch.states(moving: services.movingResources)
        picture.links = watch.links.map(\.current)
        picture.places = PlaceRollup.rows(plan.estate, health: picture.resources.map(\.health))
        picture.sources = logs.states
        picture.rates = logs.rates
        picture.marks = marks
        picture.intake = intake
        picture.findings = ownFindings + metrics.findings + FindingRules.all(in: picture)
        return picture
    }

    /// Seals the lines whose senders wait for a receipt; to be called when no input waits.
    package mutating func flush() -> [Effect] {
        logs.sealAwaited().map { [.keep($0)] } ?? []
    }

    /// Seals what is open, as at the end of a run.
    package mutating func finish() -> [Effect] {
        var effects: [Effect] = []
        if let chunk = logs.seal() { effects.append(.keep(chunk)) }
        let rows = metrics.finish(&logs)
        if !rows.isEmpty { effects.append(.measure(rows)) }
        show(&effects)
        return effects
    }

    private func note(_ input: Input, _ effects: inout [Effect]) {
        effects.append(.note(input, line: logs.nextLine))
    }

    private mutating func take(_ batch: LineBatch, arrival: Instant, _ effects: inout [Effect]) {
        intake.lines += batch.count
        intake.bytes += batch.bytes.count
        logs.take(batch, arrival: arrival) { event in
            switch event {
            case .chunk(let chunk): effects.append(.keep(chunk))
            case .evidence(let trace, let writer):
                services.take(trace, writer: writer, links: watch.links, at: now)
            }
        }
    }

    private mutating func take(_ reply: ProbeReply) {
        intake.replies += 1
        switch reply.question {
        case .status:
            guard let change = watch.take(reply, at: now) else { return }
            metrics.take(reply, change, at: now)
            if change.isRejected { intake.rejected += 1 }
            services.take(change)
        case .writes:
            if !services.take(answer: reply) { intake.rejected += 1 }
        }
        noteChanges()
    }

    private mutating func take(_ attempt: CanaryTry) {
        guard plan.canaries.indices.contains(attempt.canary) else {
            intake.rejected += 1
            return
        }
        intake.tries += 1
        metrics.take(attempt, at: now)
        services.take(attempt, links: watch.links, at: now)
        noteChanges()
    }

    private mutating func tick(_ effects: inout [Effect]) {
        logs.advance(to: now)
        watch.tick(at: now)
        effects += services.tick(at: now).map(Effect.ask)
        noteChanges()
        if let chunk = logs.seal() { effects.append(.keep(chunk)) }
        let rows = metrics.close(at: now)
        if !rows.isEmpty { effects.append(.measure(rows)) }
        show(&effects)
    }

    private mutating func noteChanges() {
        marks += watch.drainMarks()
        marks += services.drainMarks()
        if marks.count > 1_000 { marks.removeFirst(marks.count - 1_000) }
    }

    private mutating func show(_ effects: inout [Effect]) {
        let picture = picture()
        let changes = picture.changes(since: shown)
        shown = picture
        if !changes.isEmpty { effects.append(.show(changes)) }
    }
}
