import Glibc
import Probes
import Synchronization

/// A thread of its own for work that blocks, which must not sit on the cooperative pool.
///
/// All signals are blocked in it: they are the main thread's, and a broken pipe is an error number
/// here and no end of the process.
package final class WorkerThread: Sendable {
    private struct Start {
        let name: String
        let body: @Sendable () -> Void
    }

    private let handle: pthread_t
    private let isJoined = Mutex(false)

    /// Starts at once; `name` is seen in `top -H`, cut to 15 bytes.
    package init(name: String, _ body: @escaping @Sendable () -> Void) throws(CollectError) {
        let start = Unmanaged.passRetained(Box(Start(name: name, body: body)))
        var thread = pthread_t()
        let error = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                let start = Unmanaged<Box<Start>>.fromOpaque(context).takeRetainedValue().value
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_SETMASK, &all, nil)
                nameThread(start.name)
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard error == 0 else {
            start.release()
            throw .system(operation: "starting the thread \(name)", reason: words(of: error))
        }
        handle = thread
    }

    /// Waits for its end; later calls return at once.
    package func join() {
        isJoined.withLock { joined in
            guard !joined else { return }
            joined = true
            pthread_join(handle, nil)
        }
    }

    deinit {
        if !isJoined.withLock(\.self) { pthread_detach(handle) }
    }
}

/// Swift's Glibc lacks pthread_setname_np(3); this is what it does (proc(5)).
private func nameThread(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    let short = name.shortened(toBytes: 15)
    _ = write(file, short, short.utf8.count)
    close(file)
}

private final class Box<Value> {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
