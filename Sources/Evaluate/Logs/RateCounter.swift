package import Atlas

/// Counts lines by severity in buckets of 10 s by their arrival.
///
/// What arrived long after it was written, such as what a file held already, counts by its time.
package struct RateCounter: Sendable {
    /// As much later than its time a line may arrive and be new.
    fileprivate static let patience = Span.seconds(60)

    /// Lines of some that arrived together.
    package struct Tally: Hashable, Sendable {
        /// All but those that are late.
        package var fresh = 0
        /// Of these, error and graver.
        package var errors = 0
        package var warnings = 0
        /// Older than a minute as they arrived.
        package var late = 0

        package init() {}
    }

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

    /// Counts lines that arrived together; old ones from before the window are passed over.
    ///
    /// A step for each run of lines that fall into one bucket. `levels` and `times` have an element
    /// a line.
    ///
    /// - Returns: all of them, by severity.
    @discardableResult
    package mutating func count(
        _ levels: UnsafeBufferPointer<Level>,
        times: UnsafeBufferPointer<Instant>,
        arrival: Instant
    ) -> Tally {
        var tally = Tally()
        guard !levels.isEmpty, levels.count == times.count else { return tally }
        advance(to: arrival)
        var run = Run()
        // Of lines that are as old as this, or younger: they count by their arrival.
        let oldest = (arrival - Self.patience).nanoseconds
        // As numbers: an operator of another module is a call.
        var (start, end) = (run.start.nanoseconds, run.end.nanoseconds)
        for index in levels.indices {
            let isOld = times[index].nanoseconds < oldest
            let moment = isOld ? times[index] : arrival
            if moment.nanoseconds < start || moment.nanoseconds >= end || isOld != run.isOld {
                add(run, &tally)
                run = begin(at: moment, isOld: isOld)
                (start, end) = (run.start.nanoseconds, run.end.nanoseconds)
            }
            switch levels[index] {
            case .error, .fatal: run.errors &+= 1
            case .warn: run.warnings &+= 1
            case .trace, .debug, .info, .notice: run.others &+= 1
            }
        }
        add(run, &tally)
        return tally
    }

    /// Counts a line, as above.
    package mutating func count(_ level: Level, arrival: Instant, time: Instant? = nil) {
        _ = withUnsafePointer(to: level) { level in
            withUnsafePointer(to: time ?? arrival) { time in
                count(
                    UnsafeBufferPointer(start: level, count: 1),
                    times: UnsafeBufferPointer(start: time, count: 1),
                    arrival: arrival
                )
            }
        }
    }

    /// Lines of one bucket.
    private struct Run {
        var start = Instant.distantPast
        var end = Instant.distantPast
        var isOld = false
        /// Nil before the window.
        var bucket: Int?
        var errors = 0
        var warnings = 0
        var others = 0
    }

    /// A run of the bucket of a time; the window reaches back to an old one as far as it can.
    private mutating func begin(at moment: Instant, isOld: Bool) -> Run {
        var run = Run()
        run.isOld = isOld
        run.start = moment.floor(to: LogRates.width)
        run.end = run.start + LogRates.width
        guard !isOld || reachBack(to: moment), let start = rates.start else { return run }
        let steps = (run.start - start).nanoseconds / LogRates.width.nanoseconds
        run.bucket = min(max(0, Int(steps)), rates.errors.count - 1)
        return run
    }

    private mutating func add(_ run: Run, _ tally: inout Tally) {
        if run.isOld {
            tally.late += run.errors + run.warnings + run.others
        } else {
            tally.fresh += run.errors + run.warnings + run.others
            tally.errors += run.errors
            tally.warnings += run.warnings
        }
        guard let bucket = run.bucket else { return }
        rates.errors[bucket] += run.errors
        rates.warnings[bucket] += run.warnings
        rates.others[bucket] += run.others
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

extension RateCounter.Tally {
    package static func += (left: inout Self, right: Self) {
        left.fresh += right.fresh
        left.errors += right.errors
        left.warnings += right.warnings
        left.late += right.late
    }

    /// Counts a line.
    package mutating func count(_ level: Level, time: Instant, arrival: Instant) {
        guard time >= arrival - RateCounter.patience else {
            late += 1
            return
        }
        fresh += 1
        if level >= .error { errors += 1 }
        if level == .warn { warnings += 1 }
    }
}
