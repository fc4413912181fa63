import Atlas
import Collect
import History
import Synchronization

/// Keeps what the fold hands over: one thread, one transaction for all that waits.
///
/// When the disk says no, watching goes on: what could not be kept is counted and said, and
/// keeping begins again by itself. Whatever the last commit holds is whole: its lines, and how far
/// their files were read.
final class StoreThread: Sendable {
    /// How much may wait for the store, in bytes of lines and what goes with them.
    private static let mailboxBytes = 4 << 20
    /// How long a batch waits for others, so that at full rate few transactions keep many lines.
    private static let patience = Span.milliseconds(20)

    private let jobs: Mailbox<HistoryBatch>
    private let sink: HistoryWriter
    private let thread: WorkerThread

    /// `sink` has begun already, and is owned by this thread from now on.
    ///
    /// `changed` is called with what is wrong, and with nil when keeping goes on; `kept` with the
    /// receipts of what has reached the disk; `lost` when lines did not, before `kept` is called
    /// for later ones. All from the store's thread.
    init(
        _ sink: HistoryWriter,
        changed: @escaping @Sendable (String?) -> Void,
        kept: @escaping @Sendable ([UInt64]) -> Void = { _ in },
        lost: @escaping @Sendable () -> Void = {}
    ) throws {
        self.sink = sink
        let jobs = try Mailbox<HistoryBatch>(capacity: Self.mailboxBytes, cost: \.cost)
        self.jobs = jobs
        let keeper = Keeper(sink: sink, changed: changed, kept: kept, lost: lost)
        thread = try WorkerThread(name: "azimuth-store") {
            while jobs.waitUntil(nil) {
                jobs.gather(until: Monotonic.now() + Self.patience)
                let batches = jobs.take()
                if batches.isEmpty, jobs.isClosed { return }
                if !batches.isEmpty { keeper.keep(batches) }
            }
        }
    }

    /// Hands a batch over; waits while too many others wait.
    func put(_ batch: HistoryBatch) {
        while !jobs.offer(batch), !jobs.isClosed { jobs.waitForSpace() }
    }

    /// Keeps what waits, then lets go of the history.
    func finish() throws {
        jobs.close()
        thread.join()
        try sink.close()
    }
}

extension HistoryBatch {
    /// Roughly the bytes it holds: a line has 27 in its columns; 4 KiB for a part or an input.
    fileprivate var cost: Int {
        chunks.reduce(4_096 * (1 + observations.count + parts.count)) {
            $0 + $1.bytes.count + 27 * $1.count
        }
    }
}

/// The store thread's work.
private final class Keeper: Sendable {
    /// What the disk did not take.
    private struct Backlog {
        var lost = 0
        /// Of the picture, the newest of each: they go with the next batch, so that what is kept
        /// is the whole picture again.
        var parts: [PicturePart] = []
    }

    private let sink: HistoryWriter
    private let changed: @Sendable (String?) -> Void
    private let kept: @Sendable ([UInt64]) -> Void
    private let lost: @Sendable () -> Void
    private let backlog = Mutex(Backlog())

    init(
        sink: HistoryWriter,
        changed: @escaping @Sendable (String?) -> Void,
        kept: @escaping @Sendable ([UInt64]) -> Void,
        lost: @escaping @Sendable () -> Void
    ) {
        self.sink = sink
        self.changed = changed
        self.kept = kept
        self.lost = lost
    }

    func keep(_ batches: [HistoryBatch]) {
        guard var whole = batches.first else { return }
        for batch in batches.dropFirst() {
            whole.at = max(whole.at, batch.at)
            whole.chunks += batch.chunks
            whole.observations += batch.observations
            whole.parts += batch.parts
        }
        let before = backlog.withLock(\.self)
        whole.parts = Self.newest(before.parts + whole.parts)
        do throws(HistoryError) {
            try sink.append(whole)
            backlog.withLock { $0 = Backlog() }
            if before.lost > 0 { changed(nil) }
            let receipts = whole.chunks.flatMap(\.receipts)
            if !receipts.isEmpty { kept(receipts) }
        } catch {
            let lost =
                before.lost + whole.chunks.reduce(0) { $0 + $1.count } + whole.observations.count
            backlog.withLock { $0 = Backlog(lost: lost, parts: whole.parts) }
            self.lost()
            changed("not kept: \(lost) inputs so far; \(error.what)")
        }
    }

    /// The last of each kind and key, in the order of their last appearance.
    private static func newest(_ parts: [PicturePart]) -> [PicturePart] {
        var seen: Set<String> = []
        return parts.reversed().filter { seen.insert("\($0.kind) \($0.key)").inserted }.reversed()
    }
}
