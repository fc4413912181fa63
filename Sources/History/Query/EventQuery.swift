package import Atlas

/// Which events are wanted, by the time when they were kept.
package struct EventQuery: Hashable, Sendable {
    /// This instant included.
    package var since: Instant
    /// This instant excluded.
    package var until: Instant
    /// Where the page before ended; nil for the first.
    package var after: Int64?
    /// A page ends with the first change by which it has so many.
    package var limit: Int

    package init(
        since: Instant = .distantPast,
        until: Instant = Instant(nanoseconds: .max),
        after: Int64? = nil,
        limit: Int = 1_000
    ) {
        self.since = since
        self.until = until
        self.after = after
        self.limit = limit
    }
}

/// In the order in which they were kept.
package struct EventPage: Hashable, Sendable {
    package var events: [EstateEvent]
    /// To be given to `EventQuery.after`; nil when there are no more.
    package var next: Int64?

    package init(events: [EstateEvent] = [], next: Int64? = nil) {
        self.events = events
        self.next = next
    }
}
