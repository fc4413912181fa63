import History

extension LogQuery {
    /// What asks for the page behind this one; nil where it was the last.
    func behind(_ page: LogPage) -> LogQuery? {
        guard let next = isOldestFirst ? page.newer : page.older else { return nil }
        var query = self
        if isOldestFirst { query.after = next } else { query.before = next }
        return query
    }
}
