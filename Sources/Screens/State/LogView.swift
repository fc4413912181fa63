package import Atlas

/// How one looks at the logs.
package struct LogView: Hashable, Sendable {
    /// What is less grave is not shown.
    package var minimumLevel = Level.trace
    /// Marked in the lines, and what n and N look for; empty for nothing.
    package var highlight = ""
    /// Names of resources whose lines are shown, whatever the scope; nil for all in the scope.
    package var only: [String]?
    /// Names of sources whose lines are shown, the one that was opened first; nil for all.
    package var onlySources: [String]?
    package var isWrapped = false
    /// The line under the cursor is shown in full.
    package var isOpen = false
    /// The newest line is under the cursor, also when others come.
    package var isFollowing = true
    /// The number of the line under the cursor; without meaning while following.
    package var cursor: UInt64?
    package var answer: LogAnswer?
    /// What is under way; nil when nothing is.
    package var asked: LogQuestion?
    /// Where one came from, for Esc.
    package var origin: Origin?
    /// Lines that had come in when lines were asked for last, and when that number had changed.
    var seen: Seen?
    /// Lines that had come in when following stopped.
    var cameBefore = 0

    package init() {}

    struct Seen: Hashable, Sendable {
        var lines: Int
        var changedAt: Instant
    }

    /// The screen from which lines were opened, and what opening them changed.
    package struct Origin: Hashable, Sendable {
        var screen: Screen
        var scope: Scope
        var filter: Filter
        var minimumLevel: Level
        var only: [String]?
        var onlySources: [String]?
    }

    package var rows: [LogRow] { answer?.rows ?? [] }

    /// Where the cursor stands in the rows; nil without any.
    package var index: Int? {
        guard !rows.isEmpty else { return nil }
        guard !isFollowing, let cursor else { return rows.count - 1 }
        return rows.lastIndex { $0.number <= cursor } ?? 0
    }

    /// From all lines to the gravest only.
    static let levels: [Level] = [.trace, .info, .warn, .error]
}
