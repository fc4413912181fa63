internal import Atlas
internal import HistoryFormat
internal import Query

/// One page of a histogram in the making.
struct LogTally: PageMaker {
    /// What a chunk holds of it.
    enum Finding: Sendable {
        case damaged
        case abandoned
        case runs([Run], undecided: Int = 0)
    }

    /// Counts of one bucket.
    struct Run: Sendable {
        var start: Int64
        var counts: [Int]
    }

    private let sieve: LineSieve
    private let bucket: Int64
    private let groups: LineGroups
    var tour: ChunkTour
    private var counts: [Int64: [Int]] = [:]
    private var result: LogHistogram

    /// The bucket has to be longer than nothing.
    init(_ sieve: LineSieve, bucket: Span, by grouping: LogGrouping) {
        self.sieve = sieve
        self.bucket = max(1, bucket.nanoseconds)
        groups = LineGroups(grouping)
        tour = ChunkTour(sieve)
        result = LogHistogram(bucket: bucket, grouping: grouping)
    }

    /// Whether the text of a chunk has to be read.
    func needsText(_ head: ChunkTour.Head) -> Bool {
        groups.needText(head, sieve)
    }

    /// Counts what an open chunk holds, on any thread; its text is unpacked only where it has to be.
    func look(
        into open: some OpenChunk,
        _ head: ChunkTour.Head,
        while isWanted: @escaping () -> Bool
    ) -> Finding {
        guard !needsText(head) else { return countText(of: open, head, while: isWanted) }
        guard isWanted() else { return .abandoned }
        var counter = RunCounter(bucket: bucket, size: groups.size)
        let scan = ColumnScan(sieve, head)
        let slots = groups.slots(of: head, sieve)
        let isWhole: Bool
        if let time = timeOfAll(head) {
            isWhole = scan.run(open, groups.columns) { chunk, index, slot in
                counter.add(time, groups.group(of: chunk.levels[index], slot, slots))
            }
        } else {
            isWhole = scan.run(open, groups.columns.union(.times)) { chunk, index, slot in
                counter.add(
                    chunk.times[index].nanoseconds,
                    groups.group(of: chunk.levels[index], slot, slots)
                )
            }
        }
        return isWhole ? .runs(counter.finish()) : .damaged
    }

    /// A time in the bucket that holds all lines of a chunk; nil where several do.
    private func timeOfAll(_ head: ChunkTour.Head) -> Int64? {
        guard let times = head.times else { return nil }
        var counter = RunCounter(bucket: bucket, size: 1)
        counter.add(times.lowerBound.nanoseconds, 0)
        return counter.holds(times.upperBound.nanoseconds) ? times.lowerBound.nanoseconds : nil
    }

    private func countText(
        of open: some OpenChunk,
        _ head: ChunkTour.Head,
        while isWanted: @escaping () -> Bool
    ) -> Finding {
        var counter = RunCounter(bucket: bucket, size: groups.size)
        let scratch = LineScratch()
        let readers = groups.readers(of: head, sieve)
        let slots = groups.slots(of: head, sieve)
        let end = ChunkScan(sieve: sieve, isWanted: isWanted).run(open) { piece in
            for (place, index) in piece.lines.enumerated() {
                // A test may take milliseconds.
                if place % 16 == 15, !isWanted() { return .abandoned }
                let slot = Int(piece.chunk.slots[index])
                guard let wanted = piece.wanted(index), piece.matches(index, wanted.test, scratch)
                else { continue }
                let group =
                    readers.isEmpty
                    ? groups.group(of: piece.chunk.levels[index], slot, slots)
                    : groups.group(
                        of: piece.line(index),
                        isTested: !wanted.test.isCertain,
                        readers[slot],
                        scratch
                    )
                counter.add(piece.chunk.times[index].nanoseconds, group)
            }
            return .next
        }
        return switch end {
        case .damaged: .damaged
        case .abandoned: .abandoned
        case .next, .end: .runs(counter.finish(), undecided: scratch.undecided)
        }
    }

    /// Adds what the next chunk holds; false when the page ends with it.
    mutating func take(_ finding: Finding, of head: ChunkTour.Head) -> Bool {
        switch finding {
        case .abandoned:
            tour.giveUp(at: head)
            return false
        case .damaged:
            tour.take()
            result.damaged += 1
        case .runs(let runs, let undecided):
            tour.take()
            result.undecided += undecided
            for run in runs { add(run) }
        }
        return true
    }

    private mutating func add(_ run: Run) {
        if counts[run.start] != nil {
            for (group, count) in run.counts.enumerated() { counts[run.start]?[group] += count }
        } else if counts.count < LogHistogram.mostBars {
            counts[run.start] = run.counts
        } else {
            result.omitted += run.counts.reduce(0, +)
        }
    }

    /// `gaps` are places of the file that could not be read.
    func finish(gaps: Int = 0) -> LogHistogram {
        var result = result
        result.damaged += gaps
        result.bars = counts.map {
            LogHistogram.Bar(start: Instant(nanoseconds: $0.key), counts: $0.value)
        }
        .sorted { $0.start < $1.start }
        result.opened = tour.opened
        result.older = tour.next
        return result
    }
}

/// Counts lines by bucket; those of a chunk are near each other in time.
struct RunCounter {
    private let bucket: Int64
    private let size: Int
    private var runs: [LogTally.Run] = []
    private var start = Int64.max
    private var end = Int64.min
    private var counts: [Int]
    private var isEmpty = true

    init(bucket: Int64, size: Int) {
        self.bucket = bucket
        self.size = size
        counts = [Int](repeating: 0, count: size)
    }

    @inline(__always)
    func holds(_ time: Int64) -> Bool { time >= start && time < end }

    @inline(__always)
    mutating func add(_ time: Int64, _ group: Int) {
        if !holds(time) { turn(to: time) }
        counts[group] += 1
        isEmpty = false
    }

    private mutating func turn(to time: Int64) {
        flush()
        let remainder = time % bucket
        let (below, isOver) = time.subtractingReportingOverflow(
            remainder < 0 ? remainder + bucket : remainder
        )
        start = isOver ? .min : below
        end = start.addingReportingOverflow(bucket).overflow ? .max : start + bucket
    }

    private mutating func flush() {
        guard !isEmpty else { return }
        runs.append(LogTally.Run(start: start, counts: counts))
        for group in counts.indices { counts[group] = 0 }
        isEmpty = true
    }

    mutating func finish() -> [LogTally.Run] {
        flush()
        return runs
    }
}
