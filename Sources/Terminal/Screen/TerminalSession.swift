internal import CTerminal
package import Canvas
internal import Glibc

/// The terminal while the program draws on it; whatever ends the process gives it back.
///
/// Call `ProcessSignals.block()` before the first thread starts. ncurses is one global state: there
/// is at most one session at a time.
@MainActor
package final class TerminalSession {
    package struct Options: Sendable {
        /// Show ASCII only (`--ascii`).
        package var forceASCII: Bool
        /// Show no colours (`--no-color`).
        package var noColor: Bool
        /// Ask the terminal to tell when its window comes to the front and goes.
        package var reportsFocus: Bool
        /// Keys come from the controlling terminal when standard input is something else, as when
        /// lines are piped in.
        package var keysFromControllingTerminal: Bool

        package init(
            forceASCII: Bool = false,
            noColor: Bool = false,
            reportsFocus: Bool = false,
            keysFromControllingTerminal: Bool = false
        ) {
            self.forceASCII = forceASCII
            self.noColor = noColor
            self.reportsFocus = reportsFocus
            self.keysFromControllingTerminal = keysFromControllingTerminal
        }
    }

    /// Columns, at least 1.
    package private(set) var width: Int
    /// Rows, at least 1.
    package private(set) var height: Int
    /// Only ASCII can be shown; what is drawn is folded on its way out.
    package let isASCII: Bool
    package var isEnded: Bool { holding == .ended }

    private enum Holding {
        case held
        case givenBack
        case ended
    }

    private let curses: Curses
    private let input: Int32
    private let output: Int32
    private let modes: TerminalModes
    private var holding = Holding.givenBack
    private var shown: Canvas?
    private var continuedAt: UInt64 = 0

    package var colorMode: ColorMode { curses.mode }
    /// Without colours: take the mono theme, which tells states apart by other means.
    package var isMono: Bool { curses.mode == .mono }
    /// How long an ESC may be the start of a key's sequence, in nanoseconds.
    package let escapeDelay: UInt64

    package init(options: Options = Options()) throws(TerminalError) {
        let streams = try TerminalStreams.open(options)
        let wishes = ColorMode.Wishes(
            environment: ProcessEnvironment.value,
            noColorAsked: options.noColor
        )
        let locale = LocalePolicy.apply(environment: ProcessEnvironment.value)
        isASCII = options.forceASCII || locale == .asciiOnly
        let terminal = ProcessEnvironment.value("TERM") ?? ""

        guard ct_guard_save_modes(streams.output) == 0 else {
            throw .system("tcgetattr", reason: String(cString: strerror(errno)))
        }
        curses = try Curses(
            descriptions: ColorMode.descriptions(of: terminal, wishes: wishes),
            input: streams.input,
            output: streams.output,
            wishes: wishes,
            filter: GlyphFilter(asciiOnly: isASCII) { Int(ct_column_width($0)) }
        )
        input = streams.input
        output = streams.output
        modes = TerminalModes(curses, reportsFocus: options.reportsFocus)
        // Over a network the bytes of one key come apart.
        let isRemote = ProcessEnvironment.value("SSH_CONNECTION") != nil
        escapeDelay = (isRemote ? 100 : 25) * 1_000_000
        width = curses.width
        height = curses.height
        takeOver()
        readSize()
    }

    // MARK: Drawing

    /// Shows the canvas: what changed since the last one is sent, in one go.
    ///
    /// A canvas of another size than the terminal's is cut, or filled up with spaces.
    package func present(_ canvas: Canvas) {
        guard holding == .held else { return }
        let canvas = canvas.withCalmBlanks()
        ct_stderr_trim()
        if !stage(canvas, onShortage: .stop) {
            curses.forgetColors()
            shown = nil
            _ = stage(canvas, onShortage: .plain)
        }
        curses.update()
        shown = canvas
    }

    /// Draws every cell of the next canvas anew, whatever the terminal shows.
    package func redraw() {
        shown = nil
        curses.repaint()
    }

    private func stage(_ canvas: Canvas, onShortage: Curses.Shortage) -> Bool {
        let columns = min(width, canvas.width)
        let rows = min(height, canvas.height)
        guard columns > 0 else { return true }
        let isComparable = shown.map { $0.width == canvas.width && $0.height == canvas.height }
        guard let shown, isComparable == true else {
            curses.erase()
            return (0..<rows).allSatisfy {
                curses.stage(canvas, y: $0, columns: 0..<columns, onShortage: onShortage)
            }
        }
        for y in 0..<rows {
            guard let changed = RowComparison.changedColumns(y, from: shown, to: canvas),
                changed.lowerBound < columns
            else { continue }
            let span = changed.clamped(to: 0..<columns)
            guard curses.stage(canvas, y: y, columns: span, onShortage: onShortage) else {
                return false
            }
        }
        return true
    }

    // MARK: Keys and size

    /// Readable when there are keys.
    var keysDescriptor: Int32 { input }

    /// What was typed; nil when the terminal has gone; blocks when nothing was.
    func readKeys() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(input, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        guard count > 0 else { return nil }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Asks the terminal for its size; true when it is another one.
    @discardableResult
    func readSize() -> Bool {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard ct_window_size(output, &columns, &rows) == 0,
            Int(columns) != width || Int(rows) != height
        else { return false }
        width = Int(columns)
        height = Int(rows)
        curses.resize(width: width, height: height)
        redraw()
        return true
    }

    // MARK: Giving it back

    /// Gives the terminal back for good; does nothing the second time.
    package func end() {
        guard !isEnded else { return }
        // From the background, too: the default is to be stopped for touching the terminal.
        let whenTouched = signal(SIGTTOU, SIG_IGN)
        giveBack()
        signal(SIGTTOU, whenTouched)
        holding = .ended
        curses.close()
    }

    /// Gives the terminal back and stops the process, as ^Z does; returns when it goes on.
    ///
    /// The size may be another one then.
    package func suspend() {
        stop()
        takeBack()
    }

    /// The first half of `suspend`.
    func stop() {
        giveBack()
        if !isEnded { ct_signals_stop_self() }
    }

    /// The second half of `suspend`; in the background it stops the process until it is in front.
    func takeBack() {
        guard holding == .givenBack else { return }
        ct_guard_save_modes(output)
        curses.resume()
        takeOver()
        shown = nil
        readSize()
        continuedAt = MonotonicClock.now
    }

    /// Whether the terminal's keys are ours: false after `bg`, or a `kill` of a stopped job.
    var isInForeground: Bool {
        tcgetpgrp(output) == getpgrp()
    }

    /// After SIGCONT: whoever had the terminal meanwhile may have left it in any state.
    func noteContinued() {
        // After `suspend` the signal is old news.
        guard MonotonicClock.now &- continuedAt > 500_000_000 else { return }
        giveBack()
        takeBack()
    }

    private func takeOver() {
        ct_stderr_capture()
        ct_guard_arm(output, modes.reset, modes.reset.count)
        send(modes.enter)
        holding = .held
    }

    private func giveBack() {
        guard holding == .held else { return }
        send(modes.leave)
        curses.pause()
        ct_guard_disarm()
        ct_stderr_release()
        holding = .givenBack
    }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            sent += count
        }
    }
}
