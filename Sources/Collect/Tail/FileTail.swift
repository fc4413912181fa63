package import Atlas
import Glibc
import Synchronization

/// Follows log files, and standard input: one thread for all of them.
///
/// Nothing wakes it while nothing is written: inotify(7) tells of changes, and only what is
/// missing, unreadable or on a file system of other machines is looked at once a second. While the
/// mailbox is full it reads nothing.
package final class FileTail: Sendable {
    private let stopping: WakePipe
    private let thread = Mutex<WorkerThread?>(nil)

    /// Starts at once; the index of a source in `sources` is its number in the inputs.
    ///
    /// A source goes on from its position, found by the source's name, where the file still holds
    /// what was read. `lineLimit` is what a line may hold in bytes; what is more is cut, counted
    /// and said.
    ///
    /// A source that begins at the end of its file begins `backlog` lines before that. Where
    /// `follows` is false each file is read to its end only. `whenOver` is called once when no
    /// more will come, since all input has ended and no file is followed: from the thread of the
    /// tail, and not by `stop`.
    package init(
        sources: [LogSource],
        positions: [ReadPosition] = [],
        into mailbox: Mailbox<Input>,
        lineLimit: Int = 65_536,
        backlog: Int = 0,
        follows: Bool = true,
        whenOver: @escaping @Sendable () -> Void = {}
    ) throws(CollectError) {
        let stopping = try WakePipe()
        self.stopping = stopping
        let worker = try WorkerThread(name: "tail") {
            var loop = TailLoop(
                sources: sources,
                positions: positions,
                mailbox: mailbox,
                stopping: stopping,
                lineLimit: lineLimit,
                backlog: backlog,
                follows: follows
            )
            if loop.run() { whenOver() }
        }
        thread.withLock { $0 = worker }
    }

    /// Ends it and waits for its thread.
    ///
    /// Lines that nobody took are dropped; the positions of those that were taken do not include
    /// them.
    package func stop() {
        stopping.raise()
        thread.withLock { $0?.join() }
    }
}
