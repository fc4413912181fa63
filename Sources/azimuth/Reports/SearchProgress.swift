import Glibc
import History
import Terminal

/// How far a search is, in one row of the terminal on standard error.
struct SearchProgress {
    /// Shorter searches say nothing, in nanoseconds; and so often a second it is said anew.
    private static let patience: UInt64 = 700_000_000
    private static let pace: UInt64 = 200_000_000

    private let history: any LogHistory
    private let question: LogQuery
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var next = MonotonicClock.now + patience
    private var all: SearchedLines?
    private var isShown = false

    init(_ question: LogQuery, in history: any LogHistory) {
        self.question = question
        self.history = history
    }

    /// Says that all lines from a number on were looked at.
    mutating func tell(downTo line: UInt64, found: Int) throws {
        guard isTerminal, MonotonicClock.now >= next else { return }
        let share = try share(downTo: line)
        StandardError.write("\r\u{1B}[Kazimuth: looked at \(share), \(found) found so far")
        isShown = true
        next = MonotonicClock.now + Self.pace
    }

    /// Takes the row back, before anything else is printed.
    mutating func clear() {
        if isShown { StandardError.write("\r\u{1B}[K") }
        isShown = false
    }

    /// Says after an interruption how much was looked at.
    mutating func tellInterruption(at line: UInt64?) throws {
        guard let line else { return }
        let share = try share(downTo: line)
        StandardError.write("azimuth: interrupted when \(share) was looked at\n")
    }

    private mutating func share(downTo line: UInt64) throws -> String {
        let lines = try all ?? SearchedLines(question, in: history)
        all = lines
        return "\(Int(lines.share(downTo: line) * 100))% of the history"
    }
}
