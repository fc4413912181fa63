package import Atlas

/// Counts lines by severity in buckets of 10 s by their arrival.
package struct RateCounter: Sendable {
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

    /// Counts a line; one from before the window goes into the oldest bucket.
    package mutating func count(_ level: Level, arrival: Instant) {
        advance(to: arrival)
        guard let start = rates.start else { return }
        let steps = (arrival.floor(to: LogRates.width) - start).nanoseconds
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
