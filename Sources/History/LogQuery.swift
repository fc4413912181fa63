package import Atlas
package import HistoryFormat
package import Query

/// Which lines are wanted: all conditions must hold, the newest are found first (or the oldest).
package struct LogQuery: Hashable, Sendable {
    /// The line's own time, this instant included; nil for no bound.
    package var since: Instant?
    /// The line's own time, this instant excluded; nil for no bound.
    package var until: Instant?
    package var minimumLevel: Level
    /// Names of sources; nil for all.
    package var sources: Set<String>?
    /// Names of resources whose sources are meant; nil for all, those without one included.
    package var resources: Set<String>?
    /// What the line itself has to be.
    package var condition: LogCondition
    /// Only lines with a higher number: what came since (follow).
    package var after: UInt64?
    /// Only lines with a lower number: the next page.
    package var before: UInt64?
    /// Only lines that had arrived by then, this instant included; nil for no bound.
    package var arrivedBy: Instant?
    /// The oldest of those that match are found first, instead of the newest.
    package var isOldestFirst: Bool
    /// At most so many lines: the newest of those that match, or the oldest.
    package var limit: Int
    /// At most so many chunks are opened for one page, so that a search can show how far it is
    /// and can be given up between pages.
    package var reach: Int

    package init(
        since: Instant? = nil,
        until: Instant? = nil,
        minimumLevel: Level = .trace,
        sources: Set<String>? = nil,
        resources: Set<String>? = nil,
        condition: LogCondition = .all,
        after: UInt64? = nil,
        before: UInt64? = nil,
        arrivedBy: Instant? = nil,
        isOldestFirst: Bool = false,
        limit: Int = 200,
        reach: Int = .max
    ) {
        self.since = since
        self.until = until
        self.minimumLevel = minimumLevel
        self.sources = sources
        self.resources = resources
        self.condition = condition
        self.after = after
        self.before = before
        self.arrivedBy = arrivedBy
        self.isOldestFirst = isOldestFirst
        self.limit = limit
        self.reach = reach
    }
}

/// Some of the lines that a query asked for.
package struct LogPage: Hashable, Sendable {
    /// In the order in which they came, newest last.
    package var lines: [StoredLine]
    /// The `before` of the next page, which may turn out empty; nil when all was looked at.
    package var older: UInt64?
    /// The `after` of the next page, where the oldest were asked for first; nil as above.
    package var newer: UInt64?
    /// Chunks opened for this page.
    package var opened: Int
    /// Chunks passed over because what is on disk is not what was written.
    package var damaged: Int
    /// Lines that may match and are not among these: a regular expression gave up on them.
    package var undecided: Int

    package init(
        lines: [StoredLine] = [],
        older: UInt64? = nil,
        newer: UInt64? = nil,
        opened: Int = 0,
        damaged: Int = 0,
        undecided: Int = 0
    ) {
        self.lines = lines
        self.older = older
        self.newer = newer
        self.opened = opened
        self.damaged = damaged
        self.undecided = undecided
    }
}
