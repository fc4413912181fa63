internal import Atlas

/// The columns of a chunk as bytes, for codec 0: what files before version 3 hold.
///
/// One column after the other, a value a line in each:
///
///     +-----------+------------+-----------------+----------------+--------+----------------+
///     | length    | slot       | arrival         | time           | level  | message start  |
///     | varint    | varint     | signed varint,  | signed varint, | 1 byte | varint         |
///     |           |            | less the one    | less the       |        |                |
///     |           |            | before (first 0)| arrival        |        |                |
///     +-----------+------------+-----------------+----------------+--------+----------------+
///
/// Times are nanoseconds since the epoch. Codec 0 of the column `chunk.codec` means these bytes as
/// they are, and the lines' bytes as they came.
package enum ChunkColumns {
    package static let plainCodec = 0

    /// The chunk without its lines' bytes; nil when the columns are not `count` lines of `sources`.
    package static func decode(
        _ columns: [UInt8],
        firstLine: UInt64,
        count: Int,
        sources: [Int64]
    ) -> StoredChunk? {
        var chunk = StoredChunk(
            firstLine: firstLine,
            sources: sources,
            slots: [],
            bytes: [],
            ends: [],
            arrivals: [],
            times: [],
            levels: [],
            messageStarts: []
        )
        var reader = VarintReader(columns)
        guard count > 0, count <= columns.count,
            readPlaces(&reader, count, into: &chunk),
            readTimes(&reader, count, into: &chunk),
            readMeaning(&reader, count, into: &chunk),
            reader.isAtEnd
        else { return nil }
        return chunk
    }

    private static func readPlaces(
        _ reader: inout VarintReader,
        _ count: Int,
        into chunk: inout StoredChunk
    ) -> Bool {
        var end: UInt64 = 0
        for _ in 0..<count {
            guard let length = reader.next(), length <= UInt32.max else { return false }
            end += length
            guard let narrow = UInt32(exactly: end) else { return false }
            chunk.ends.append(narrow)
        }
        for _ in 0..<count {
            guard let slot = reader.next(), slot < chunk.sources.count,
                let narrow = UInt16(exactly: slot)
            else { return false }
            chunk.slots.append(narrow)
        }
        return true
    }

    private static func readTimes(
        _ reader: inout VarintReader,
        _ count: Int,
        into chunk: inout StoredChunk
    ) -> Bool {
        var arrival: Int64 = 0
        for _ in 0..<count {
            guard let delta = reader.nextSigned() else { return false }
            arrival = arrival &+ delta
            chunk.arrivals.append(Instant(nanoseconds: arrival))
        }
        for index in 0..<count {
            guard let delta = reader.nextSigned() else { return false }
            chunk.times.append(
                Instant(nanoseconds: chunk.arrivals[index].nanoseconds &+ delta)
            )
        }
        return true
    }

    private static func readMeaning(
        _ reader: inout VarintReader,
        _ count: Int,
        into chunk: inout StoredChunk
    ) -> Bool {
        for _ in 0..<count {
            guard let level = reader.nextByte().flatMap(Level.init(rawValue:)) else { return false }
            chunk.levels.append(level)
        }
        for _ in 0..<count {
            guard let start = reader.next().flatMap(UInt32.init(exactly:)) else { return false }
            chunk.messageStarts.append(start)
        }
        return true
    }
}
