package import Atlas
internal import Glibc
internal import Synchronization

/// Waits for a history to change, without looking at it meanwhile.
///
/// The writer touches `PATH.lock` after each commit, when readers can already see it; inotify(7)
/// tells. (The log file itself is written before the commit can be seen.) Nothing written, no
/// wake-up; much written, two wake-ups each `rest`.
package final class HistoryWatcher: Sendable {
    private let inotify: Int32
    /// Read end and write end; `stop` writes.
    private let pipe: (stopped: Int32, stop: Int32)
    private let lockPath: String
    private let folder: String
    private let rest: Span
    private let state = Mutex(State())

    private struct State {
        var isRested = true
        /// Not nil while there is no lock file, and its folder is watched instead.
        var folderWatch: Int32?
    }

    /// - Parameters:
    ///   - path: the history's; it need not exist so far.
    ///   - rest: the least time between two returns of `wait`.
    /// - Throws: `HistoryError.unreadable` when its folder is not there, or the system has no more
    ///   watches or descriptors to give.
    package init(path: String, rest: Span = .milliseconds(500)) throws(HistoryError) {
        lockPath = HistoryLock.path(for: path)
        folder = HistoryFile.folder(of: path)
        self.rest = rest
        inotify = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        var ends: [Int32] = [-1, -1]
        let isPiped = Glibc.pipe(&ends) == 0
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipe = (ends[0], ends[1])
        guard inotify >= 0, isPiped, state.withLock({ watch(&$0) }) else {
            throw .unreadable(path: path, detail: String(cString: strerror(errno)))
        }
    }

    deinit {
        for descriptor in [inotify, pipe.stopped, pipe.stop] where descriptor >= 0 {
            close(descriptor)
        }
    }

    /// Blocks until something was committed since the last call returned, or since `init`.
    ///
    /// - Returns: false when it was stopped, at once and for ever.
    package func wait() -> Bool {
        let wasRested = state.withLock { $0.isRested }
        if !wasRested, poll(pipe.stopped, -1, milliseconds: rest.nanoseconds / 1_000_000) {
            return false
        }
        while true {
            if poll(pipe.stopped, inotify, milliseconds: -1) { return false }
            if drain() {
                state.withLock { $0.isRested = false }
                return true
            }
        }
    }

    /// Ends a `wait` that blocks, and all that come; from any thread.
    package func stop() {
        _ = write(pipe.stop, [0], 1)
    }

    /// True when stopped; false when the other descriptor has something, or time is up.
    private func poll(_ stopped: Int32, _ other: Int32, milliseconds: Int64) -> Bool {
        var descriptors = [
            pollfd(fd: stopped, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let count = Glibc.poll(&descriptors, 2, Int32(clamping: milliseconds))
            if count >= 0 || errno != EINTR { return descriptors[0].revents != 0 }
        }
    }

    /// Takes all events; true when one of them can mean a commit.
    private func drain() -> Bool {
        var isChanged = false
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(inotify, &buffer, buffer.count)
            guard count > 0 else { return isChanged }
            for event in Self.masks(buffer[..<count]) {
                if event & UInt32(IN_MODIFY) != 0 { isChanged = true }
                // The lock file came or went.
                if event & UInt32(IN_CREATE | IN_MOVED_TO | IN_IGNORED) != 0 {
                    isChanged = state.withLock { rewatch(&$0) } || isChanged
                }
            }
        }
    }

    /// True when the lock file is there now and was not before: something may be committed.
    private func rewatch(_ state: inout State) -> Bool {
        let wasThere = state.folderWatch == nil
        return watch(&state) && !wasThere && state.folderWatch == nil
    }

    /// Watches the lock file where there is one, and its folder until then; false when it cannot.
    private func watch(_ state: inout State) -> Bool {
        if watchLock() {
            state.folderWatch.map { _ = inotify_rm_watch(inotify, $0) }
            state.folderWatch = nil
            return true
        }
        guard state.folderWatch == nil else { return true }
        let folderWatch = inotify_add_watch(inotify, folder, UInt32(IN_CREATE | IN_MOVED_TO))
        guard folderWatch >= 0 else { return false }
        state.folderWatch = folderWatch
        // It may have come between the two.
        return watchLock() ? watch(&state) : true
    }

    private func watchLock() -> Bool {
        inotify_add_watch(inotify, lockPath, UInt32(IN_MODIFY)) >= 0
    }

    /// `mask` of each event: bytes 4 to 8 of 16, then a name of the length in bytes 12 to 16.
    private static func masks(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
        var masks: [UInt32] = []
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 16 <= bytes.count {
                masks.append(bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
                let name = bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self)
                offset += 16 + Int(name)
            }
        }
        return masks
    }
}
