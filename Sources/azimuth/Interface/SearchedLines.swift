import Atlas
import History
import HistoryFormat

/// All lines in which a search looks, by their numbers.
struct SearchedLines {
    private let oldest: UInt64
    private let newest: UInt64

    /// Those of the query's time that there are, whatever else it asks.
    init(_ query: LogQuery, in history: any LogHistory) throws(HistoryError) {
        var first = LogQuery(since: query.since, until: query.until, limit: 1)
        newest = try history.logs(first).lines.first?.record.number ?? 0
        first.isOldestFirst = true
        oldest = try history.logs(first).lines.first?.record.number ?? 0
    }

    /// Of 1: how much a search from the newest on has looked at, when it has come to a line.
    func share(downTo line: UInt64) -> Double {
        guard newest > oldest, line <= newest else { return 0 }
        return Double(newest - max(line, oldest)) / Double(newest - oldest)
    }
}
