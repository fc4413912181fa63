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

    func line(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }
}

extension StoredChunk {
    /// Nil when the chunk names a source that `ids` does not have.
    init?(_ chunk: LogChunk, ids: [Int64]) {
        let used = Set(chunk.sources)
        guard used.allSatisfy({ Int($0) < ids.count }) else { return nil }
        sources = Set(used.map { ids[Int($0)] }).sorted()
        var slotOfIndex = [UInt16](repeating: 0, count: ids.count)
        for (slot, id) in sources.enumerated() {
            for index in ids.indices where ids[index] == id { slotOfIndex[index] = UInt16(slot) }
        }
        slots = chunk.sources.map { slotOfIndex[Int($0)] }
        firstLine = chunk.firstLine
        bytes = chunk.bytes
        ends = chunk.ends
        arrivals = chunk.arrivals
        times = chunk.times
        levels = chunk.levels
        messageStarts = chunk.messageStarts
    }

    /// Both, where `next` goes on with the line after the last of this one.
    func joined(with next: StoredChunk) -> StoredChunk {
        var joined = self
        joined.sources = Set(sources + next.sources).sorted()
        joined.slots =
            Self.renumbered(slots, from: sources, to: joined.sources)
            + Self.renumbered(next.slots, from: next.sources, to: joined.sources)
        let offset = UInt32(bytes.count)
        joined.bytes += next.bytes
        joined.ends += next.ends.map { $0 + offset }
        joined.arrivals += next.arrivals
        joined.times += next.times
        joined.levels += next.levels
        joined.messageStarts += next.messageStarts
        return joined
    }

    private static func renumbered(
        _ slots: [UInt16],
        from old: [Int64],
        to new: [Int64]
    ) -> [UInt16] {
        let map = old.map { id in UInt16(new.firstIndex(of: id) ?? 0) }
        return slots.map { map[Int($0)] }
    }
}
