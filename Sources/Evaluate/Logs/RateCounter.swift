package import Atlas

/// Counts lines by severity in buckets of 10 s by their arrival.
///
/// What arrived long after it was written, such as what a file held already, counts by its time.
package struct RateCounter: Sendable {
    /// As much later than its time a line may arrive and be new.
    private static let patience = Span.seconds(60)

    package private(set) var rates = LogRates()

    package init() {}

    /// Makes room up to the bucket of `now`, so that silence shows as zeros.
    package mutating func advance(to now: Instant) {
        let bucket = now.floor(to: LogRates.width)
        guard let start = rates.start else {
            rates.start = bucket
            append(1)
            return
        }
        let index = Int((bucket - start).nanoseconds / LogRates.width.nanoseconds)
        if index - rates.errors.count + 1 >= LogRates.capacity {
            rates = LogRates()
            rates.start = bucket
            append(1)
        } else if index >= rates.errors.count {
            append(index - rates.errors.count + 1)
        }
    }

    /// Counts a line; an old one from before the window is passed over.
    package mutating func count(_ level: Level, arrival: Instant, time: Instant? = nil) {
        advance(to: arrival)
        var moment = arrival
        if let time, arrival - time > Self.patience {
            guard reachBack(to: time) else { return }
            moment = time
        }
        guard let start = rates.start else { return }
        let steps = (moment.floor(to: LogRates.width) - start).nanoseconds
        let index = min(
            max(0, Int(steps / LogRates.width.nanoseconds)),
            rates.errors.count - 1
        )
        switch level {
        case .error, .fatal: rates.errors[index] += 1
        case .warn: rates.warnings[index] += 1
        case .trace, .debug, .info, .notice: rates.others[index] += 1
        }
    }

    /// Makes room back to the bucket of a time; false when it is not within the window.
    private mutating func reachBack(to time: Instant) -> Bool {
        guard let start = rates.start else { return false }
        let bucket = time.floor(to: LogRates.width)
        guard bucket < start else { return true }
        let missing = (start - bucket).nanoseconds / LogRates.width.nanoseconds
        guard missing <= LogRates.capacity - rates.errors.count else { return false }
        let zeros = Array(repeating: 0, count: Int(missing))
        rates.errors.insert(contentsOf: zeros, at: 0)
        rates.warnings.insert(contentsOf: zeros, at: 0)
        rates.others.insert(contentsOf: zeros, at: 0)
        rates.start = bucket
        return true
    }

    private mutating func append(_ count: Int) {
        let zeros = Array(repeating: 0, count: count)
        rates.errors += zeros
        rates.warnings += zeros
        rates.others += zeros
        let excess = rates.errors.count - LogRates.capacity
        guard excess > 0, let start = rates.start else { return }
        rates.errors.removeFirst(excess)
        rates.warnings.removeFirst(excess)
        rates.others.removeFirst(excess)
        rates.start = start + LogRates.width * Int64(excess)
    }
}
