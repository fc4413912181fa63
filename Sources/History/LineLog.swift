package import Atlas
internal import HistoryFormat
internal import Query
internal import Synchronization

/// The newest lines of a run, held in memory and asked like a history.
package final class LineLog: LogHistory {
    private struct State {
        /// Those of the plan, and behind them the placed ones.
        var sources: [LogSearch.Source] = []
        /// In the order of their lines.
        var chunks: [StoredChunk] = []
        var count = 0
        var hasForgotten = false
    }

    /// Those of the plan.
    private let sources: [LogSearch.Source]
    private let formats: LineFormats
    private let capacity: Int
    private let state = Mutex(State())

    /// Holds at least `capacity` lines, and as many more as the oldest chunk has.
    ///
    /// `own` are formats that the sources may name beside those of the catalogue.
    package init(sources: [LogSource], own: [UserFormat] = [], capacity: Int = 20_000) {
        formats = LineFormats(sources: sources, own: own)
        self.sources = sources.enumerated().map { index, source in
            LogSearch.Source(id: Int64(index) + 1, name: source.name, resource: source.resource)
        }
        self.capacity = capacity
        state.withLock { $0.sources = self.sources }
    }

    /// True once older lines had to go.
    package var hasForgotten: Bool { state.withLock(\.hasForgotten) }

    package func add(_ chunk: LogChunk) {
        guard chunk.count > 0 else { return }
        let ids = state.withLock { state in
            for placed in chunk.placed.dropFirst(state.sources.count - sources.count) {
                let id = Int64(state.sources.count) + 1
                state.sources.append(
                    LogSearch.Source(id: id, name: placed.name, resource: placed.resource)
                )
            }
            return state.sources.map(\.id)
        }
        guard let kept = StoredChunk(chunk, ids: ids) else { return }
        state.withLock { state in
            state.chunks.append(kept)
            state.count += kept.count
            let excess = state.count - capacity
            var dropped = 0
            var leaving = 0
            while leaving < state.chunks.count, dropped + state.chunks[leaving].count <= excess {
                dropped += state.chunks[leaving].count
                leaving += 1
            }
            guard leaving > 0 else { return }
            state.chunks.removeFirst(leaving)
            state.count -= dropped
            state.hasForgotten = true
        }
    }

    /// As before the first line: a replay that begins anew.
    package func removeAll() {
        state.withLock { $0 = State(sources: sources) }
    }

    package func logs(_ query: LogQuery) -> LogPage { logs(query, while: { true }) }

    package func logs(
        _ query: LogQuery,
        while isWanted: @escaping @Sendable () -> Bool
    ) -> LogPage {
        let (chunks, sieve) = asked(query)
        var search = LogSearch(sieve)
        guard !search.isHopeless else { return LogPage() }
        Self.make(&search, chunks, while: isWanted)
        return search.finish()
    }

    package func histogram(
        _ query: LogQuery,
        bucket: Span,
        by grouping: LogGrouping,
        while isWanted: @escaping @Sendable () -> Bool
    ) -> LogHistogram {
        var query = query
        query.isOldestFirst = false
        let (chunks, sieve) = asked(query)
        var tally = LogTally(sieve, bucket: bucket, by: grouping)
        if !sieve.isHopeless { Self.make(&tally, chunks, while: isWanted) }
        return tally.finish()
    }

    package func values(
        of key: LogKey,
        _ query: LogQuery,
        while isWanted: @escaping @Sendable () -> Bool
    ) -> LogValues {
        var query = query
        query.isOldestFirst = false
        let (chunks, sieve) = asked(query)
        var tally = ValueTally(sieve, of: key)
        if !sieve.isHopeless { Self.make(&tally, chunks, while: isWanted) }
        return tally.finish()
    }

    private static func make(
        _ maker: inout some PageMaker,
        _ chunks: [StoredChunk],
        while isWanted: @escaping () -> Bool
    ) {
        let indices = Array(chunks.indices)
        for index in maker.tour.sieve.query.isOldestFirst ? indices : indices.reversed() {
            let chunk = chunks[index]
            let head = head(of: chunk)
            switch maker.tour.judge(head) {
            case .pass: continue
            case .stop: return
            case .open: break
            }
            guard maker.take(maker.look(into: chunk, head, while: isWanted), of: head) else {
                return
            }
        }
    }

    /// The chunks that begin before what the query ends at, in the order of their lines.
    private func asked(_ query: LogQuery) -> ([StoredChunk], LineSieve) {
        let (chunks, sources) = state.withLock { ($0.chunks, $0.sources) }
        let end = chunks.firstIndex { $0.firstLine >= query.before ?? .max } ?? chunks.count
        return (
            Array(chunks[..<end]), LineSieve(query, sources: sources, formats: formats)
        )
    }

    private static func head(of chunk: StoredChunk) -> ChunkTour.Head {
        ChunkTour.Head(
            firstLine: chunk.firstLine,
            lastLine: chunk.lastLine,
            sources: chunk.sources
        )
    }
}
