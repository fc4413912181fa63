package import Atlas

/// What the counters of one target's replies come to: the mean over the last ten seconds, told anew
/// once it is a tenth off, so that what jitters from reply to reply does not jitter on a screen.
package struct CounterRates: Sendable {
    private struct Reading {
        var asked: Instant
        var total: Double
        var whole: Double?
        /// What was told with it.
        var value: Double?
    }

    private static let window = Span.seconds(10)
    /// Readings kept of a counter, whatever the pace.
    private static let most = 32

    /// By the counter's name, oldest first; only those of the last reply.
    private var readings: [String: [Reading]] = [:]
    /// Why the first counter over its limit needs a look; nil when none is.
    package private(set) var excess: String?
    /// What each came to since the reply before, unsteadied, in the same order as what is told.
    package private(set) var grown: [MetricSample] = []

    package init() {}

    /// Takes all counters of a reply; of a name that is there twice the first one counts.
    ///
    /// - Parameters:
    ///   - counters: as the reply has them.
    ///   - asked: when the question went out.
    ///   - every: how often it is asked.
    /// - Returns: a metric for each that can be worked out, in the same order.
    package mutating func take(
        _ counters: [CounterSample],
        asked: Instant,
        every: Span
    ) -> [MetricSample] {
        var kept: [String: [Reading]] = [:]
        var metrics: [MetricSample] = []
        excess = nil
        grown = []
        for counter in counters where counter.total.isFinite && kept[counter.name] == nil {
            let new = Reading(asked: asked, total: counter.total, whole: counter.whole)
            var past = readings[counter.name] ?? []
            if let last = past.last, !Self.follows(new, last, every) { past = [] }
            past.append(new)
            while past.count > Self.most || past.count > 2 && asked - past[1].asked >= Self.window {
                past.removeFirst()
            }
            let value = past.count > 1 ? Self.growth(from: past[0], to: new) : nil
            if past.count > 1 {
                let value = Self.growth(from: past[past.count - 2], to: new)
                grown.append(MetricSample(name: counter.name, value: value, unit: counter.unit))
            }
            let told = Self.steady(value, past.dropLast().last?.value)
            past[past.count - 1].value = told
            kept[counter.name] = past
            guard let value, let told else { continue }
            metrics.append(MetricSample(name: counter.name, value: told, unit: counter.unit))
            if let limit = counter.limit, value >= limit.from, excess == nil {
                excess = "\(limit.reason), \(Self.figure(told)) \(counter.unit)"
            }
        }
        readings = kept
        return metrics
    }

    /// False after a restart of what counts, and where the clock was set or too much was missed.
    private static func follows(_ new: Reading, _ last: Reading, _ every: Span) -> Bool {
        let passed = new.asked - last.asked
        let hasWhole = new.whole != nil && last.whole != nil
        let isSteady =
            hasWhole || passed.nanoseconds >= every.nanoseconds / 4 && passed <= every * 5
        return isSteady && new.total >= last.total && (new.whole ?? 0) >= (last.whole ?? 0)
            && (new.whole == nil) == (last.whole == nil)
    }

    /// What was told last, while it is near enough.
    private static func steady(_ value: Double?, _ last: Double?) -> Double? {
        guard let value, let last, abs(value - last) < abs(last) / 10 else { return value }
        return last
    }

    private static func growth(from first: Reading, to last: Reading) -> Double {
        let grown = last.total - first.total
        guard let whole = last.whole, let before = first.whole else {
            return grown / (last.asked - first.asked).seconds
        }
        // Where nothing was done, nothing of it was bad.
        return whole > before ? grown / (whole - before) : 0
    }

    /// Two digits: a reason that changes with each reply would be news each time.
    private static func figure(_ value: Double) -> String {
        guard value >= 10 else { return String((value * 10).rounded() / 10) }
        var size = 1.0
        while value / size >= 100, size < 1e15 { size *= 10 }
        let rounded = (value / size).rounded() * size
        return Int64(exactly: rounded).map(String.init) ?? String(rounded)
    }
}
