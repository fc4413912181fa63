internal import Atlas
internal import HistoryFormat

// What is asked for each line stays with those who ask, so that it needs no call.
extension StoredChunk {
    /// The line that a byte of the text belongs to, looked for from a line on.
    func index(ofByte place: Int, from line: Int) -> Int {
        // The line is near, most of the time.
        var step = 1
        var reach = line
        while reach < ends.count - 1, Int(ends[reach]) <= place {
            reach = min(ends.count - 1, reach + step)
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
        let sources = Set(used.map { ids[$0] }).sorted()
        let slots: [UInt16]
        if sources.count == 1 {
            slots = [UInt16](repeating: 0, count: chunk.count)
        } else {
            var slotOfIndex = [UInt16](repeating: 0, count: ids.count)
            for index in used {
                slotOfIndex[index] = UInt16(sources.firstIndex(of: ids[index]) ?? 0)
            }
            slots = chunk.sources.map { slotOfIndex[Int($0)] }
        }
        self.init(
            firstLine: chunk.firstLine,
            sources: sources,
            slots: slots,
            bytes: chunk.bytes,
            ends: chunk.ends,
            arrivals: chunk.arrivals,
            times: chunk.times,
            levels: chunk.levels,
            messageStarts: chunk.messageStarts
        )
    }
}
