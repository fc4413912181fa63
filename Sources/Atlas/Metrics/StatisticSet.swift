/// What is kept of values: how many, their sum, the least and the most of them, and a sketch of
/// how they are spread.
///
/// Two sets can be merged; the result is that of all values, but for the rounding of the sum, which
/// depends on the order.
package struct StatisticSet: Hashable, Sendable {
    /// Beyond it no value is taken: 2^360, as CloudWatch (PutMetricData, MetricDatum).
    package static let limit = 0x1p360

    /// Values between two bounds.
    package struct Bucket: Hashable, Sendable {
        /// See `StatisticSet.bucket(of:)`.
        package var index: Int32
        package var count: Int

        package init(index: Int32, count: Int) {
            self.index = index
            self.count = count
        }
    }

    /// At least 1.
    package private(set) var count: Int
    package private(set) var sum: Double
    package private(set) var least: Double
    package private(set) var most: Double
    /// By rising index; empty while all values are the same.
    package private(set) var buckets: [Bucket]

    /// One value; nil when it is no number, or beyond the limit.
    package init?(_ value: Double) {
        guard value.magnitude <= Self.limit else { return nil }
        let value = Self.settled(value)
        (count, sum, least, most, buckets) = (1, value, value, value, [])
    }

    /// A set as it was kept; nil when there can be none like it.
    package init?(count: Int, sum: Double, least: Double, most: Double, buckets: [Bucket]) {
        guard count > 0, sum.isFinite, least <= most, least.magnitude <= Self.limit,
            most.magnitude <= Self.limit, buckets.isEmpty == (least == most)
        else { return nil }
        var total = 0
        var last = Int32.min
        for bucket in buckets {
            let (next, overflow) = total.addingReportingOverflow(bucket.count)
            guard bucket.index > last, bucket.count > 0, !overflow else { return nil }
            last = bucket.index
            total = next
        }
        guard buckets.isEmpty || total == count else { return nil }
        (self.count, self.sum, self.least, self.most) = (count, sum, least, most)
        self.buckets = buckets
    }

    package var average: Double { sum / Double(count) }

    package mutating func merge(_ other: StatisticSet) {
        if least != other.least || most != other.most || least != most {
            buckets = Self.merged(spread, other.spread)
        }
        count += other.count
        sum += other.sum
        least = min(least, other.least)
        most = max(most, other.most)
    }

    /// The value that `share` of all values, 0 to 1, do not exceed (nearest rank).
    ///
    /// Off by 1.6 % at most: by half of a bucket.
    package func quantile(_ share: Double) -> Double {
        let rank = max(1, min(count, Int((share * Double(count)).rounded(.up))))
        if rank == 1 { return least }
        if rank == count { return most }
        var passed = 0
        for bucket in buckets {
            passed += bucket.count
            if passed >= rank { return max(least, min(most, Self.middle(of: bucket.index))) }
        }
        return most
    }

    // MARK: - Buckets

    /// Of the mantissa, as many bits make the bucket: 32 buckets from a number to its double.
    private static let bits: UInt64 = 5

    /// The bucket of a value, rising with it: 0 of zero, below 0 of what is negative.
    ///
    /// The exponent and the first bits of the mantissa, as they are in the number (IEEE 754): no
    /// logarithm is needed.
    package static func bucket(of value: Double) -> Int32 {
        guard value != 0 else { return 0 }
        let index = Int32(truncatingIfNeeded: value.magnitude.bitPattern >> (52 - bits)) + 1
        return value < 0 ? -index : index
    }

    private static func middle(of index: Int32) -> Double {
        guard index != 0 else { return 0 }
        let bits = UInt64(index.magnitude) - 1
        let low = Double(bitPattern: bits << (52 - Self.bits))
        let high = Double(bitPattern: (bits + 1) << (52 - Self.bits))
        return index < 0 ? -(low + high) / 2 : (low + high) / 2
    }

    /// What is nearer to zero than 2^-360 is zero, and zero has no sign.
    private static func settled(_ value: Double) -> Double {
        value.magnitude < 0x1p-360 ? 0 : value
    }

    private var spread: [Bucket] {
        buckets.isEmpty ? [Bucket(index: Self.bucket(of: least), count: count)] : buckets
    }

    private static func merged(_ left: [Bucket], _ right: [Bucket]) -> [Bucket] {
        var merged: [Bucket] = []
        merged.reserveCapacity(left.count + right.count)
        var (first, second) = (0, 0)
        while first < left.count, second < right.count {
            if left[first].index < right[second].index {
                merged.append(left[first])
                first += 1
            } else if left[first].index > right[second].index {
                merged.append(right[second])
                second += 1
            } else {
                let count = left[first].count + right[second].count
                merged.append(Bucket(index: left[first].index, count: count))
                first += 1
                second += 1
            }
        }
        return merged + left[first...] + right[second...]
    }
}
