import Atlas
import Collect
import History

/// Keeps what the fold hands over: one transaction for all that waits.
///
/// A thread packs what comes while another writes what was packed before. When the disk says no,
/// watching goes on (`Keeper`). Whatever the last commit holds is whole: its lines, and how far
/// their files were read.
final class StoreThread: Sendable {
    /// How much may wait to be packed, in bytes of lines and what goes with them.
    private static let mailboxBytes = 4 << 20
    /// How much may wait to be written; one batch always may.
    private static let readyBytes = 1 << 20
    /// How long a batch waits for others, so that at full rate few transactions keep many lines.
    private static let patience = Span.milliseconds(20)

    private let jobs: Mailbox<HistoryBatch>
    private let packing: WorkerThread
    private let writing: WorkerThread

    /// `sink` has begun already, and is owned by this thread from now on.
    ///
    /// `sources` are the names of the plan's. The ties are used from the thread that writes.
    init(
        _ sink: HistoryWriter,
        sources: [String],
        retention: Retention = Retention(),
        limits: Keeper.Limits = Keeper.Limits(),
        opening: RunOpening.Failed? = nil,
        ties: Keeper.Ties
    ) throws {
        let jobs = try Mailbox<HistoryBatch>(capacity: Self.mailboxBytes, cost: \.cost)
        let ready = try Mailbox<HistoryBatch>(capacity: Self.readyBytes, cost: \.cost)
        self.jobs = jobs
        let retirer = Retirer(sink: sink, retention: retention, say: ties.say)
        writing = try WorkerThread(name: "azimuth-store") {
            var keeper = Keeper(sink: sink, sources: sources, limits: limits, ties: ties)
            if let opening { keeper.open(opening, now: .now()) }
            while ready.waitUntil(nil) {
                let batches = ready.take()
                if batches.isEmpty, ready.isClosed { return keeper.end() }
                if !batches.isEmpty { keeper.keep(batches, now: .now()) }
                retirer.look(at: batches.map(\.at).max() ?? .distantPast)
            }
        }
        packing = try WorkerThread(name: "azimuth-pack") {
            defer { ready.close() }
            while jobs.waitUntil(nil) {
                jobs.gather(until: Monotonic.now() + Self.patience)
                let batches = jobs.take()
                guard let last = batches.last else {
                    if jobs.isClosed { return }
                    continue
                }
                let whole = HistoryBatch(
                    joining: batches,
                    parts: batches.flatMap(\.parts),
                    at: last.at
                )
                Self.put(sink.prepared(whole), into: ready)
            }
        }
    }

    /// Hands a batch over; waits while too many others wait.
    func put(_ batch: HistoryBatch) { Self.put(batch, into: jobs) }

    private static func put(_ batch: HistoryBatch, into mailbox: Mailbox<HistoryBatch>) {
        while !mailbox.offer(batch), !mailbox.isClosed { mailbox.waitForSpace() }
    }

    /// Keeps what waits.
    func finish() {
        jobs.close()
        packing.join()
        writing.join()
    }
}

extension HistoryBatch {
    /// Roughly the bytes it holds: a line has 27 in its columns; 4 KiB for a part or an input, 256
    /// for a second of a series.
    var cost: Int {
        chunks.reduce(4_096 * (1 + observations.count + parts.count) + 256 * metrics.count) {
            $0 + $1.bytes.count + 27 * $1.count
        }
    }
}
