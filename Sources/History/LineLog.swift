package import Atlas
internal import Synchronization

/// The newest lines of a run, held in memory and asked like a history.
package final class LineLog: Sendable {
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
    private let capacity: Int
    private let state = Mutex(State())

    /// Holds at least `capacity` lines, and as many more as the oldest chunk has.
    package init(sources: [LogSource], capacity: Int = 20_000) {
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

    package func logs(_ query: LogQuery) -> LogPage {
        let (chunks, sources) = state.withLock { ($0.chunks, $0.sources) }
        var search = LogSearch(query, sources: sources)
        guard !search.isHopeless else { return LogPage() }
        let end = chunks.firstIndex { $0.firstLine >= query.before ?? .max } ?? chunks.count
        let indices = query.isOldestFirst ? Array(0..<end) : (0..<end).reversed()
        for index in indices {
            let chunk = chunks[index]
            let head = LogSearch.Head(
                firstLine: chunk.firstLine,
                lastLine: chunk.lastLine,
                sources: chunk.sources
            )
            switch search.judge(head) {
            case .pass: continue
            case .stop: return search.finish()
            case .open: break
            }
            guard search.take(search.find(in: chunk)) else { break }
        }
        return search.finish()
    }
}
