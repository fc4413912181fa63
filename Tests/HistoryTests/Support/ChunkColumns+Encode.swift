import Atlas

@testable import History
@testable import HistoryFormat

extension ChunkColumns {
    /// As programs wrote them whose histories had version 1 or 2.
    static func encode(_ chunk: StoredChunk) -> [UInt8] {
        var writer = VarintWriter()
        var start: UInt32 = 0
        for end in chunk.ends {
            writer.put(UInt64(end - start))
            start = end
        }
        for slot in chunk.slots { writer.put(UInt64(slot)) }
        var before: Int64 = 0
        for arrival in chunk.arrivals {
            writer.putSigned(arrival.nanoseconds &- before)
            before = arrival.nanoseconds
        }
        for (time, arrival) in zip(chunk.times, chunk.arrivals) {
            writer.putSigned(time.nanoseconds &- arrival.nanoseconds)
        }
        for level in chunk.levels { writer.putByte(level.rawValue) }
        for start in chunk.messageStarts { writer.put(UInt64(start)) }
        return writer.bytes
    }
}
