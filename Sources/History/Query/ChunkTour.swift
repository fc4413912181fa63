internal import Atlas

/// The way of a question from chunk to chunk: which are worth opening, and where the next page
/// begins.
struct ChunkTour: Sendable {
    /// What a chunk says of itself before it is opened.
    struct Head: Sendable {
        var firstLine: UInt64
        var lastLine: UInt64
        var sources: [Int64]
        /// Of the lines; nil where nobody has looked.
        var times: ClosedRange<Instant>?
        /// The rest is not to be relied on.
        var isDamaged = false
    }

    /// What to do with a chunk.
    enum Verdict {
        case pass
        case open
        /// No chunk after it is wanted, nor is it.
        case stop
    }

    let sieve: LineSieve
    /// Chunks that were looked into.
    private(set) var opened = 0
    /// The `older` of the page, or its `newer`; nil when all was looked at.
    private(set) var next: UInt64?

    init(_ sieve: LineSieve) {
        self.sieve = sieve
    }

    /// Whether a chunk is worth opening, while `pending` others are open and not taken so far.
    mutating func judge(_ head: Head, pending: Int = 0) -> Verdict {
        let query = sieve.query
        if let after = query.after, head.lastLine <= after {
            return query.isOldestFirst ? .pass : .stop
        }
        guard head.isDamaged || sieve.isWanted(head.sources) else { return .pass }
        guard opened + pending < query.reach else {
            giveUp(at: head)
            return .stop
        }
        return .open
    }

    mutating func take() { opened += 1 }

    /// Ends before a chunk, so that the next page begins with it.
    mutating func giveUp(at head: Head) {
        let query = sieve.query
        next =
            query.isOldestFirst
            ? max(max(1, head.firstLine) - 1, query.after ?? 0)
            : min(head.lastLine + 1, query.before ?? .max)
    }

    /// Ends with a line.
    mutating func end(with line: UInt64) { next = line }
}
