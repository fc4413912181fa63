import Glibc
import Synchronization

/// Ctrl-C asked for the end: what was found so far is still printed.
enum Interruption {
    private static let hasCome = Atomic(false)

    /// As a shell says it (128 and the signal's number).
    static let exit: Int32 = 130

    static var isThere: Bool { hasCome.load(ordering: .relaxed) }

    /// Takes SIGINT from now on, unless it is ignored; the second one ends the process at once.
    static func watch() {
        // Made here: not in the handler.
        guard !isThere else { return }
        let before = signal(SIGINT) { _ in
            if Interruption.hasCome.exchange(true, ordering: .relaxed) { _exit(Interruption.exit) }
        }
        // A function cannot be compared: SIG_IGN is 1.
        if unsafeBitCast(before, to: Int.self) == 1 { signal(SIGINT, SIG_IGN) }
    }
}
