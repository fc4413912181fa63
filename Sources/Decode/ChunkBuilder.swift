package import Atlas

/// Gathers lines until they are sealed into a chunk: 16,384 lines, 256 KiB, or when asked.
package struct ChunkBuilder: Sendable {
    package static let lineLimit = 16_384
    package static let byteLimit = 262_144

    /// Number of the next line.
    package private(set) var nextLine: UInt64
    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []
    private var sources: [UInt16] = []
    private var arrivals: [Instant] = []
    private var times: [Instant] = []
    private var levels: [Level] = []
    private var messageStarts: [UInt32] = []
    private var positions: [ReadPosition?]

    /// - Parameters:
    ///   - nextLine: number of the first line that will be added.
    ///   - sourceCount: how many sources the plan has.
    package init(nextLine: UInt64, sourceCount: Int) {
        self.nextLine = nextLine
        self.positions = Array(repeating: nil, count: sourceCount)
    }

    package var isEmpty: Bool { ends.isEmpty && !positions.contains { $0 != nil } }
    package var isFull: Bool { ends.count >= Self.lineLimit || bytes.count >= Self.byteLimit }

    /// Adds one line and returns its number.
    package mutating func add(
        _ line: ArraySlice<UInt8>,
        source: UInt16,
        arrival: Instant,
        reading: SourceDecoder.Reading
    ) -> UInt64 {
        bytes.append(contentsOf: line)
        ends.append(UInt32(bytes.count))
        sources.append(source)
        arrivals.append(arrival)
        times.append(reading.time)
        levels.append(reading.level)
        messageStarts.append(UInt32(reading.messageStart))
        defer { nextLine += 1 }
        return nextLine
    }

    /// Notes how far a source is read once all lines so far are kept.
    package mutating func note(_ position: ReadPosition, of source: UInt16) {
        positions[Int(source)] = position
    }

    /// The chunk of all lines since the last call; nil when there is nothing to keep.
    package mutating func seal() -> LogChunk? {
        guard !isEmpty else { return nil }
        let chunk = LogChunk(
            firstLine: nextLine - UInt64(ends.count),
            bytes: bytes,
            ends: ends,
            sources: sources,
            arrivals: arrivals,
            times: times,
            levels: levels,
            messageStarts: messageStarts,
            positions: positions.compactMap(\.self)
        )
        bytes = []
        ends = []
        sources = []
        arrivals = []
        times = []
        levels = []
        messageStarts = []
        positions = Array(repeating: nil, count: positions.count)
        return chunk
    }
}
