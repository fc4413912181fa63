import Atlas
import Collect
import NIOCore

/// What all receivers of a run share, on their event loop only: room, numbers, limits, counts.
final class ReceiverCore {
    /// How soon a refused hand-over is tried again.
    ///
    /// The mailbox's descriptor would tell, but has several readers; who was refused and is not
    /// heard could wait for ever.
    private static let retryPause = TimeAmount.milliseconds(5)

    let loop: any EventLoop
    let limits: ReceiverLimits
    /// Bytes of unfinished messages of all links.
    var buffered = 0
    /// Nothing more is read.
    private(set) var isEnding = false

    private let inputs: Mailbox<Input>
    private let clock = LiveClock()
    private let names: [String]
    private let say: @Sendable (String) -> Void
    private var links: [ObjectIdentifier: Link] = [:]
    private var counts: [Int: Int] = [:]
    private var waiting: [Link] = []
    private var isRetrying = false
    private var isSweeping = false
    private var ledger = DropLedger()
    private let streams: StreamNumbers
    private var lastReceipt: UInt64 = 0
    private var awaiting: [UInt64: Link] = [:]

    init(
        loop: any EventLoop,
        limits: ReceiverLimits,
        names: [String],
        inputs: Mailbox<Input>,
        streams: StreamNumbers,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.loop = loop
        self.limits = limits
        self.names = names
        self.inputs = inputs
        self.streams = streams
        self.say = say
    }

    var now: Instant { clock.now() }

    func offer(_ event: InputEvent) -> Bool {
        inputs.offer(Input(at: clock.now(), event: event))
    }

    func newStream() -> UInt32 { streams.next() }

    // MARK: links

    /// False when the source has as many connections as it may have.
    func admits(source: Int) -> Bool {
        !isEnding && counts[source, default: 0] < limits.connections
    }

    func add(_ link: Link) {
        links[ObjectIdentifier(link)] = link
        counts[link.intake.source, default: 0] += 1
        sweepSoon()
    }

    func remove(_ link: Link, awaiting receipts: some Sequence<UInt64>) {
        guard links.removeValue(forKey: ObjectIdentifier(link)) != nil else { return }
        counts[link.intake.source, default: 0] -= 1
        for receipt in receipts { awaiting[receipt] = nil }
    }

    /// The link has something to hand over that found no room.
    func wait(_ link: Link) {
        guard !waiting.contains(where: { $0 === link }) else { return }
        waiting.append(link)
        retrySoon()
    }

    private func retrySoon() {
        guard !isRetrying else { return }
        isRetrying = true
        let core = NIOLoopBound(self, eventLoop: loop)
        _ = loop.scheduleTask(in: Self.retryPause) {
            core.value.isRetrying = false
            core.value.retry()
        }
    }

    /// Each in its turn, so that none is kept waiting by the others.
    private func retry() {
        let turn = waiting
        waiting = []
        for (index, link) in turn.enumerated() where !link.retry() {
            waiting = turn[index...].filter { $0 !== link } + [link] + waiting
            break
        }
        if !waiting.isEmpty { retrySoon() }
    }

    // MARK: receipts

    func newReceipt(for link: Link) -> UInt64 {
        lastReceipt += 1
        awaiting[lastReceipt] = link
        return lastReceipt
    }

    /// Nobody waits for it any more.
    func forget(_ receipt: UInt64) { awaiting[receipt] = nil }

    func kept(_ receipts: [UInt64]) {
        for receipt in receipts { awaiting.removeValue(forKey: receipt)?.confirm(receipt) }
    }

    /// Of what was handed over so far, something is lost: no receipt of before is good any more.
    func lost() {
        awaiting = [:]
        for link in Array(links.values) { link.lose() }
    }

    // MARK: limits and counts

    func drop(
        _ count: Int,
        source: Int,
        reason: String,
        kind: SourceEvent.Kind = .dropped
    ) {
        ledger.add(count, source: source, reason: reason, kind: kind)
        sweepSoon()
    }

    private func sweepSoon() {
        guard !isSweeping, !isEnding else { return }
        isSweeping = true
        let core = NIOLoopBound(self, eventLoop: loop)
        _ = loop.scheduleTask(in: .seconds(1)) {
            core.value.isSweeping = false
            core.value.sweep()
        }
    }

    private func sweep() {
        let now = Monotonic.now()
        for link in Array(links.values) {
            if let reason = link.overdue(now) { link.end(reason) }
        }
        tellDrops()
        if !links.isEmpty || !ledger.isEmpty { sweepSoon() }
    }

    private func tellDrops() {
        for drop in ledger.tell({ offer(.source($0)) }) {
            let count = ledger.toSay(
                drop.count,
                source: drop.source,
                reason: drop.reason,
                at: .now()
            )
            guard let count else { continue }
            say("source '\(names[drop.source])': \(count) \(drop.reason)")
        }
    }

    // MARK: the end

    /// Reads nothing more; true once all that was read is handed over.
    func quiesce() -> Bool {
        isEnding = true
        tellDrops()
        return waiting.isEmpty && ledger.isEmpty
            && links.values.allSatisfy { $0.worker?.isIdle ?? true }
    }

    func closeAll() {
        for link in Array(links.values) { link.end("") }
    }
}
