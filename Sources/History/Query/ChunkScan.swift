internal import Atlas
internal import HistoryFormat
internal import Query

/// The lines of one chunk that may match, part by part.
struct ChunkScan {
    /// How it goes on behind a part.
    enum Step: Sendable {
        case next
        case end
        /// Nobody waits any more.
        case abandoned
        /// What is on disk is not what was written.
        case damaged
    }

    /// Some lines of a chunk, and their bytes.
    struct Piece {
        let chunk: StoredChunk
        let gate: LineGate
        /// Indices in the chunk, rising: they meet the conditions of columns.
        let lines: ArraySlice<Int>
        /// Of all lines of the part; none where no test reads them.
        let bytes: UnsafeRawBufferPointer
        /// Bytes of the chunk before them.
        let offset: Int

        /// The source of a line, one of those that are wanted.
        func wanted(_ line: Int) -> LineSieve.Wanted? {
            gate.wanted[Int(chunk.slots[line])]
        }

        /// Whether one of the lines matches the condition.
        func matches(_ line: Int, _ test: SourceTest, _ scratch: LineScratch) -> Bool {
            test.isCertain || test.matches(self.line(line), scratch)
        }

        func line(_ line: Int) -> TestedLine {
            TestedLine(
                bytes: bytes(of: line),
                level: chunk.levels[line],
                time: chunk.times[line],
                messageStart: Int(chunk.messageStarts[line])
            )
        }

        func bytes(of line: Int) -> UnsafeRawBufferPointer {
            let range = chunk.line(line)
            return UnsafeRawBufferPointer(
                rebasing: bytes[(range.lowerBound - offset)..<(range.upperBound - offset)]
            )
        }
    }

    let sieve: LineSieve
    let isWanted: () -> Bool

    /// Hands over the pieces in the order of the query; `end` comes back from `body` only.
    ///
    /// A text is looked for in all lines of a part at once, so that a chunk without it costs no more
    /// than to unpack it.
    func run(_ open: some OpenChunk, _ body: (Piece) -> Step) -> Step {
        sieve.finders.isEmpty ? byColumns(open, body) : byText(open, body)
    }

    private func byColumns(_ open: some OpenChunk, _ body: (Piece) -> Step) -> Step {
        guard let heads = open.columns(sieve.gateColumns) else { return .damaged }
        let gate = LineGate(sieve, heads)
        let candidates = gate.candidates(of: heads)
        guard !candidates.isEmpty else { return .next }
        guard let chunk = open.columns(.all), let parts = open.parts(),
            parts.last?.text.upperBound == chunk.textSize
        else {
            return .damaged
        }
        for part in inOrder(parts) {
            guard let lines = chunk.lines(in: part) else { return .damaged }
            let rest = candidates[Self.range(of: lines, in: candidates)]
            guard !rest.isEmpty else { continue }
            guard isWanted() else { return .abandoned }
            let step = open.text(of: part) { bytes -> Step in
                guard sieve.test.mayMatch(bytes) else { return .next }
                let offset = part.text.lowerBound
                let hits = matches(of: chunk, lines, bytes, offset, rest)
                guard !hits.isEmpty else { return .next }
                return body(
                    Piece(chunk: chunk, gate: gate, lines: hits, bytes: bytes, offset: offset)
                )
            }
            guard step == .next else { return step ?? .damaged }
        }
        return .next
    }

    private func byText(_ open: some OpenChunk, _ body: (Piece) -> Step) -> Step {
        guard let parts = open.parts() else { return .damaged }
        var known: (chunk: StoredChunk, gate: LineGate)?
        // Then the expression itself is looked for in all lines at once.
        var isLiteralCommon = false
        for part in inOrder(parts) {
            guard isWanted() else { return .abandoned }
            let step = open.text(of: part) { bytes -> Step in
                guard sieve.test.mayMatch(bytes) else { return .next }
                if known == nil { known = open.columns(.all).map { ($0, LineGate(sieve, $0)) } }
                guard let (chunk, gate) = known,
                    chunk.textSize == parts.last?.text.upperBound, let lines = chunk.lines(in: part)
                else { return .damaged }
                let offset = part.text.lowerBound
                let hits: ArraySlice<Int>
                if isLiteralCommon {
                    let passing = lines.filter { gate.passes($0, of: chunk) }
                    hits = matches(of: chunk, lines, bytes, offset, passing[...])
                } else {
                    hits = self.hits(sieve.finders[0], chunk, gate, lines, bytes, offset)
                    isLiteralCommon = sieve.test.pattern != nil && hits.count * 8 > lines.count
                }
                guard !hits.isEmpty else { return .next }
                return body(
                    Piece(chunk: chunk, gate: gate, lines: hits, bytes: bytes, offset: offset)
                )
            }
            guard step == .next else { return step ?? .damaged }
        }
        return .next
    }

    private func inOrder(_ parts: [TextPart]) -> [TextPart] {
        sieve.query.isOldestFirst ? parts : parts.reversed()
    }

    /// The places of the indices, which rise, that are within some lines.
    private static func range(of lines: Range<Int>, in indices: [Int]) -> Range<Int> {
        func place(of line: Int) -> Int {
            var (low, high) = (0, indices.count)
            while low < high {
                let middle = (low + high) / 2
                if indices[middle] < line { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return place(of: lines.lowerBound)..<place(of: lines.upperBound)
    }

    /// Of the candidates those in which the expression may match, where there is one.
    private func matches(
        of chunk: StoredChunk,
        _ lines: Range<Int>,
        _ bytes: UnsafeRawBufferPointer,
        _ offset: Int,
        _ candidates: ArraySlice<Int>
    ) -> ArraySlice<Int> {
        // To look through all of it costs more than a few lines.
        guard let pattern = sieve.test.pattern, candidates.count * 8 > lines.count else {
            return candidates
        }
        var hits: [Int] = []
        var rest = candidates
        pattern.scan(lines, ends: chunk.ends, bytes, from: offset) { line in
            while let next = rest.first, next < line { rest.removeFirst() }
            if rest.first == line { hits.append(line) }
        }
        return hits[...]
    }

    /// The lines of a part that hold the literal and meet the conditions of columns.
    private func hits(
        _ finder: LiteralFinder,
        _ chunk: StoredChunk,
        _ gate: LineGate,
        _ lines: Range<Int>,
        _ bytes: UnsafeRawBufferPointer,
        _ offset: Int
    ) -> ArraySlice<Int> {
        var hits: [Int] = []
        var from = 0
        var line = lines.lowerBound
        while line < lines.upperBound, let place = finder.first(in: bytes, from..<bytes.count) {
            line = chunk.index(ofByte: offset + place, from: line)
            let end = chunk.line(line).upperBound - offset
            // What begins in a line and ends in the next is none.
            if place + finder.length <= end, gate.passes(line, of: chunk) {
                hits.append(line)
            }
            from = end
            line += 1
        }
        return hits[...]
    }
}
