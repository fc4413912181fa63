internal import Glibc
internal import Synchronization

/// Does a piece of work on all processors, each thread with a tool of its own; threads live for one
/// call, which costs some 20 µs each.
final class WorkCrew<Tool: Sendable>: Sendable {
    /// Items that wait for a thread, for each of them.
    private static var mostWaiting: Int { 4 }
    /// One more waits for so many that were taken: who takes a few only has few made for nothing.
    private static var pace: Int { 8 }

    private let tools: [Tool]

    /// A thread for each processor, `most` at most; a tool for each is made at once.
    init(ofAtMost most: Int, _ make: () -> Tool) {
        let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        tools = (0..<max(1, min(processors, most))).map { _ in make() }
    }

    /// As below, but the first item is worked on before the second is asked for, since it may be
    /// enough.
    func workFromFirst<Item: Sendable, Result: Sendable>(
        _ next: () throws -> Item?,
        work: @escaping @Sendable (Item, Tool, _ isNeeded: @escaping () -> Bool) -> Result,
        take: (Result) throws -> Bool
    ) rethrows {
        guard let first = try next(), try take(work(first, tools[0], { true })) else { return }
        try self.work(next, work: work, take: take)
    }

    /// Takes items from `next` until there are no more, works on each on any thread, and hands what
    /// came of it to `take`, in the order of the items, until that is false.
    ///
    /// `next` and `take` are called on this thread, so they may use a database. What `work` is given
    /// last tells whether its result is needed still.
    func work<Item: Sendable, Result: Sendable>(
        _ next: () throws -> Item?,
        work: @escaping @Sendable (Item, Tool, _ isNeeded: @escaping () -> Bool) -> Result,
        take: (Result) throws -> Bool
    ) rethrows {
        guard tools.count > 1, let board = Board<Item, Result>() else {
            while let item = try next(), try take(work(item, tools[0], { true })) {}
            return
        }
        var threads: [pthread_t] = []
        defer {
            board.end(threads.count)
            for thread in threads { pthread_join(thread, nil) }
        }
        var most = tools.count
        var taken = 0
        var isLast = false
        while true {
            while let found = board.taken() {
                guard try take(found) else { return }
                taken += 1
                most = min(tools.count * Self.mostWaiting, tools.count + taken / Self.pace)
            }
            if !isLast, board.waiting < most {
                guard let item = try next() else {
                    isLast = true
                    continue
                }
                board.add(item)
                // One item alone is worked on here.
                guard board.waiting > 1, threads.count < tools.count - 1 else { continue }
                let tool = tools[threads.count + 1]
                let thread = Shift.start {
                    while let (number, item) = board.wait() {
                        board.put(work(item, tool, { !board.isOver }), at: number)
                    }
                }
                if let thread { threads.append(thread) }
            } else if let (number, item) = board.claim() {
                board.put(work(item, tools[0], { true }), at: number)
            } else if board.isDone {
                return
            } else {
                board.waitForResult()
            }
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

/// What a thread of a call does.
private final class Shift: Sendable {
    private let work: @Sendable () -> Void

    private init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    /// Nil where the system has no more threads: the others do it.
    static func start(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
        var thread = pthread_t()
        let shift = Unmanaged.passRetained(Shift(work))
        let failed = pthread_create(
            &thread,
            nil,
            { shift in
                guard let shift else { return nil }
                let taken = Unmanaged<Shift>.fromOpaque(shift).takeRetainedValue()
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_SETMASK, &all, nil)
                taken.work()
                return nil
            },
            shift.toOpaque()
        )
        guard failed == 0 else {
            shift.release()
            return nil
        }
        return thread
    }
}
