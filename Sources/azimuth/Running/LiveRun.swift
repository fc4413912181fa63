import Atlas
import Collect
import Decode
import History
import Pipeline
import Receive
import Redact
import Screens

/// A run over real inputs: readers → fold → store, each on a thread of its own.
///
/// Shutdown goes with the flow and is written once, in `finish`: readers stop, the fold drains
/// what they left and seals, the store commits it, and those who sent it are told.
final class LiveRun: Sendable {
    /// How much may wait between readers and fold, in bytes of lines (other inputs count 256).
    private static let mailboxBytes = 4 << 20
    /// The least time between two pictures: what is new is seen within it.
    private static let pace = Span.milliseconds(250)
    /// How long the first input waits for others, so that a hundred a second wake the fold twenty
    /// times.
    ///
    /// Each has its time from who read it: this changes no result.
    private static let patience = Span.milliseconds(50)
    /// Bytes of lines that are worth waking the fold at once: senders that wait for an answer
    /// before they go on send no more meanwhile.
    private static let worthwhile = 1 << 20

    let box: PictureBox
    private let inputs: Mailbox<Input>
    private let tail: FileTail
    private let probes: ProbeRunner
    /// Nil when nobody sends to this run.
    private let receivers: ReceiverHost?
    private let store: StoreThread?
    private let fold: WorkerThread

    struct Parts {
        var plan: WatchPlan
        /// What is hidden in lines before they wait for the fold.
        var redaction = RedactionPlan()
        var history: HistoryWriter?
        /// The history's path; nil without a history.
        var historyPath: String?
        /// How long the history keeps what.
        var retention = Retention()
        /// How long lines wait while the history can keep none; nil for the usual.
        var hold: Span?
        /// The file of people's notes (`MarkFile`); nil follows none.
        var marks: String?
        var recorder: Recorder?
        /// Holds the newest of a run without a history.
        var memory: MemoryLog?
        /// Lines before the end of each file to begin with.
        var backlog = 0
        /// False reads what there is, and no more.
        var follows = true
        /// Called after each new picture, from the fold's thread; nil when nobody looks, and no
        /// picture is made before the last.
        var wake: (@Sendable () -> Void)?
        /// Called with what has to be said to the operator.
        var say: @Sendable (String) -> Void = { _ in }
    }

    init(_ parts: Parts) throws {
        let plan = parts.plan
        let clock = LiveClock()
        let earlier = try Earlier(parts.history, parts.historyPath, at: clock.now())
        let pipeline = Pipeline(
            plan: plan,
            nextLine: earlier.nextLine,
            earlier: earlier.failovers,
            marks: earlier.marks
        )
        var first = pipeline.picture()
        first.at = clock.now()
        let opening = try parts.history.flatMap { history in
            try RunOpening(plan: plan, picture: first, at: first.at).begun(in: history)
        }
        let box = PictureBox(first, wake: parts.wake ?? {})
        let redactor = try Redactor(parts.redaction, sources: plan.sources)
        let inputs = try Mailbox<Input>.ofInputs(Self.mailboxBytes, redactor)
        let say = parts.say
        let receivers = try ReceiverHost.start(sources: plan.sources, into: inputs, say: say)
        let kept: @Sendable ([UInt64]) -> Void = { receivers?.kept($0) }
        let trouble = TroubleBox()
        let history = parts.history
        let ties = Keeper.Ties(
            changed: { now in
                trouble.put(now)
                history?.tell(now?.finding)
                box.change { $0.notice = now?.notice }
            },
            kept: kept,
            lost: { receivers?.lost() },
            hold: { inputs.hold($0) },
            dropped: { source, count in
                inputs.offer(.notKept(count, source: source, at: clock.now()))
            },
            say: say
        )
        let store = try parts.history.map { history in
            try StoreThread(
                history,
                sources: plan.sources.map(\.name),
                retention: parts.retention,
                limits: Keeper.Limits(patience: parts.hold),
                opening: opening,
                ties: ties
            )
        }
        let sources = plan.sources + [parts.marks].compactMap { $0.map(MarkFile.source) }
        let tail = try FileTail(
            sources: sources,
            positions: earlier.positions,
            into: inputs,
            options: Self.tailOptions(parts)
        ) {
            if plan.targets.isEmpty, receivers == nil, !sources.isEmpty {
                box.change { $0.isOver = true }
            }
        }
        let probes = try ProbeRunner(
            targets: plan.targets,
            canaries: plan.canaries,
            into: inputs
        )
        let recorder = parts.recorder
        let memory = parts.memory
        let marks = MarkIntake(source: plan.sources.count, since: earlier.lastNote)
        let manner = Manner(isWatched: parts.wake != nil, isEager: memory != nil)
        fold = try WorkerThread(name: "azimuth-fold") {
            var loop = FoldLoop(
                pipeline,
                recorder: recorder,
                store: store,
                memory: memory,
                kept: kept,
                ask: { question in
                    // A thousand questions wait: this one is asked again with the next tick.
                    if !probes.ask(question) {
                        _ = inputs.offer(.unasked(question, at: clock.now()))
                    }
                },
                say: say
            )
            let desk = Desk(marks: marks, trouble: trouble, box: box)
            Self.run(&loop, inputs, redactor, clock: clock, desk, manner)
        }
        self.box = box
        self.inputs = inputs
        self.store = store
        self.tail = tail
        self.probes = probes
        self.receivers = receivers
    }

