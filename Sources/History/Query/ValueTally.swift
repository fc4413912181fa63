internal import Atlas
internal import HistoryFormat
internal import Query

/// One page of the values that lines have.
struct ValueTally: PageMaker {
    /// What a chunk holds of them.
    enum Finding: Sendable {
        case damaged
        case abandoned
        case values([LogValues.Value], missing: Int, undecided: Int = 0)
    }

    private let sieve: LineSieve
    private let key: LogKey
    var tour: ChunkTour
    private var table = ValueTable()
    private var result = LogValues()

    init(_ sieve: LineSieve, of key: LogKey) {
        self.sieve = sieve
        self.key = key
        tour = ChunkTour(sieve)
    }

    private var groups: LineGroups { LineGroups(.values(key, [])) }

    func needsText(_ head: ChunkTour.Head) -> Bool {
        groups.needText(head, sieve)
    }

    /// Counts what an open chunk holds, on any thread.
    func look(
        into open: some OpenChunk,
        _ head: ChunkTour.Head,
        while isWanted: @escaping () -> Bool
    ) -> Finding {
        guard isWanted() else { return .abandoned }
        var counts = Counts(sources: head.sources.count)
        guard needsText(head) else {
            let isWhole = ColumnScan(sieve, head).run(open, groups.columns) { chunk, index, slot in
                counts.add(chunk.levels[index], slot)
            }
            return isWhole ? finding(counts, head) : .damaged
        }
        let readers = groups.readers(of: head, sieve)
        let scratch = LineScratch()
        let end = ChunkScan(sieve: sieve, isWanted: isWanted).run(open) { piece in
            for (place, index) in piece.lines.enumerated() {
                // A test may take milliseconds.
                if place % 16 == 15, !isWanted() { return .abandoned }
                let slot = Int(piece.chunk.slots[index])
                guard let wanted = piece.wanted(index), piece.matches(index, wanted.test, scratch)
                else { continue }
                if readers.isEmpty {
                    counts.add(piece.chunk.levels[index], slot)
                } else {
                    counts.add(
                        piece.line(index),
                        isTested: !wanted.test.isCertain,
                        readers[slot],
                        scratch
                    )
                }
            }
            return .next
        }
        return switch end {
        case .damaged: .damaged
        case .abandoned: .abandoned
        case .next, .end: finding(counts, head, undecided: scratch.undecided)
        }
    }

    private func finding(
        _ counts: Counts,
        _ head: ChunkTour.Head,
        undecided: Int = 0
    ) -> Finding {
        switch key {
        case .field:
            return .values(counts.values, missing: counts.missing, undecided: undecided)
        case .level:
            let values = zip(Level.allCases, counts.levels).filter { $0.1 > 0 }
                .map { LogValues.Value(text: Array($0.name.utf8), lines: $1) }
            return .values(values, missing: 0, undecided: undecided)
        case .source, .resource:
            var missing = 0
            var values: [LogValues.Value] = []
            for (id, lines) in zip(head.sources, counts.slots) where lines > 0 {
                if let name = sieve.name(ofSource: id, key) {
                    values.append(LogValues.Value(text: Array(name.utf8), lines: lines))
                } else {
                    missing += lines
                }
            }
            return .values(values, missing: missing, undecided: undecided)
        }
    }

    /// Of one chunk.
    private struct Counts {
        var levels = [Int](repeating: 0, count: 8)
        var slots: [Int]
        var missing = 0
        private var texts = TextTable()

        init(sources: Int) {
            slots = [Int](repeating: 0, count: sources)
        }

        var values: [LogValues.Value] { texts.values }

        mutating func add(_ level: Level, _ slot: Int) {
            levels[Int(level.rawValue)] += 1
            slots[slot] += 1
        }

        mutating func add(
            _ line: TestedLine,
            isTested: Bool,
            _ reader: FieldReader?,
            _ scratch: LineScratch
        ) {
            let isThere =
                reader?.read(line, isTested: isTested, scratch) { value in
                    let end = min(value.count, LogValues.mostBytes)
                    texts.add(UnsafeRawBufferPointer(rebasing: value[..<end]))
                } ?? false
            if !isThere { missing += 1 }
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
        case .values(let values, let missing, let undecided):
            tour.take()
            for value in values { table.add(value.text, value.lines) }
            result.missing += missing
            result.undecided += undecided
        }
        return true
    }

    /// `gaps` are places of the file that could not be read.
    func finish(gaps: Int = 0) -> LogValues {
        var result = result
        result.damaged += gaps
        (result.values, result.other) = table.counted
        result.opened = tour.opened
        result.older = tour.next
        return result
    }
}

/// Texts and how often each came; no allocation for one that came before.
private struct TextTable {
    private var texts: [LogValues.Value] = []
    private var hashes: [UInt64] = []
    /// Index of a text and one more; 0 for a free place.
    ///
    /// Half of them are free at least.
    private var places = [UInt32](repeating: 0, count: 64)

    var values: [LogValues.Value] { texts }

    mutating func add(_ text: UnsafeRawBufferPointer) {
        let hash = XXHash64.hash(text, seed: 0)
        var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
        while places[place] != 0 {
            let index = Int(places[place]) - 1
            if hashes[index] == hash, texts[index].text.elementsEqual(text) {
                texts[index].lines += 1
                return
            }
            place = (place + 1) & (places.count - 1)
        }
        texts.append(LogValues.Value(text: Array(text), lines: 1))
        hashes.append(hash)
        places[place] = UInt32(texts.count)
        if texts.count * 2 > places.count { grow() }
    }

    private mutating func grow() {
        places = [UInt32](repeating: 0, count: places.count * 4)
        for (index, hash) in hashes.enumerated() {
            var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
            while places[place] != 0 { place = (place + 1) & (places.count - 1) }
            places[place] = UInt32(index + 1)
        }
    }
}
