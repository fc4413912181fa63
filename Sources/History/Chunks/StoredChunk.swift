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

    var count: Int { ends.count }
    var lastLine: UInt64 { firstLine + UInt64(count) - 1 }

    /// How many bytes all lines have.
    var textSize: Int { Int(ends.last ?? 0) }

    /// The line that a byte of the text belongs to, looked for from a line on.
    func index(ofByte place: Int, from line: Int) -> Int {
        var (low, high) = (line, count - 1)
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

/// A chunk whose parts are looked at one by one; nil from either means that it is not what was
/// written.
protocol OpenChunk {
    /// All but the lines' bytes.
    func columns() -> StoredChunk?
    /// Hands over the bytes of all lines, valid for the call only.
    func text<Result: Sendable>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result?
}

extension StoredChunk: OpenChunk {
    func columns() -> StoredChunk? { self }

    func text<Result: Sendable>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        bytes.withUnsafeBytes { body($0) }
    }
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
