package import Atlas

/// Tries gathered into buckets of one width, oldest first, with an upper bound on their number.
package struct FeltSeries: Sendable {
    package private(set) var buckets: [FeltBucket] = []
    private let width: Span
    private let capacity: Int
    /// True drops the oldest when full, false ignores what comes after.
    private let isRing: Bool

    package init(width: Span, capacity: Int, isRing: Bool) {
        self.width = width
        self.capacity = capacity
        self.isRing = isRing
    }

    /// Counts a try in the bucket in which it started.
    package mutating func take(_ attempt: CanaryTry) {
        extend(to: attempt.started)
        let start = attempt.started.floor(to: width)
        guard let index = buckets.lastIndex(where: { $0.start == start }) else { return }
        if attempt.failure == nil {
            buckets[index].good += 1
            buckets[index].slowest = max(buckets[index].slowest, attempt.ended - attempt.started)
        } else {
            buckets[index].bad += 1
        }
    }

    /// Takes over what another series of the same width holds.
    package mutating func adopt(_ other: FeltSeries) {
        buckets = other.buckets
    }

    /// Makes empty buckets up to the one that holds `instant`.
    private mutating func extend(to instant: Instant) {
        let target = instant.floor(to: width)
        guard let last = buckets.last else {
            buckets.append(FeltBucket(start: target))
            return
        }
        guard target > last.start else { return }
        let missing = Int((target - last.start).nanoseconds / width.nanoseconds)
        if missing > capacity, isRing {
            buckets = [FeltBucket(start: target)]
            return
        }
        for step in 1...missing {
            guard isRing || buckets.count < capacity else { return }
            buckets.append(FeltBucket(start: last.start + width * Int64(step)))
            if buckets.count > capacity { buckets.removeFirst() }
        }
    }
}
