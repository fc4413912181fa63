import Atlas
import Glibc

/// An open file descriptor, closed when its owner goes.
struct Descriptor: ~Copyable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }
}

/// The system's words for an error number.
func words(of error: Int32) -> String {
    String(cString: strerror(error))
}

/// True where the process, or the system, has no more descriptors.
func isShortage(_ error: Int32) -> Bool { error == EMFILE || error == ENFILE }

/// Both ends of a new pipe: close-on-exec.
///
/// Swift's Glibc lacks pipe2(2), so close-on-exec is set in a second step. Pipes to clients are
/// made on the thread that starts the clients, so none of them can inherit another's.
func makePipe() throws(CollectError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
        throw .system(operation: "opening a pipe", reason: words(of: errno))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}

/// Two connected sockets for both directions: close-on-exec from the beginning.
func makeSocketPair() throws(CollectError) -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
    guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else {
        throw .system(operation: "opening a pair of sockets", reason: words(of: errno))
    }
    return (ends[0], ends[1])
}

func makeNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
}

/// Waits for one of the descriptors, at most until the deadline; nil means without end.
///
/// True when one is ready: its `revents` says how. It never returns before the deadline for
/// another reason than a ready descriptor or a signal, and up to a millisecond late.
@discardableResult
func wait(for descriptors: inout [pollfd], until deadline: Monotonic?) -> Bool {
    var milliseconds: Int32 = -1
    if let deadline {
        let left = max(0, (deadline - Monotonic.now()).nanoseconds)
        milliseconds = Int32(min(Int64(Int32.max), (left + 999_999) / 1_000_000))
    }
    guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) >= 0 else {
        for index in descriptors.indices { descriptors[index].revents = 0 }
        return false
    }
    return descriptors.contains { $0.revents != 0 }
}

func pollFor(_ events: Int32, _ descriptor: Int32) -> pollfd {
    pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)
}
