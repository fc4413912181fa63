internal import Glibc
internal import Synchronization

/// Looks into chunks on all processors; threads live for one call, which costs some 20 µs each.
final class ScanCrew: Sendable {
    /// Of which each holds a chunk's text.
    private static let mostThreads = 4

    private let openers: [ChunkOpener]

    init() {
        let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        openers = (0..<max(1, min(processors, Self.mostThreads))).map { _ in ChunkOpener() }
    }

    /// In the order of the items.
    func map<Item: Sendable, Result: Sendable>(
        _ items: [Item],
        _ body: @escaping @Sendable (Item, ChunkOpener) -> Result
    ) -> [Result] {
        guard items.count > 1, openers.count > 1 else {
            return items.map { body($0, openers[0]) }
        }
        let board = Board<Result>(count: items.count)
        let shift = Shift { opener in
            while let index = board.claim() { board.put(body(items[index], opener), at: index) }
        }
        let threads = openers.dropFirst().prefix(items.count - 1).compactMap { shift.start($0) }
        shift.work(openers[0])
        for thread in threads { pthread_join(thread, nil) }
        return board.taken
    }

    /// Which items are taken, and what came of them.
    private final class Board<Result: Sendable>: Sendable {
        private let next = Atomic(0)
        private let results: Mutex<[Result?]>
        private let count: Int

        init(count: Int) {
            self.count = count
            results = Mutex([Result?](repeating: nil, count: count))
        }

        func claim() -> Int? {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            return index < count ? index : nil
        }

        func put(_ result: Result, at index: Int) {
            results.withLock { $0[index] = result }
        }

        var taken: [Result] { results.withLock { $0.compactMap(\.self) } }
    }

    /// What all threads of a call do.
    private final class Shift: Sendable {
        let work: @Sendable (ChunkOpener) -> Void

        init(_ work: @escaping @Sendable (ChunkOpener) -> Void) {
            self.work = work
        }

        private final class Place: Sendable {
            let shift: Shift
            let opener: ChunkOpener

            init(_ shift: Shift, _ opener: ChunkOpener) {
                self.shift = shift
                self.opener = opener
            }
        }

        /// Nil where the system has no more threads: the others do it.
        func start(_ opener: ChunkOpener) -> pthread_t? {
            var thread = pthread_t()
            let place = Unmanaged.passRetained(Place(self, opener))
            let failed = pthread_create(
                &thread,
                nil,
                { place in
                    guard let place else { return nil }
                    let taken = Unmanaged<Place>.fromOpaque(place).takeRetainedValue()
                    taken.shift.work(taken.opener)
                    return nil
                },
                place.toOpaque()
            )
            guard failed == 0 else {
                place.release()
                return nil
            }
            return thread
        }
    }
}
