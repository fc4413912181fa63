import Collect

/// Work beside the test; joined before the test ends.
final class Thread {
    private let worker: WorkerThread

    init(_ body: @escaping @Sendable () -> Void) throws {
        worker = try WorkerThread(name: "sender", body)
    }

    func join() { worker.join() }

    deinit { worker.join() }
}
