import Atlas
import Collect
import Glibc

/// How far something is: a line of standard error that is written over, on a terminal only.
struct ProgressLine {
    private static let pause = Span.milliseconds(200)

    private let isShown = isatty(STDERR_FILENO) == 1
    private var next = Monotonic.now()
    private var isThere = false

    /// At most five a second; the text is made only when it is shown.
    mutating func show(_ text: () -> String) {
        guard isShown, Monotonic.now() >= next else { return }
        next = Monotonic.now() + Self.pause
        isThere = true
        StandardError.write("\r" + Explain.printable(text()) + "\u{1B}[K")
    }

    /// Before anything else is written.
    mutating func clear() {
        if isThere { StandardError.write("\r\u{1B}[K") }
        isThere = false
    }
}
