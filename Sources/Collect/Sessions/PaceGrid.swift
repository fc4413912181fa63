import Atlas

/// A fixed grid of moments, one every period: what is late does not shift what comes after it.
struct PaceGrid {
    private let every: Span
    /// The next moment of the grid.
    private(set) var next: Monotonic

    /// A period below a millisecond counts as one.
    init(from start: Monotonic, every: Span) {
        self.every = max(every, .milliseconds(1))
        next = start
    }

    /// How many moments have passed since the last call, 0 when the next is still to come.
    mutating func pass(_ now: Monotonic) -> Int64 {
        guard next <= now else { return 0 }
        let count = (now - next).nanoseconds / every.nanoseconds + 1
        next = next + every * count
        return count
    }
}
