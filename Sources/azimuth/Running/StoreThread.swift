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
    private let jobs: Mailbox<HistoryBatch>
    private let sink: HistoryWriter
    private let thread: WorkerThread

    /// `sink` has begun already, and is owned by this thread from now on.
    ///
    /// `changed` is called with what is wrong, and with nil when keeping goes on; `kept` with the
    /// receipts of what has reached the disk; `lost` when lines did not, before `kept` is called for
    /// later ones. All from the store's thread.
    init(
        _ sink: HistoryWriter,
        changed: @escaping @Sendable (String?) -> Void,
        kept: @escaping @Sendable ([UInt64]) -> Void = { _ in },
        lost: @escaping @Sendable () -> Void = {}
    ) throws {
        self.sink = sink
        let jobs = try Mailbox<HistoryBatch>(capacity: 64)
        self.jobs = jobs
        let keeper = Keeper(sink: sink, changed: changed, kept: kept, lost: lost)
        thread = try WorkerThread(name: "azimuth-store") {
            while jobs.waitUntil(nil) {
                let batches = jobs.take()
                if batches.isEmpty, jobs.isClosed { return }
                if !batches.isEmpty { keeper.keep(batches) }
            }
        }
    }

    /// Hands a batch over; waits while 64 others wait.
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
