import Atlas
import History
import HistoryFormat
import Synchronization

/// The plainest thing that keeps the promises of `History` and `HistorySink`: arrays.
final class ModelHistory: History, HistorySink {
    private struct State {
        var plan: WatchPlan?
        var lines: [StoredLine] = []
        var resources: [String: String?] = [:]
        var nextLine: UInt64 = 1
        var entries: [JournalEntry] = []
        var positions: [[String]: ReadPosition] = [:]
        var pictures: [(at: Instant, picture: Picture)] = []
        /// Which of them a run began with.
        var starts: Set<Int> = []
        var failovers: [FailoverRun] = []
    }

    private let state = Mutex(State())
    private let metrics = MetricLog()

    var nextLine: UInt64 { state.withLock { $0.nextLine } }

    var nextObservation: Int64 { state.withLock { Int64($0.entries.count) + 1 } }

    func positions() -> [ReadPosition] {
        state.withLock { state in
            state.positions.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        }
    }

    private static func key(of position: ReadPosition) -> [String] {
        [position.source, "\(position.device)", "\(position.inode)"]
    }

    func begin(_ plan: WatchPlan, picture: Picture, at instant: Instant) {
        state.withLock { state in
            state.plan = plan
            for source in plan.sources { state.resources[source.name] = source.resource }
            state.starts.insert(state.pictures.count)
            state.pictures.append((instant, picture))
            for run in picture.failovers { Self.put(run, &state.failovers) }
        }
    }

    func series(_ filter: SeriesFilter) -> [StoredSeries] { metrics.series(filter) }

    func range(_ query: MetricQuery) -> MetricRange { metrics.range(query) }

    func append(_ batch: HistoryBatch) throws(HistoryError) {
        try state.withLock { (state) throws(HistoryError) in
            var next = state
            guard let plan = next.plan else { throw .misused(detail: "") }
            for chunk in batch.chunks {
                guard chunk.firstLine >= next.nextLine else { throw .misused(detail: "") }
                for index in 0..<chunk.count {
                    let record = chunk.record(index)
                    guard Int(record.source) < plan.sources.count else {
                        throw .misused(detail: "")
                    }
                    let name = plan.sources[Int(record.source)].name
                    next.lines.append(StoredLine(source: name, resource: nil, record: record))
                }
                next.nextLine = chunk.firstLine + UInt64(chunk.count)
                for position in chunk.forgotten { next.positions[Self.key(of: position)] = nil }
                for position in chunk.positions {
                    next.positions[Self.key(of: position)] = position
                }
            }
            for var entry in batch.observations {
                if case .lines = entry.input.event { throw .misused(detail: "") }
                entry.seq = Int64(next.entries.count) + 1
                next.entries.append(entry)
            }
            if !batch.parts.isEmpty, var picture = next.pictures.last?.picture {
                for part in batch.parts {
                    picture.apply(part)
                    if case .failover(let run) = part { Self.put(run, &next.failovers) }
                }
                next.pictures.append((batch.at, picture))
            }
            state = next
        }
        metrics.add(batch.metrics)
    }

    private static func put(_ run: FailoverRun, _ runs: inout [FailoverRun]) {
        runs.removeAll { $0.id == run.id && $0.started == run.started }
        runs.append(run)
    }

    func picture() -> Picture? { state.withLock { $0.pictures.last?.picture } }

    func update(since version: Int64) -> PictureUpdate {
        state.withLock { state in
            let parts = state.pictures.last?.picture.parts ?? []
            return PictureUpdate(version: Int64(state.pictures.count), isWhole: true, parts: parts)
        }
    }

    func picture(at instant: Instant) -> Picture? {
        state.withLock { state in
            let past = state.pictures.filter { $0.at <= instant }
            let last = past.map(\.at).max()
            return past.last { $0.at == last }?.picture
        }
    }

    func events(_ query: EventQuery) -> EventPage {
        state.withLock { state in
            var events: [EstateEvent] = []
            var old: [[String]: PicturePart] = [:]
            for (index, (at, picture)) in state.pictures.enumerated() {
                let isWanted =
                    query.since <= at && at < query.until
                    && Int64(index) > query.after ?? -1
                if isWanted, events.count >= query.limit {
                    return EventPage(events: events, next: Int64(index) - 1)
                }
                if state.starts.contains(index) {
                    old = old.filter { !PicturePart.states.contains($0.value.kind) }
                    if isWanted { events.append(EstateEvent(.run, "", at: at, health: .ok)) }
                }
                for part in picture.parts {
                    let key = [part.kind, part.key]
                    if isWanted, part != old[key] {
                        events += part.events(since: old[key], at: at)
                    }
                    old[key] = part
                }
            }
            return EventPage(events: events)
        }
    }

    func failovers(since instant: Instant) -> [FailoverRun] {
        state.withLock { state in
            state.failovers.filter { $0.started >= instant || $0.state == .running }
                .sorted { ($0.started, $0.id) < ($1.started, $1.id) }
        }
    }

    func observations(after seq: Int64, limit: Int) -> [JournalEntry] {
        state.withLock { Array($0.entries.filter { $0.seq > seq }.prefix(limit)) }
    }

    func histogram(
        _ query: LogQuery,
        bucket: Span,
        by grouping: LogGrouping,
        while isWanted: @escaping @Sendable () -> Bool
    ) -> LogHistogram {
        let bars = naive(query).histogram(LogQuery(), bucket: bucket, by: grouping)
        return LogHistogram(bucket: bucket, grouping: grouping, bars: bars)
    }

    func values(
        of key: LogKey,
        _ query: LogQuery,
        while isWanted: @escaping @Sendable () -> Bool
    ) -> LogValues {
        let (values, missing) = naive(query).values(of: key, LogQuery())
        return LogValues(values: values, missing: missing)
    }

    private func naive(_ query: LogQuery) -> NaiveLines {
        var all = query
        all.limit = .max
        return NaiveLines(
            lines: logs(all, while: { true }).lines.map {
                NaiveLines.Line(stored: $0, message: $0.record.bytes)
            }
        )
    }

    func logs(_ query: LogQuery, while isWanted: @escaping @Sendable () -> Bool) -> LogPage {
        state.withLock { state in
            var lines: [StoredLine] = []
            let all = query.isOldestFirst ? state.lines : state.lines.reversed()
            for var line in all where lines.count < max(0, query.limit) {
                line.resource = state.resources[line.source] ?? nil
                let naive = NaiveLines.Line(stored: line, message: line.record.bytes)
                if NaiveLines.matches(naive, query) { lines.append(line) }
            }
            let isFull = !lines.isEmpty && lines.count == query.limit
            let next = isFull ? lines.last?.record.number : nil
            return query.isOldestFirst
                ? LogPage(lines: lines, newer: next)
                : LogPage(lines: lines.reversed(), older: next)
        }
    }
}
