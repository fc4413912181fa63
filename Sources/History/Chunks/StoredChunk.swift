internal import Atlas

/// A run of lines as the file holds it: like `LogChunk`, with sources that mean the same in every
/// run.
struct StoredChunk: Equatable {
    var firstLine: UInt64
    /// Ids of the sources in the history, rising; `slots` count them.
    var sources: [Int64]
    var slots: [UInt16]
    var bytes: [UInt8]
    var ends: [UInt32]
    var arrivals: [Instant]
    var times: [Instant]
    var levels: [Level]
    var messageStarts: [UInt32]

    var count: Int { levels.count }
    var lastLine: UInt64 { firstLine + UInt64(count) - 1 }

    /// How many bytes all lines have.
    var textSize: Int { Int(ends.last ?? 0) }

    /// The line that a byte of the text belongs to, looked for from a line on.
    func index(ofByte place: Int, from line: Int) -> Int {
        // The line is near, most of the time.
        var step = 1
        var reach = line
        while reach < count - 1, Int(ends[reach]) <= place {
            reach = min(count - 1, reach + step)
            step *= 2
        }
        var (low, high) = (line, reach)
        while low < high {
            let middle = (low + high) / 2
            if Int(ends[middle]) > place { high = middle } else { low = middle + 1 }
        }
        return low
    }

    func line(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }
}

/// Columns that a question needs; levels are always there.
struct ColumnSet: OptionSet, Sendable {
    var rawValue: UInt8

    static let ends = ColumnSet(rawValue: 1)
    static let slots = ColumnSet(rawValue: 2)
    static let arrivals = ColumnSet(rawValue: 4)
    static let times = ColumnSet(rawValue: 8)
    static let starts = ColumnSet(rawValue: 16)
    static let all: ColumnSet = [.ends, .slots, .arrivals, .times, .starts]
}

/// Whole lines of a chunk that are unpacked together.
struct TextPart: Hashable, Sendable {
    /// In the blob.
    var stored: Range<Int>
    /// In the bytes of all lines.
    var text: Range<Int>
}

/// A chunk whose parts are looked at one by one; nil from any of them means that it is not what was
/// written.
protocol OpenChunk {
    /// All but the lines' bytes; columns that are not wanted may be empty.
    func columns(_ wanted: ColumnSet) -> StoredChunk?
    /// In their order, without a gap; there is one at least.
    func parts() -> [TextPart]?
    /// Hands over the bytes of a part, valid for the call only.
    func text<Result: Sendable>(
        of part: TextPart,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result?
}

extension StoredChunk: OpenChunk {
    func columns(_ wanted: ColumnSet) -> StoredChunk? { self }

    func parts() -> [TextPart]? {
        [TextPart(stored: bytes.indices, text: bytes.indices)]
    }

    func text<Result: Sendable>(
        of part: TextPart,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        bytes.withUnsafeBytes { body($0) }
    }
}

extension StoredChunk {
    /// The lines of a part, by their index; nil where it does not hold whole lines.
    ///
    /// An empty line between two parts is in the first of them.
    func lines(in part: TextPart) -> Range<Int>? {
        let first = part.text.lowerBound == 0 ? 0 : count(endingBy: part.text.lowerBound)
        let end = count(endingBy: part.text.upperBound)
        guard first <= end, self.end(of: first) == part.text.lowerBound,
            self.end(of: end) == part.text.upperBound
        else { return nil }
        return first..<end
    }

    /// How many lines end at a byte or before it.
    private func count(endingBy place: Int) -> Int {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(ends[middle]) <= place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where the first `count` lines end.
    private func end(of count: Int) -> Int { count == 0 ? 0 : Int(ends[count - 1]) }
}

extension StoredChunk {
    /// Nil when the chunk names a source that `ids` does not have.
    init?(_ chunk: LogChunk, ids: [Int64]) {
        var isUsed = [Bool](repeating: false, count: ids.count)
        var last: UInt16?
        for source in chunk.sources where source != last {
            guard Int(source) < ids.count else { return nil }
            isUsed[Int(source)] = true
            last = source
        }
        let used = ids.indices.filter { isUsed[$0] }
        sources = Set(used.map { ids[$0] }).sorted()
        if sources.count == 1 {
            slots = [UInt16](repeating: 0, count: chunk.count)
        } else {
            var slotOfIndex = [UInt16](repeating: 0, count: ids.count)
            for index in used {
                slotOfIndex[index] = UInt16(sources.firstIndex(of: ids[index]) ?? 0)
            }
            slots = chunk.sources.map { slotOfIndex[Int($0)] }
        }
        firstLine = chunk.firstLine
        bytes = chunk.bytes
        ends = chunk.ends
        arrivals = chunk.arrivals
        times = chunk.times
        levels = chunk.levels
        messageStarts = chunk.messageStarts
    }
}
