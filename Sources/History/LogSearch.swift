internal import Atlas
internal import HistoryFormat
internal import Query

/// One page in the making.
struct LogSearch: PageMaker {
    struct Source: Sendable {
        var id: Int64
        var name: String
        var resource: String?
    }

    /// What a chunk holds of the page.
    enum Finding: Sendable {
        /// What is on disk is not what was written.
        case damaged
        /// Nobody waits for it any more.
        case abandoned
        /// In the order of the search, at most as many as the page may have.
        ///
        /// `undecided` are lines that a regular expression gave up on.
        case lines([StoredLine], undecided: Int = 0)
    }

    private let query: LogQuery
    private let sieve: LineSieve
    var tour: ChunkTour
    /// In the order of the search until `finish`.
    private var page = LogPage()

    init(_ sieve: LineSieve) {
        self.sieve = sieve
        query = sieve.query
        tour = ChunkTour(sieve)
    }

    /// True when no line can match.
    var isHopeless: Bool { sieve.isHopeless || query.limit <= 0 }

    func needsText(_ head: ChunkTour.Head) -> Bool { true }

    func look(
        into open: some OpenChunk,
        _ head: ChunkTour.Head,
        while isWanted: @escaping () -> Bool
    ) -> Finding {
        var lines: [StoredLine] = []
        let scratch = LineScratch()
        let end = ChunkScan(sieve: sieve, isWanted: isWanted).run(open) { piece in
            var rest = piece.lines
            while let index = query.isOldestFirst ? rest.popFirst() : rest.popLast() {
                // A test may take milliseconds.
                if rest.count % 16 == 0, !isWanted() { return .abandoned }
                guard let wanted = piece.wanted(index), piece.matches(index, wanted.test, scratch)
                else { continue }
                lines.append(Self.line(index, of: piece, wanted.source))
                if lines.count == query.limit { return .end }
            }
            return .next
        }
        return switch end {
        case .damaged: .damaged
        case .abandoned: .abandoned
        case .next, .end: .lines(lines, undecided: scratch.undecided)
        }
    }

    private static func line(
        _ index: Int,
        of piece: ChunkScan.Piece,
        _ source: Source
    ) -> StoredLine {
        let chunk = piece.chunk
        let record = LogRecord(
            number: chunk.firstLine + UInt64(index),
            source: UInt16(clamping: source.id - 1),
            arrival: chunk.arrivals[index],
            time: chunk.times[index],
            level: chunk.levels[index],
            messageStart: Int(chunk.messageStarts[index]),
            bytes: Array(piece.bytes(of: index))
        )
        return StoredLine(source: source.name, resource: source.resource, record: record)
    }

    /// Adds what the next chunk holds; false when the page ends with it.
    mutating func take(_ finding: Finding, of head: ChunkTour.Head) -> Bool {
        switch finding {
        case .damaged:
            tour.take()
            page.damaged += 1
            return true
        case .abandoned:
            tour.giveUp(at: head)
            return false
        case .lines(let lines, let undecided):
            tour.take()
            page.undecided += undecided
            page.lines += lines.prefix(query.limit - page.lines.count)
            guard page.lines.count == query.limit, let last = page.lines.last else { return true }
            tour.end(with: last.record.number)
            return false
        }
    }

    /// `gaps` are places of the file that could not be read.
    func finish(gaps: Int = 0) -> LogPage {
        var page = page
        page.damaged += gaps
        page.opened = tour.opened
        if query.isOldestFirst {
            page.newer = tour.next
        } else {
            page.older = tour.next
            page.lines.reverse()
        }
        return page
    }
}
