import Atlas
import Configure
import History
import Synchronization

/// Takes away what is past its time and keeps the file in order, on the store's thread: a little
/// each second; says how much went at most once an hour.
final class Retirer: Sendable {
    private struct State {
        var looked = Instant.distantPast
        var said: Instant?
        var unsaid: RetentionResult = [:]
    }

    private let sink: HistoryWriter
    private let retention: Retention
    private let say: @Sendable (String) -> Void
    private let state = Mutex(State())

    init(sink: HistoryWriter, retention: Retention, say: @escaping @Sendable (String) -> Void) {
        self.sink = sink
        self.retention = retention
        self.say = say
    }

    /// `now` is the fold's time.
    func look(at now: Instant) {
        let isDue = state.withLock { state in
            guard now >= state.looked + .seconds(1) else { return false }
            state.looked = now
            return true
        }
        guard isDue else { return }
        do throws(HistoryError) {
            _ = try sink.tidy()
            let dropped = try sink.retain(retention, at: now)
            guard !dropped.isEmpty else { return }
            let text = state.withLock { state -> String? in
                state.unsaid.merge(dropped) { $0.adding($1) }
                if let said = state.said, now < said + .seconds(3_600) { return nil }
                state.said = now
                defer { state.unsaid = [:] }
                return Self.text(state.unsaid)
            }
            if let text { say(text) }
        } catch {
            // Keeping meets the same trouble, and says it.
        }
    }

    static func text(_ dropped: RetentionResult) -> String {
        let parts = HistoryStats.Kind.allCases.compactMap { kind in
            dropped[kind].map { dropped in
                "\(HistoryText.count(dropped.count)) \(kind.rawValue)"
                    + (dropped.until.map { " up to \(HistoryText.time($0))" } ?? "")
            }
        }
        return "past their time, no longer kept: " + parts.joined(separator: ", ")
    }
}

extension HistoryStats.Dropped {
    fileprivate func adding(_ next: HistoryStats.Dropped) -> HistoryStats.Dropped {
        var sum = next
        sum.count += count
        sum.bytes += bytes
        sum.until = [until, next.until].compactMap(\.self).max()
        return sum
    }
}

extension Retention {
    /// As azimuth.yaml says it.
    init(_ settings: RetentionSettings) {
        func limit(_ settings: RetentionSettings.Limit) -> Limit {
            Limit(age: settings.keep, bytes: settings.size)
        }
        self.init(
            lines: limit(settings.lines),
            inputs: limit(settings.inputs),
            states: limit(settings.states),
            metrics: Self.metrics(settings.metrics)
        )
    }

    private static func metrics(_ settings: RetentionSettings.Metrics) -> MetricRetention {
        var metrics = MetricRetention()
        if let span = settings.seconds { metrics.seconds = span }
        if let span = settings.minutes { metrics.minutes = span }
        if let span = settings.fiveMinutes { metrics.fiveMinutes = span }
        if let span = settings.hours { metrics.hours = span }
        return metrics
    }
}
