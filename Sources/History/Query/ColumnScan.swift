internal import Atlas
internal import HistoryFormat
internal import Query

/// The lines of one chunk that match, where columns alone tell.
struct ColumnScan {
    let sieve: LineSieve
    let head: ChunkTour.Head
    /// Of the chunk's sources; nil where none of its lines is wanted.
    private let tests: [SourceTest?]

    init(_ sieve: LineSieve, _ head: ChunkTour.Head) {
        self.sieve = sieve
        self.head = head
        tests = head.sources.map { sieve.wanted[$0]?.test }
    }

    /// False where the bytes of lines have to be looked at.
    var isEnough: Bool { tests.allSatisfy { $0?.isAboutHeads ?? true } }

    private var areCertain: Bool { tests.allSatisfy { $0?.isCertain ?? false } }

    /// True when a line may be outside of the times that are asked for.
    private var isCut: Bool {
        guard let times = head.times else { return true }
        return times.lowerBound < sieve.since
            || sieve.until.map { times.upperBound >= $0 } ?? false
    }

    /// Hands over each line that matches: its index, and the slot of its source.
    ///
    /// `wanted` are columns that the body looks at; levels are always there. False when the chunk is
    /// not what was written.
    func run(
        _ open: some OpenChunk,
        _ wanted: ColumnSet,
        _ body: (StoredChunk, _ index: Int, _ slot: Int) -> Void
    ) -> Bool {
        let query = sieve.query
        let (areCertain, isCut) = (areCertain, isCut)
        var columns = wanted
        if isCut || !areCertain { columns.insert(.times) }
        if !areCertain, tests.count > 1 { columns.insert(.slots) }
        if query.arrivedBy != nil { columns.insert(.arrivals) }
        guard let chunk = open.columns(columns) else { return false }
        let hasSlots = !chunk.slots.isEmpty
        let levels = (UInt8(0)..<8).map { sieve.levels.rawValue & 1 << $0 != 0 }
        let (since, until) = (sieve.since, sieve.until ?? Instant(nanoseconds: .max))
        let isOpenEnded = sieve.until == nil
        for index in sieve.lines(of: chunk) {
            guard levels[Int(chunk.levels[index].rawValue)] else { continue }
            if isCut {
                let time = chunk.times[index]
                guard time >= since, isOpenEnded || time < until else { continue }
            }
            let slot = hasSlots ? Int(chunk.slots[index]) : 0
            if !areCertain {
                guard let test = tests[slot], holds(test, index, chunk) else { continue }
            }
            if let arrivedBy = query.arrivedBy, chunk.arrivals[index] > arrivedBy { continue }
            body(chunk, index, slot)
        }
        return true
    }

    private func holds(_ test: SourceTest, _ index: Int, _ chunk: StoredChunk) -> Bool {
        if test.isCertain { return true }
        let line = TestedLine(
            bytes: UnsafeRawBufferPointer(start: nil, count: 0),
            level: chunk.levels[index],
            time: chunk.times[index],
            messageStart: 0
        )
        return test.matches(line, LineScratch())
    }
}
