package import Atlas
import Glibc
import Synchronization

/// Follows log files, and standard input: one thread for all of them.
///
/// Nothing but a look around each ten seconds wakes it while nothing is written: inotify(7) tells
/// of changes, and only what is missing, unreadable or on a file system of other machines is looked
/// at once a second. While the mailbox is full it reads nothing.
package final class FileTail: Sendable {
    private let stopping: WakePipe
    private let thread = Mutex<WorkerThread?>(nil)

    package struct Options: Sendable {
        /// A file that nothing is known of, and that is not read from its beginning, is read from
        /// so many lines before its end.
        package var backlog = 0
        /// False reads each file to its end only.
        package var follows = true
        /// False looks at all once a second, as where the system tells nothing.
        package var usesNotifications = true
        /// Descriptors of files that are held open at most, and one more while it is opened.
        package var mostOpen = TailContext.mostOpen
        /// Reads a regular expression of a `Multiline`; nil where it cannot be read.
        package var judge: @Sendable (String) -> (any LineJudge)? = { _ in nil }

        package init() {}
    }

    /// Starts at once; the index of a source in `sources` is its number in the inputs.
    ///
    /// A file goes on from its position where it still holds what was read; so does a copy of it.
    /// `whenOver` is called once when no more will come, since all input has ended and no file is
    /// followed: from the thread of the tail, and not by `stop`.
    package init(
        sources: [LogSource],
        positions: [ReadPosition] = [],
        into mailbox: Mailbox<Input>,
        options: Options = Options(),
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
                options: options
            )
            if loop.run() { whenOver() }
        }
        thread.withLock { $0 = worker }
    }

    /// The files that a source leads to now; of one path it is that, whether or not it is there.
    ///
    /// Empty where no file matches a pattern so far.
    package static func paths(of files: LogFiles) -> [String] {
        let pattern = PathPattern(files.path)
        let parts = pattern.expanded(at: LiveClock().now())
        if pattern.isLiteral, let path = parts.first {
            return ["/" + path.map { $0.literal ?? "" }.joined(separator: "/")]
        }
        let excludes = files.exclude.map(PathExclusion.init)
        let walk = PathWalk(parts, excludes: excludes, limit: FileSet.mostFiles)
        return walk.entries.map(\.path.text)
    }

    /// True where text in an encoding can be turned into UTF-8 (iconv(3)).
    package static func knows(encoding: String) -> Bool { TextConverter(from: encoding) != nil }

    /// Ends it and waits for its thread.
    ///
    /// Records that wait for another line are given out; what nobody takes is dropped, and the
    /// positions of what was taken do not include it.
    package func stop() {
        stopping.raise()
        thread.withLock { $0?.join() }
    }
}
