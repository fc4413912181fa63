package import Atlas

/// The values of one period of a tier.
package struct MetricPoint: Hashable, Sendable {
    /// In seconds since the epoch: a multiple of the tier's width.
    package var start: Int64
    package var set: StatisticSet

    package init(start: Int64, set: StatisticSet) {
        self.start = start
        self.set = set
    }
}
