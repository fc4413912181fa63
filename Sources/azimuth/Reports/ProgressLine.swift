import Atlas
import Collect
import Glibc

/// How far something is: a line of standard error that is written over, on a terminal only.
struct ProgressLine {
    private static let pause = Span.milliseconds(200)

    private let isShown = isatty(STDERR_FILENO) == 1
    private var next: Monotonic
    private var isThere = false

    /// What takes less than the patience says nothing.
    init(patience: Span = .zero) {
        next = .now() + patience
    }

    /// False while nobody sees it, or what is there is new enough.
    var isDue: Bool { isShown && Monotonic.now() >= next }

    /// At most five a second; the text is made only when it is shown.
    mutating func show(_ text: () -> String) {
        guard isDue else { return }
        next = .now() + Self.pause
        isThere = true
        StandardError.write("\r" + Explain.printable(text()) + "\u{1B}[K")
    }

    /// Before anything else is written.
    mutating func clear() {
        if isThere { StandardError.write("\r\u{1B}[K") }
        isThere = false
    }
}
