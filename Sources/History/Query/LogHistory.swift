package import Atlas

/// Kept lines, as they can be asked for: in a file, in memory, or elsewhere.
///
/// Conditions travel with the question, lines come in pages, nothing answers with more than its
/// limit. Calls block.
package protocol LogHistory: Sendable {
    /// One page of lines; ask again with the page's `older` for those before.
    func logs(_ query: LogQuery) throws(HistoryError) -> LogPage

    /// How many lines match, by time and level; the newest chunks first, at most `query.reach` of
    /// them. Order and limit of the query mean nothing here.
    func histogram(_ query: LogQuery, bucket: Span) throws(HistoryError) -> LogHistogram
}

extension LogHistory {
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
