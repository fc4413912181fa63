internal import CTerminal
internal import Glibc

/// The signals of the process, read one after the other instead of interrupting.
///
/// They are blocked in every thread, so a child process inherits the blocked mask unless whoever
/// starts it clears that.
package struct ProcessSignals: Sendable {
    package enum Signal: Hashable, Sendable {
        case ending(EndingSignal)
        /// SIGWINCH.
        case resized
        /// SIGTSTP, sent from outside: ^Z is a key.
        case stop
        /// SIGCONT.
        case continued
    }

    /// Readable when there is a signal.
    package let descriptor: Int32

    /// Blocks them; call it first in `main`, before any thread starts.
    package static func block() {
        ct_signals_block()
    }

    /// Starts the thread that reads them; the second time it is the same one.
    package init() throws(TerminalError) {
        descriptor = ct_signals_watch()
        guard descriptor >= 0 else {
            throw .system("signalfd", reason: String(cString: strerror(errno)))
        }
    }

    /// The oldest signal not yet read; nil when there is none.
    package func next() -> Signal? {
        var number: UInt8 = 0
        while read(descriptor, &number, 1) == 1 {
            switch Int32(number) {
            case SIGTERM: return .ending(.terminate)
            case SIGINT: return .ending(.interrupt)
            case SIGQUIT: return .ending(.quit)
            case SIGHUP: return .ending(.hangup)
            case SIGWINCH: return .resized
            case SIGTSTP: return .stop
            case SIGCONT: return .continued
            default: continue
            }
        }
        return nil
    }

    /// Waits for the next one; for commands without a screen.
    package func wait() -> Signal {
        while true {
            if let signal = next() { return signal }
            _ = isReadable(within: -1)
        }
    }

    /// Waits for the next one; nil when none has come by the deadline (`MonotonicClock`).
    package func wait(until deadline: UInt64?) -> Signal? {
        guard let deadline else { return wait() }
        while true {
            if let signal = next() { return signal }
            let now = MonotonicClock.now
            guard now < deadline else { return nil }
            _ = isReadable(within: Int32(clamping: (deadline - now + 999_999) / 1_000_000))
        }
    }

    /// The first signal to end, passing over others; nil when none comes in so many milliseconds
    /// of silence.
    func nextEnding(within milliseconds: Int32) -> EndingSignal? {
        repeat {
            while let signal = next() {
                if case .ending(let reason) = signal { return reason }
            }
        } while isReadable(within: milliseconds)
        return nil
    }

    private func isReadable(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) > 0
    }
}
