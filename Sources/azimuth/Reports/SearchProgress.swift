import Atlas
import History

/// How far a search is, in one row of the terminal on standard error.
struct SearchProgress {
    private let history: any LogHistory
    private let question: LogQuery
    private var row = ProgressLine(patience: .milliseconds(700))
    private var all: SearchedLines?

    init(_ question: LogQuery, in history: any LogHistory) {
        self.question = question
        self.history = history
    }

    /// Says that all lines from a number on were looked at.
    mutating func tell(downTo line: UInt64, found: Int) throws {
        guard row.isDue else { return }
        let share = try share(downTo: line)
        row.show { "azimuth: looked at \(share), \(found) found so far" }
    }

    /// Takes the row back, before anything else is printed.
    mutating func clear() { row.clear() }

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
