package import Atlas
package import HistoryFormat

/// Kept lines, as they can be asked for: in a file, in memory, or elsewhere.
///
/// Conditions travel with the question, lines come in pages, nothing answers with more than its
/// limit. Calls block; each ends within milliseconds once `isWanted` says false, with what was found
/// until then and where the rest begins. Any thread may call that, and often.
package protocol LogHistory: Sendable {
    /// One page of lines; ask again with the page's `older` for those before.
    func logs(
        _ query: LogQuery,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(HistoryError) -> LogPage

    /// How many lines match, by time and something else; the newest chunks first, at most
    /// `query.reach` of them. Order and limit of the query mean nothing here.
    func histogram(
        _ query: LogQuery,
        bucket: Span,
        by grouping: LogGrouping,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(HistoryError) -> LogHistogram

    /// Which values the lines that match have, and how many lines each; pages as for a histogram.
    func values(
        of key: LogKey,
        _ query: LogQuery,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(HistoryError) -> LogValues
}

extension LogHistory {
    package func logs(_ query: LogQuery) throws(HistoryError) -> LogPage {
        try logs(query, while: { true })
    }

    package func histogram(
        _ query: LogQuery,
        bucket: Span,
        by grouping: LogGrouping = .level
    ) throws(HistoryError) -> LogHistogram {
        try histogram(query, bucket: bucket, by: grouping, while: { true })
    }

    package func values(of key: LogKey, _ query: LogQuery) throws(HistoryError) -> LogValues {
        try values(of: key, query, while: { true })
    }

    /// The lines next to one: at most `count` before it and after it that match the query, oldest
    /// first, that line itself not among them.
    package func context(
        of number: UInt64,
        _ count: Int,
        in query: LogQuery
    ) throws(HistoryError) -> (before: [StoredLine], after: [StoredLine]) {
        var query = query
        query.limit = count
        query.isOldestFirst = false
        let after = query.after
        query.before = min(number, query.before ?? .max)
        let before = try all(query)
        query.before = nil
        query.after = max(number, after ?? 0)
        query.isOldestFirst = true
        return (before, try all(query))
    }

    /// Page after page, up to the query's limit; in the order of their numbers.
    package func all(_ query: LogQuery) throws(HistoryError) -> [StoredLine] {
        var query = query
        var lines: [StoredLine] = []
        while query.limit > 0 {
            let page = try logs(query)
            lines = query.isOldestFirst ? lines + page.lines : page.lines + lines
            query.limit -= page.lines.count
            if query.isOldestFirst {
                guard let newer = page.newer else { break }
                query.after = newer
            } else {
                guard let older = page.older else { break }
                query.before = older
            }
        }
        return lines
    }
}
