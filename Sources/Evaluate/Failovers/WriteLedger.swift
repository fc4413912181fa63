package import Atlas

/// The write canary's acknowledged numbers, and the count of those that are missing afterwards.
package struct WriteLedger: Sendable {
    private struct Entry: Sendable {
        var number: Int64
        var acknowledged: Instant
    }

    /// One hour at ten tries a second.
    private static let capacity = 36_000
    /// Rising numbers.
    private var entries: [Entry] = []

    package init() {}

    /// Passes over a number that does not rise: only a damaged recording has one.
    package mutating func acknowledge(_ number: Int64, at instant: Instant) {
        guard entries.last.map({ $0.number < number }) ?? true else { return }
        entries.append(Entry(number: number, acknowledged: instant))
        if entries.count > Self.capacity { entries.removeFirst(Self.capacity / 8) }
    }

    /// The numbers acknowledged since `start`, as first and last; nil when there are none.
    package func window(since start: Instant) -> (first: Int64, last: Int64)? {
        guard let first = entries.first(where: { $0.acknowledged >= start }),
            let last = entries.last
        else { return nil }
        return (first.number, last.number)
    }

    /// Compares the acknowledged numbers of a window with those found in the table.
    ///
    /// - Parameters:
    ///   - present: rising and apart from each other.
    ///   - window: the numbers that were asked for.
    /// - Returns: counted, with the times at which the first and last lost write was acknowledged.
    package func losses(
        present: [ClosedRange<Int64>],
        window: ClosedRange<Int64>
    ) -> LostWrites {
        var losses = LostWrites(state: .counted)
        var island = 0
        for entry in entries where window.contains(entry.number) {
            losses.acknowledged += 1
            while island < present.count, present[island].upperBound < entry.number { island += 1 }
            if island < present.count, present[island].contains(entry.number) { continue }
            losses.lost += 1
            losses.firstLost = losses.firstLost ?? entry.acknowledged
            losses.lastLost = entry.acknowledged
        }
        return losses
    }
}
