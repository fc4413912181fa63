internal import Atlas
internal import Glibc
internal import Synchronization

/// The lock of the one writer: a lock on `PATH.lock`, which holds the writer's pid as text.
///
/// The kernel frees the lock when its holder ends, however it ends, so a file left behind locks
/// nothing. A second line is what the writer has to say while it can keep nothing (a `Finding` as
/// JSON): the file's one block is there, so a full disk does not hinder it. It is an open file description lock (fcntl_locking(2)): it also keeps two writers of
/// one process apart, and can be asked for without being taken.
final class HistoryLock: Sendable {
    // asm-generic/fcntl.h; Swift's Glibc does not show them.
    private static let getDescriptionLock: Int32 = 36
    private static let setDescriptionLock: Int32 = 37

    /// What is read of the file at most; the block that it has.
    private static let limit = 4_096

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

    /// Says what is wrong, or that it is over, to who asks for `finding(of:)`; it is cut to nothing
    /// where it is too long.
    func tell(_ finding: Finding?) {
        let document = finding.flatMap { try? Document.encode($0) } ?? ""
        var bytes = pidLine
        if !document.isEmpty, document.utf8.count < Self.limit - bytes.count - 1 {
            bytes += Array(document.utf8) + [10]
        }
        descriptor.withLock { descriptor in
            _ = pwrite(descriptor, bytes, bytes.count, 0)
            ftruncate(descriptor, off_t(bytes.count))
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
        reading(path) { readPid($0) ?? 0 }
    }

    /// What the writer has to say; nil when there is none, or nothing.
    static func finding(of path: String) -> Finding? {
        reading(path) { descriptor in
            var bytes = [UInt8](repeating: 0, count: limit)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            let lines = bytes.prefix(max(0, count)).split(separator: 10)
            guard lines.count == 2 else { return nil }
            return try? Document.decode(String(decoding: lines[1], as: UTF8.self))
        }
    }

    /// Nil when nobody holds the lock.
    private static func reading<Found>(_ path: String, _ read: (Int32) -> Found?) -> Found? {
        let descriptor = open(Self.path(for: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var found = flock()
        found.l_type = Int16(F_WRLCK)
        guard fcntl(descriptor, getDescriptionLock, &found) == 0, found.l_type != Int16(F_UNLCK)
        else { return nil }
        return read(descriptor)
    }

    private static func readPid(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes[..<count].prefix { $0 != 10 }, as: UTF8.self))
    }
}
