internal import Glibc
internal import Synchronization

/// The lock of the one writer: a lock on `PATH.lock`, which holds the writer's pid as text.
///
/// The kernel frees the lock when its holder ends, however it ends, so a file left behind locks
/// nothing. It is an open file description lock (fcntl_locking(2)): it also keeps two writers of
/// one process apart, and can be asked for without being taken.
final class HistoryLock: Sendable {
    // asm-generic/fcntl.h; Swift's Glibc does not show them.
    private static let getDescriptionLock: Int32 = 36
    private static let setDescriptionLock: Int32 = 37

    /// -1 when released.
    private let descriptor: Mutex<Int32>
    private let pidLine = Array("\(getpid())\n".utf8)

    init(for path: String) throws(HistoryError) {
        let descriptor = open(Self.path(for: path), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unreadable(path: path, detail: String(cString: strerror(errno)))
        }
        var wanted = flock()
        wanted.l_type = Int16(F_WRLCK)
        guard fcntl(descriptor, Self.setDescriptionLock, &wanted) == 0 else {
            let pid = Self.readPid(descriptor)
            close(descriptor)
            throw .locked(path: path, pid: pid)
        }
        ftruncate(descriptor, 0)
        self.descriptor = Mutex(descriptor)
        touch()
    }

    deinit {
        release()
    }

    static func path(for path: String) -> String { path + ".lock" }

    /// Writes the pid (again): readers that wait for a change see the file modified.
    func touch() {
        descriptor.withLock { descriptor in
            _ = pwrite(descriptor, pidLine, pidLine.count, 0)
        }
    }

    func release() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            ftruncate(descriptor, 0)
            close(descriptor)
            descriptor = -1
        }
    }

    /// The pid of the writer; nil when there is none, 0 when there is one and its pid is not known.
    static func holder(of path: String) -> Int32? {
        let descriptor = open(Self.path(for: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var found = flock()
        found.l_type = Int16(F_WRLCK)
        guard fcntl(descriptor, getDescriptionLock, &found) == 0, found.l_type != Int16(F_UNLCK)
        else { return nil }
        return readPid(descriptor) ?? 0
    }

    private static func readPid(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes[..<count].prefix { $0 != 10 }, as: UTF8.self))
    }
}
