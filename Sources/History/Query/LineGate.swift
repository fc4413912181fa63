internal import Atlas
internal import HistoryFormat
internal import Query

/// What the columns of one chunk say of its lines: everything but the condition.
struct LineGate {
    /// Of each slot; nil where its lines are not wanted.
    let wanted: [LineSieve.Wanted?]
    private let isWanted: [Bool]
    private let levels: [Bool]
    /// Lines whose numbers are asked for.
    private let lines: Range<Int>
    /// Nil where lines of all times are asked for.
    private let times: (since: Instant, until: Instant?)?
    private let arrivedBy: Instant?

    init(_ sieve: LineSieve, _ chunk: StoredChunk) {
        wanted = chunk.sources.map { sieve.wanted[$0] }
        isWanted = wanted.map { $0 != nil }
        levels = (UInt8(0)..<8).map { sieve.levels.rawValue & 1 << $0 != 0 }
        lines = sieve.lines(of: chunk)
        times = sieve.isOfAllTimes ? nil : (sieve.since, sieve.until)
        arrivedBy = sieve.query.arrivedBy
    }

    @inline(__always)
    func passes(_ index: Int, of chunk: StoredChunk) -> Bool {
        guard isWanted[Int(chunk.slots[index])], levels[Int(chunk.levels[index].rawValue)],
            lines.contains(index)
        else { return false }
        if let times {
            let time = chunk.times[index]
            guard time >= times.since else { return false }
            if let until = times.until, time >= until { return false }
        }
        if let arrivedBy, chunk.arrivals[index] > arrivedBy { return false }
        return true
    }

    /// All that pass, rising.
    func candidates(of chunk: StoredChunk) -> [Int] {
        [Int](unsafeUninitializedCapacity: lines.count) { buffer, filled in
            for index in lines where passes(index, of: chunk) {
                buffer.initializeElement(at: filled, to: index)
                filled += 1
            }
        }
    }
}

extension LineSieve {
    var isOfAllTimes: Bool { since == .distantPast && until == nil }

    /// Those that a gate looks at; levels are always there.
    var gateColumns: ColumnSet {
        var columns: ColumnSet = .slots
        if !isOfAllTimes { columns.insert(.times) }
        if query.arrivedBy != nil { columns.insert(.arrivals) }
        return columns
    }

    /// Those of a chunk whose numbers are asked for.
    func lines(of chunk: StoredChunk) -> Range<Int> {
        let after = query.after ?? 0
        let before = query.before ?? .max
        let count = chunk.count
        let first = after < chunk.firstLine ? 0 : Int(clamping: after - chunk.firstLine + 1)
        let end = before <= chunk.firstLine ? 0 : Int(clamping: before - chunk.firstLine)
        return min(first, count)..<max(min(first, count), min(end, count))
    }
}
