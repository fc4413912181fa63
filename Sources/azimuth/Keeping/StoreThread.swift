import Atlas
import Collect
import History

/// Keeps what the fold hands over: one thread, one transaction for all that waits.
///
/// When the disk says no, watching goes on (`Keeper`). Whatever the last commit holds is whole: its
/// lines, and how far their files were read.
final class StoreThread: Sendable {
    /// How much may wait for the store, in bytes of lines and what goes with them.
    private static let mailboxBytes = 4 << 20
    /// How long a batch waits for others, so that at full rate few transactions keep many lines.
    private static let patience = Span.milliseconds(20)

    private let jobs: Mailbox<HistoryBatch>
    private let thread: WorkerThread

    /// `sink` has begun already, and is owned by this thread from now on.
    ///
    /// `sources` are the names of the plan's. The ties are used from the store's thread.
    init(
        _ sink: HistoryWriter,
        sources: [String],
        retention: Retention = Retention(),
        limits: Keeper.Limits = Keeper.Limits(),
        opening: RunOpening.Failed? = nil,
        ties: Keeper.Ties
    ) throws {
        let jobs = try Mailbox<HistoryBatch>(capacity: Self.mailboxBytes, cost: \.cost)
        self.jobs = jobs
        let retirer = Retirer(sink: sink, retention: retention, say: ties.say)
        thread = try WorkerThread(name: "azimuth-store") {
            var keeper = Keeper(sink: sink, sources: sources, limits: limits, ties: ties)
            if let opening { keeper.open(opening, now: .now()) }
            while jobs.waitUntil(nil) {
                jobs.gather(until: Monotonic.now() + Self.patience)
                let batches = jobs.take()
                if batches.isEmpty, jobs.isClosed { return keeper.end() }
                if !batches.isEmpty { keeper.keep(batches, now: .now()) }
                retirer.look(at: batches.map(\.at).max() ?? .distantPast)
            }
        }
    }

    /// Hands a batch over; waits while too many others wait.
    func put(_ batch: HistoryBatch) {
        while !jobs.offer(batch), !jobs.isClosed { jobs.waitForSpace() }
    }

    /// Keeps what waits.
    func finish() {
        jobs.close()
        thread.join()
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
