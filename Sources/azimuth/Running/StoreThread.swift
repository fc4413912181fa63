import Atlas
import Collect
import History
import Synchronization

/// Keeps what the fold hands over: one thread, one transaction for all that waits.
///
/// When the disk says no, watching goes on: what could not be kept is counted and said, and
/// keeping begins again by itself. Positions move only with a commit, so lines that were lost to
/// the history this way are read again after a restart.
final class StoreThread: Sendable {
    private let jobs: Mailbox<HistoryBatch>
    private let sink: HistoryWriter
    private let thread: WorkerThread

    /// `sink` has begun already, and is owned by this thread from now on; `changed` is called with
    /// what is wrong, and with nil when keeping goes on.
    init(_ sink: HistoryWriter, changed: @escaping @Sendable (String?) -> Void) throws {
        self.sink = sink
        let jobs = try Mailbox<HistoryBatch>(capacity: 64)
        self.jobs = jobs
        let keeper = Keeper(sink: sink, changed: changed)
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
    private let sink: HistoryWriter
    private let changed: @Sendable (String?) -> Void
    private let lost = Mutex(0)

    init(sink: HistoryWriter, changed: @escaping @Sendable (String?) -> Void) {
        self.sink = sink
        self.changed = changed
    }

    func keep(_ batches: [HistoryBatch]) {
        guard var whole = batches.first else { return }
        for batch in batches.dropFirst() {
            whole.at = max(whole.at, batch.at)
            whole.chunks += batch.chunks
            whole.observations += batch.observations
            whole.parts += batch.parts
        }
        do throws(HistoryError) {
            try sink.append(whole)
            let had = lost.withLock { lost in
                defer { lost = 0 }
                return lost
            }
            if had > 0 { changed(nil) }
        } catch {
            let count = lost.withLock { lost in
                lost += whole.chunks.reduce(0) { $0 + $1.count } + whole.observations.count
                return lost
            }
            changed("not kept: \(count) inputs so far; \(error.what)")
        }
    }
}
