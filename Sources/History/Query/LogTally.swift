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

    /// False when no chunk after this one can hold a match, or enough were opened.
    ///
    /// `columns` and `bytes` open the chunk; nil from either means that it is damaged.
    mutating func look(
        into head: LogSearch.Head,
        columns: () throws -> StoredChunk?,
        bytes: (StoredChunk) throws -> [UInt8]?
    ) rethrows -> Bool {
        let query = sieve.query
        if let after = query.after, head.lastLine <= after { return false }
        guard sieve.isWanted(head.sources) else { return true }
        guard result.opened < query.reach else {
            result.older = min(head.lastLine + 1, query.before ?? .max)
            return false
        }
        result.opened += 1
        guard let chunk = try columns() else {
            result.damaged += 1
            return true
        }
        let found = chunk.levels.indices.filter { sieve.isCandidate($0, of: chunk) }
        let isAboutHeads = chunk.sources.allSatisfy {
            sieve.wanted[$0]?.test.isAboutHeads ?? true
        }
        guard !found.isEmpty else { return true }
        guard let opened = isAboutHeads ? [] : try bytes(chunk) else {
            result.damaged += 1
            return true
        }
        opened.withUnsafeBytes { count(found, of: chunk, isAboutHeads ? nil : $0) }
        return true
    }

    private mutating func count(
        _ candidates: [Int],
        of chunk: StoredChunk,
        _ bytes: UnsafeRawBufferPointer?
    ) {
        if let bytes, !sieve.test.mayMatch(bytes) { return }
        for index in candidates {
            guard let wanted = sieve.wanted(index, of: chunk) else { continue }
            let isMatch =
                if let bytes {
                    sieve.matches(index, of: chunk, bytes, wanted.test, scratch)
                } else {
                    wanted.test.matches(Self.head(index, of: chunk), scratch)
                }
            if isMatch { add(chunk.times[index], chunk.levels[index]) }
        }
    }

    private static func head(_ index: Int, of chunk: StoredChunk) -> TestedLine {
        TestedLine(
            bytes: UnsafeRawBufferPointer(start: nil, count: 0),
            level: chunk.levels[index],
            time: chunk.times[index],
            messageStart: 0
        )
    }

    private mutating func add(_ time: Instant, _ level: Level) {
        let remainder = time.nanoseconds % bucket
        let (start, isOver) = time.nanoseconds.subtractingReportingOverflow(
            remainder < 0 ? remainder + bucket : remainder
        )
        let key = isOver ? .min : start
        guard counts[key] != nil || counts.count < LogHistogram.mostBars else {
            result.omitted += 1
            return
        }
        counts[key, default: [Int](repeating: 0, count: Level.allCases.count)][
            Int(level.rawValue)
        ] += 1
    }

    func finish() -> LogHistogram {
        var result = result
        result.bars = counts.map {
            LogHistogram.Bar(start: Instant(nanoseconds: $0.key), counts: $0.value)
        }
        .sorted { $0.start < $1.start }
        result.undecided = scratch.undecided
        return result
    }
}
