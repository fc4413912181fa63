package import Atlas

/// How many lines there are over time, by level or by something else.
package struct LogHistogram: Hashable, Sendable {
    /// Lines of further buckets are counted in `omitted`.
    package static let mostBars = 100_000

    package struct Bar: Hashable, Sendable {
        /// A multiple of the bucket since the epoch.
        package var start: Instant
        /// One count for each group of `grouping`, in its order.
        package var counts: [Int]

        package var total: Int { counts.reduce(0, +) }

        package init(start: Instant, counts: [Int]) {
            self.start = start
            self.counts = counts
        }
    }

    package var bucket: Span
    package var grouping: LogGrouping
    /// Those that have lines, in the order of time.
    package var bars: [Bar]
    package var omitted: Int
    /// The `before` for the rest; nil when all was looked at.
    package var older: UInt64?
    /// Chunks opened.
    package var opened: Int
    /// Chunks passed over because what is on disk is not what was written.
    package var damaged: Int
    /// Lines that may belong to it: a regular expression gave up on them.
    package var undecided: Int

    package init(
        bucket: Span,
        grouping: LogGrouping = .level,
        bars: [Bar] = [],
        omitted: Int = 0,
        older: UInt64? = nil,
        opened: Int = 0,
        damaged: Int = 0,
        undecided: Int = 0
    ) {
        self.bucket = bucket
        self.grouping = grouping
        self.bars = bars
        self.omitted = omitted
        self.older = older
        self.opened = opened
        self.damaged = damaged
        self.undecided = undecided
    }

    package var total: Int { bars.reduce(omitted) { $0 + $1.total } }

    /// Adds what the next page, about older lines, counted.
    package mutating func add(_ next: LogHistogram) {
        var counts = Dictionary(
            bars.map { ($0.start, $0.counts) },
            uniquingKeysWith: { first, _ in first }
        )
        omitted += next.omitted
        for bar in next.bars {
            if let there = counts[bar.start] {
                counts[bar.start] = zip(there, bar.counts).map { $0 + $1 }
            } else if counts.count < Self.mostBars {
                counts[bar.start] = bar.counts
            } else {
                omitted += bar.total
            }
        }
        bars = counts.map { Bar(start: $0.key, counts: $0.value) }.sorted { $0.start < $1.start }
        older = next.older
        opened += next.opened
        damaged += next.damaged
        undecided += next.undecided
    }
}
