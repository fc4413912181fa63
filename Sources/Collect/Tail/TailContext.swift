import Atlas
import Glibc

/// What the sources of one loop share.
struct TailContext: ~Copyable {
    /// Descriptors that are held open at most; a file that is needed again is opened again.
    static let mostOpen = 512

    let clock = LiveClock()
    /// One block, and what is before it in the file.
    var buffer = [UInt8](repeating: 0, count: 256 << 10 + Int(fingerprintLength))
    var watcher: FileWatcher
    /// Inputs that the mailbox has not taken so far.
    var outbox: [Input] = []
    /// Files to be looked at, in turn.
    private var ready = FileQueue()
    /// Files to be let go first of all, since descriptors are short.
    private var hurried: [TailedFile] = []
    /// Whose turn it is: to look at others does not close it.
    private var current: TailedFile?
    /// Files that want to be looked at when their time comes (`wakeAt`).
    private var sleepers: [TailedFile] = []
    private var open: [TailedFile] = []
    private var remoteDevices: [UInt64: Bool] = [:]
    private let mostOpen: Int

    init(usesNotifications: Bool = true, mostOpen wanted: Int = mostOpen) {
        watcher = FileWatcher(isWanted: usesNotifications)
        var limit = rlimit()
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        mostOpen = isKnown ? max(16, min(wanted, Int(clamping: limit.rlim_cur) / 2)) : 64
    }

    mutating func emit(_ event: InputEvent) {
        outbox.append(Input(at: clock.now(), event: event))
    }

    // MARK: - Turns

    var hasWork: Bool { !ready.isEmpty || !hurried.isEmpty }

    mutating func enqueue(_ file: TailedFile) {
        guard !file.isQueued else { return }
        file.isQueued = true
        ready.append(file)
    }

    mutating func next() -> TailedFile? {
        current = hurried.popLast()
        guard current == nil else { return current }
        current = ready.popFirst()
        current?.isQueued = false
        return current
    }

    /// The earliest moment for which a file waits.
    var wakeTime: Monotonic? { sleepers.lazy.compactMap(\.wakeAt).min() }

    /// Looks at a file again at that moment, or before.
    mutating func wake(_ file: TailedFile, at time: Monotonic) {
        if let other = file.wakeAt {
            file.wakeAt = min(other, time)
        } else {
            file.wakeAt = time
            sleepers.append(file)
        }
    }

    mutating func fireTimers(_ now: Monotonic) {
        guard let time = wakeTime, time <= now else { return }
        var due: [TailedFile] = []
        sleepers.removeAll { file in
            guard let time = file.wakeAt, time <= now else { return file.wakeAt == nil }
            file.wakeAt = nil
            due.append(file)
            return true
        }
        for file in due { enqueue(file) }
    }

    // MARK: - Descriptors

    /// Notes that a file was opened; others may have to close.
    ///
    /// First those to which their names lead back. Where too many are left, and each new one would
    /// come on top: those that wait for their turn, and then the farewell of what has no name any
    /// more ends early, the oldest first.
    mutating func noteOpen(_ file: TailedFile) {
        if !file.isListed {
            file.isListed = true
            open.append(file)
        }
        guard open.count > mostOpen else { return }
        let room = mostOpen * 3 / 4
        closeSurplus(over: room, except: file) { $0.canClose }
        guard open.count > mostOpen else { return }
        closeSurplus(over: room, except: file) { $0.canClose || $0.isQueued && $0.isNamed }
        guard open.count > mostOpen else { return }
        var surplus = open.count - room
        for other in open where surplus > 0 && other !== file && !other.isNamed {
            surplus -= 1
            guard !other.isHurried else { continue }
            other.isHurried = true
            hurried.append(other)
        }
    }

    /// The system gives no more descriptors: a quarter of those that are held may go.
    mutating func makeRoom(for file: TailedFile? = nil) {
        let room = open.count(where: \.isOpen) * 3 / 4
        closeSurplus(over: room, except: file) { $0.canClose || $0.isQueued && $0.isNamed }
    }

    /// The oldest first.
    private mutating func closeSurplus(
        over room: Int,
        except file: TailedFile?,
        if mayClose: (TailedFile) -> Bool
    ) {
        var surplus = open.count(where: \.isOpen) - room
        open.removeAll { other in
            if other.isOpen, surplus > 0, other !== file, other !== current, mayClose(other) {
                other.close()
                surplus -= 1
            }
            other.isListed = other.isOpen
            return !other.isOpen
        }
    }

    /// True on file systems that other machines may write without inotify(7) noticing.
    mutating func isRemote(_ device: UInt64) -> Bool {
        if let known = remoteDevices[device] { return known }
        let type = fileSystemType(ofDevice: device) ?? ""
        let isRemote = ["nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph"].contains {
            type.hasPrefix($0)
        }
        remoteDevices[device] = isRemote
        return isRemote
    }
}

/// First in, first out.
private struct FileQueue {
    private var files: [TailedFile] = []
    private var start = 0

    var isEmpty: Bool { start == files.count }

    mutating func append(_ file: TailedFile) { files.append(file) }

    mutating func popFirst() -> TailedFile? {
        guard start < files.count else { return nil }
        defer {
            start += 1
            if start == files.count {
                files.removeAll(keepingCapacity: true)
                start = 0
            } else if start > 4_096 {
                files.removeFirst(start)
                start = 0
            }
        }
        return files[start]
    }
}
