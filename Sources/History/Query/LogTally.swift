internal import Atlas
internal import Query

/// One page of a histogram in the making.
struct LogTally {
    private let sieve: LineSieve
    private let bucket: Int64
    private var counts: [Int64: [Int]] = [:]
    private var result: LogHistogram
    private let scratch = LineScratch()

    /// The bucket has to be longer than nothing.
    init(_ sieve: LineSieve, bucket: Span) {
        self.sieve = sieve
        self.bucket = max(1, bucket.nanoseconds)
        result = LogHistogram(bucket: bucket)
    }

    /// Whether a chunk is worth opening.
    mutating func judge(_ head: LogSearch.Head) -> LogSearch.Verdict {
        let query = sieve.query
        if let after = query.after, head.lastLine <= after { return .stop }
        guard head.isDamaged || sieve.isWanted(head.sources) else { return .pass }
        guard result.opened < query.reach else {
            result.older = min(head.lastLine + 1, query.before ?? .max)
            return .stop
        }
        return .open
    }

    /// Counts what an open chunk holds; its text is unpacked only where a test reads it.
    mutating func take(_ open: some OpenChunk) {
        result.opened += 1
        guard let chunk = open.columns() else {
            result.damaged += 1
            return
        }
        let tests = chunk.sources.map { sieve.wanted[$0]?.test }
        guard tests.contains(where: { $0.map { !$0.isAboutHeads } ?? false }) else {
            count(chunk, tests, UnsafeRawBufferPointer(start: nil, count: 0))
            return
        }
        let isWhole = open.text { bytes -> Bool in
            guard chunk.textSize == bytes.count else { return false }
            if sieve.test.mayMatch(bytes) { count(chunk, tests, bytes) }
            return true
        }
        if isWhole != true { result.damaged += 1 }
    }

    /// Bytes are of all lines, or none where no test reads them.
    private mutating func count(
        _ chunk: StoredChunk,
        _ tests: [SourceTest?],
        _ bytes: UnsafeRawBufferPointer
    ) {
        let isWanted = tests.map { $0 != nil }
        let isCertain = tests.map { $0?.isCertain ?? false }
        // The lines of a chunk are near each other in time.
        var run = Run()
        for index in 0..<chunk.count {
            let slot = Int(chunk.slots[index])
            guard isWanted[slot], sieve.isInBounds(index, of: chunk) else { continue }
            if !isCertain[slot], let test = tests[slot] {
                let line = TestedLine(
                    bytes: bytes.isEmpty
                        ? bytes : UnsafeRawBufferPointer(rebasing: bytes[chunk.line(index)]),
                    level: chunk.levels[index],
                    time: chunk.times[index],
                    messageStart: Int(chunk.messageStarts[index])
                )
                guard test.matches(line, scratch) else { continue }
            }
            let time = chunk.times[index].nanoseconds
            if !run.holds(time) {
                add(run)
                run = Run(around: time, bucket)
            }
            run.counts[Int(chunk.levels[index].rawValue)] += 1
        }
        add(run)
    }

    /// Counts of one bucket.
    private struct Run {
        private(set) var start = Int64.max
        private var end = Int64.min
        var counts = [Int](repeating: 0, count: Level.allCases.count)

        init() {}

        init(around time: Int64, _ bucket: Int64) {
            let remainder = time % bucket
            let (below, isOver) = time.subtractingReportingOverflow(
                remainder < 0 ? remainder + bucket : remainder
            )
            start = isOver ? .min : below
            end = start.addingReportingOverflow(bucket).overflow ? .max : start + bucket
        }

        func holds(_ time: Int64) -> Bool { time >= start && time < end }
    }

    private mutating func add(_ run: Run) {
        let total = run.counts.reduce(0, +)
        guard total > 0 else { return }
        if let there = counts[run.start] {
            counts[run.start] = zip(there, run.counts).map { $0 + $1 }
        } else if counts.count < LogHistogram.mostBars {
            counts[run.start] = run.counts
        } else {
            result.omitted += total
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
        result.undecided = scratch.undecided
        return result
    }
}
