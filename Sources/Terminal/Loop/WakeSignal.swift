internal import CTerminal
internal import Glibc

/// Wakes the UI loop from any thread; many calls before it wakes are one.
package final class WakeSignal: Sendable {
    let descriptor: Int32

    package init() throws(TerminalError) {
        descriptor = ct_wake_open()
        guard descriptor >= 0 else {
            throw .system("eventfd", reason: String(cString: strerror(errno)))
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Never blocks.
    package func signal() {
        ct_wake_signal(descriptor)
    }

    func drain() {
        ct_wake_drain(descriptor)
    }
}
