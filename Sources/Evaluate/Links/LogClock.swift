package import Atlas

/// When a replicated log reached which position: what turns a distance in bytes into time.
///
/// Fed with the source's own positions, it answers also after the source is gone, from the last
/// samples. Holds the newest `capacity` samples, oldest first.
package struct LogClock: Sendable {
    private struct Sample: Sendable {
        var at: Instant
        var position: Int64
    }

    private static let capacity = 4_096
    private var samples: [Sample] = []

    package init() {}

    /// The newest position and when it was seen; nil before the first sample.
    package var latest: (at: Instant, position: Int64)? {
        samples.last.map { ($0.at, $0.position) }
    }

    /// Adds a sample; one that is older than the newest is ignored.
    package mutating func add(_ position: Int64, at instant: Instant) {
        if let last = samples.last, instant <= last.at { return }
        // A log that runs backwards is another log (a rewound server): begin again.
        if let last = samples.last, position < last.position { samples = [] }
        let count = samples.count
        if count >= 2, samples[count - 1].position == position,
            samples[count - 2].position == position
        {
            samples[count - 1].at = instant
            return
        }
        samples.append(Sample(at: instant, position: position))
        if samples.count > Self.capacity { samples.removeFirst(Self.capacity / 4) }
    }

    /// How far the log was at a moment, between samples by the straight line; the newest position
    /// after the newest sample, nil before the oldest.
    package func position(at instant: Instant) -> Int64? {
        guard let first = samples.first, let last = samples.last, instant >= first.at else {
            return nil
        }
        guard instant < last.at else { return last.position }
        var low = 0
        var high = samples.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if samples[middle].at <= instant { low = middle } else { high = middle - 1 }
        }
        let (before, after) = (samples[low], samples[low + 1])
        let part =
            Double((instant - before.at).nanoseconds) / Double((after.at - before.at).nanoseconds)
        return before.position + Int64(part * Double(after.position - before.position))
    }

    /// The last moment at which the log was not past `position`, between samples by the straight
    /// line; nil when it never was that far, the oldest sample's time when it is out of memory.
    package func instant(reaching position: Int64) -> Instant? {
        guard let first = samples.first, let last = samples.last, position <= last.position
        else { return nil }
        guard position >= first.position else { return first.at }
        var low = 0
        var high = samples.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if samples[middle].position <= position { low = middle } else { high = middle - 1 }
        }
        guard low + 1 < samples.count else { return samples[low].at }
        let (before, after) = (samples[low], samples[low + 1])
        let part = Double(position - before.position) / Double(after.position - before.position)
        let span = Double((after.at - before.at).nanoseconds)
        return before.at + Span(nanoseconds: Int64(part * span))
    }
}
