import Atlas
import Collect
import Glibc
import Synchronization

/// Runs the tasks of HTTP's connections on one thread of their own.
///
/// The shared pool has as many threads as there are processors; whoever blocks one of them would
/// hold up senders.
final class HTTPTasks: Sendable {
    private final class Queue: TaskExecutor {
        let jobs: Mailbox<UnownedJob>

        init() throws(CollectError) {
            jobs = try Mailbox(capacity: .max)
        }

        func enqueue(_ job: consuming ExecutorJob) { _ = jobs.offer(UnownedJob(job)) }

        func run() {
            while jobs.waitUntil(nil) {
                let taken = jobs.take()
                if taken.isEmpty, jobs.isClosed { return }
                for job in taken { job.runSynchronously(on: asUnownedTaskExecutor()) }
            }
        }
    }

    private let queue: Queue
    private let thread: WorkerThread
    private let running = Atomic(0)

    init() throws(CollectError) {
        let queue = try Queue()
        self.queue = queue
        thread = try WorkerThread(name: "azimuth-http") { queue.run() }
    }

    func run(_ body: @escaping @Sendable () async -> Void) {
        running.add(1, ordering: .relaxed)
        Task(executorPreference: queue) {
            await body()
            self.running.subtract(1, ordering: .releasing)
        }
    }

    /// Waits until all tasks are over, whose connections are closed already; at most two seconds.
    func finish() {
        let deadline = Monotonic.now() + .seconds(2)
        var none: [pollfd] = []
        while running.load(ordering: .acquiring) > 0, Monotonic.now() < deadline {
            _ = poll(&none, 0, 5)
        }
        // What runs on needs its thread.
        guard running.load(ordering: .acquiring) == 0 else { return }
        queue.jobs.close()
        thread.join()
    }
}
