internal import Glibc
internal import Synchronization

/// Looks into chunks on all processors; threads live for one call, which costs some 20 µs each.
final class ScanCrew: Sendable {
    /// Of which each holds a part of a chunk's text.
    private static let mostThreads = 4
    /// Items that wait for a thread, for each of them.
    private static let mostWaiting = 4

    private let openers: [ChunkOpener]

    init() {
        let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        openers = (0..<max(1, min(processors, Self.mostThreads))).map { _ in ChunkOpener() }
    }

    /// Takes items from `next` until there are no more, looks into each on any thread, and hands
    /// what was found to `take`, in the order of the items, until that is false.
    ///
    /// `next` and `take` are called on this thread, so the one may read a database. The first item
    /// is looked into before the second is asked for, since it may be enough. What `look` is given
    /// last tells whether its answer is needed still.
    func scan<Item: Sendable, Result: Sendable>(
        _ next: () throws -> Item?,
        look: @escaping @Sendable (Item, ChunkOpener, _ isNeeded: @escaping () -> Bool) -> Result,
        take: (Result) -> Bool
    ) throws {
        guard let first = try next(), take(look(first, openers[0], { true })) else { return }
        guard openers.count > 1, let board = Board<Item, Result>() else {
            while let item = try next(), take(look(item, openers[0], { true })) {}
            return
        }
        let shift = Shift { opener in
            while let (number, item) = board.wait() {
                board.put(look(item, opener, { !board.isOver }), at: number)
            }
        }
        var threads: [pthread_t] = []
        defer {
            board.end(threads.count)
            for thread in threads { pthread_join(thread, nil) }
        }
        let most = openers.count * Self.mostWaiting
        var isLast = false
        while true {
            while let found = board.taken() {
                guard take(found) else { return }
            }
            if !isLast, board.waiting < most {
                guard let item = try next() else {
                    isLast = true
                    continue
                }
                board.add(item)
                if threads.count < openers.count - 1,
                    let thread = shift.start(openers[threads.count + 1])
                {
                    threads.append(thread)
                }
            } else if let (number, item) = board.claim() {
                board.put(look(item, openers[0], { true }), at: number)
            } else if board.isDone {
                return
            } else {
                board.waitForResult()
            }
        }
    }

    /// What waits, and what came of it.
    private final class Board<Item: Sendable, Result: Sendable>: Sendable {
        private struct State {
            var items: [(number: Int, item: Item)] = []
            var results: [Int: Result] = [:]
            var added = 0
            var taken = 0
        }

        private let state = Mutex(State())
        private let over = Atomic(false)
        private let itemBell: Bell
        private let resultBell: Bell

        init?() {
            guard let itemBell = Bell(), let resultBell = Bell() else { return nil }
            self.itemBell = itemBell
            self.resultBell = resultBell
        }

        var isOver: Bool { over.load(ordering: .relaxed) }
        var waiting: Int { state.withLock { $0.items.count } }
        /// True when every item was taken.
        var isDone: Bool { state.withLock { $0.taken == $0.added } }

        func add(_ item: Item) {
            state.withLock { state in
                state.items.append((state.added, item))
                state.added += 1
            }
            itemBell.ring()
        }

        func claim() -> (Int, Item)? {
            state.withLock { $0.items.isEmpty ? nil : $0.items.removeFirst() }
        }

        /// The next item; nil at the end.
        func wait() -> (Int, Item)? {
            while !isOver {
                if let item = claim() { return item }
                itemBell.wait()
            }
            return nil
        }

        func put(_ result: Result, at number: Int) {
            state.withLock { $0.results[number] = result }
            resultBell.ring()
        }

        /// The next result in the order of the items; nil while it is not there.
        func taken() -> Result? {
            state.withLock { state in
                guard let result = state.results.removeValue(forKey: state.taken) else {
                    return nil
                }
                state.taken += 1
                return result
            }
        }

        func waitForResult() { resultBell.wait() }

        func end(_ threads: Int) {
            over.store(true, ordering: .relaxed)
            for _ in 0..<threads { itemBell.ring() }
        }
    }

    /// A pipe: each ring ends one wait, the one that is under way or the next.
    private final class Bell: Sendable {
        private let reading: Int32
        private let writing: Int32

        init?() {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { return nil }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (reading, writing) = (ends[0], ends[1])
            // A full pipe ends waits as well.
            _ = fcntl(writing, F_SETFL, O_NONBLOCK)
        }

        deinit {
            close(reading)
            close(writing)
        }

        func ring() { _ = write(writing, [0] as [UInt8], 1) }

        /// May return without a ring: who waits looks again.
        func wait() {
            var byte: UInt8 = 0
            _ = read(reading, &byte, 1)
        }
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
                    var all = sigset_t()
                    sigfillset(&all)
                    pthread_sigmask(SIG_SETMASK, &all, nil)
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