    /// Takes a note at the present moment; false when the run is ending.
    func mark(_ text: String) -> Bool {
        inputs.offer(Input(at: LiveClock().now(), event: .mark(MarkFile.clean(text))))
    }

    /// Ends all in order and returns the last picture; the history stays open.
    ///
    /// Blocks; at most a few seconds.
    func finish() -> Picture {
        receivers?.quiesce()
        tail.stop()
        probes.stop()
        inputs.close()
        fold.join()
        defer { receivers?.stop() }
        store?.finish()
        return box.read().picture
    }

    private static func tailOptions(_ parts: Parts) -> FileTail.Options {
        var options = FileTail.Options()
        options.backlog = parts.backlog
        options.follows = parts.follows
        options.judge = { LinePattern($0) }
        return options
    }

    private struct Manner: Sendable {
        /// Somebody looks at the pictures.
        var isWatched: Bool
        /// New lines are wanted before the next second.
        var isEager: Bool
    }

    /// What the fold looks at and fills beside its inputs.
    private struct Desk {
        var marks: MarkIntake
        var trouble: TroubleBox
        var box: PictureBox
    }

    private static func run(
        _ loop: inout FoldLoop,
        _ inputs: Mailbox<Input>,
        _ redactor: Redactor?,
        clock: LiveClock,
        _ desk: Desk,
        _ manner: Manner
    ) {
        var nextTick = Monotonic.now()
        var lastTick = nextTick
        var lastPicture = Monotonic.now()
        var isNew = false
        // Lines are held from a tick on: an eager run ticks soon after there are some.
        var hasLines = false
        while true {
            let tick = hasLines ? min(nextTick, lastTick + pace) : nextTick
            let due = isNew ? min(tick, lastPicture + pace) : tick
            if inputs.waitUntil(due) {
                inputs.gather(worthwhile, until: min(due, Monotonic.now() + patience))
            }
            var taken = desk.marks.sort(inputs.take())
            if manner.isEager, taken.contains(where: \.isLines) { hasLines = true }
            if Monotonic.now() >= (hasLines ? min(nextTick, lastTick + pace) : nextTick) {
                taken += redactor?.news(at: clock.now()) ?? []
                taken.append(Input(at: clock.now(), event: .tick))
                lastTick = Monotonic.now()
                nextTick = hasLines ? lastTick + .seconds(1) : max(nextTick + .seconds(1), lastTick)
                hasLines = false
            }
            if taken.isEmpty, inputs.isClosed { break }
            if !taken.isEmpty {
                loop.tell(desk.trouble.findings)
                loop.take(taken)
                isNew = manner.isWatched
            }
            if isNew, Monotonic.now() >= lastPicture + pace {
                desk.box.put(loop.picture)
                lastPicture = Monotonic.now()
                isNew = false
            }
        }
        loop.take(redactor?.news(at: clock.now()) ?? [])
        loop.finish()
        desk.box.put(loop.picture)
        desk.box.change { $0.isOver = true }
    }
}

extension Mailbox<Input> {
    /// A mailbox for what readers give, bounded by the bytes of lines; other inputs count 256.
    ///
    /// The one door: what comes in through it is redacted.
    static func ofInputs(_ bytes: Int, _ redactor: Redactor?) throws(CollectError) -> Mailbox<Input>
    {
        let cost = { @Sendable (input: Input) -> Int in
            if case .lines(let batch) = input.event { 256 + batch.bytes.count } else { 256 }
        }
        let canWait = { @Sendable (input: Input) in input.isLines }
        guard let redactor else {
            return try Mailbox(capacity: bytes, cost: cost, canWait: canWait)
        }
        let redact = { @Sendable (input: Input) in redactor.redact(input) }
        return try Mailbox(capacity: bytes, cost: cost, entering: redact, canWait: canWait)
    }
}

extension Input {
    fileprivate var isLines: Bool {
        if case .lines = event { true } else { false }
    }

    /// Lines of a source that the history did not take.
    fileprivate static func notKept(_ count: Int, source: Int, at now: Instant) -> Input {
        Input(
            at: now,
            event: .source(
                SourceEvent(
                    source: UInt16(source),
                    kind: .dropped,
                    detail: "lines that the history did not take",
                    count: count
                )
            )
        )
    }

    /// The reply to a question that could not be put.
    fileprivate static func unasked(_ question: ProbeReply.Question, at now: Instant) -> Input {
        Input(
            at: now,
            event: .reply(
                ProbeReply(
                    target: nil,
                    question: question,
                    started: now,
                    ended: now,
                    outcome: .failed(
                        ProbeFailure(kind: .timeout, detail: "too many questions wait")
                    )
                )
            )
        )
    }
}

/// What the history knows from earlier runs.
private struct Earlier {
    var nextLine: UInt64 = 1
    var failovers: [FailoverRun] = []
    var positions: [ReadPosition] = []
    var marks: [Mark] = []
    /// The newest note that was taken up; what is older is known, or was not meant for this run.
    var lastNote: Instant

    init(_ history: HistoryWriter?, _ path: String?, at now: Instant) throws {
        lastNote = now
        guard let history, let path else { return }
        nextLine = history.nextLine
        positions = try history.positions()
        let reader = try HistoryReader(path: path)
        failovers = try reader.failovers(since: .distantPast)
        marks = try reader.picture()?.marks ?? []
        lastNote = marks.filter { $0.kind == .note }.map(\.at).max() ?? .distantPast
    }
}
