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
    private var positions: [FileKey: Noted] = [:]
    private var forgotten: [ReadPosition] = []
    private var receipts: [UInt64] = []
    /// Parts of sources, in the order in which they were first seen.
    package var placed: [PlacedSource] = []
    private var notes = 0

    private struct FileKey: Hashable {
        var source: String
        var device: UInt64
        var inode: UInt64

        init(_ position: ReadPosition) {
            source = position.source
            device = position.device
            inode = position.inode
        }
    }

    private struct Noted {
        var position: ReadPosition
        /// Of two positions the later one has more lines before it.
        var order: Int
    }

    /// `nextLine` is the number of the first line that will be added.
    package init(nextLine: UInt64) {
        self.nextLine = nextLine
    }

    package var isEmpty: Bool {
        ends.isEmpty && positions.isEmpty && forgotten.isEmpty && receipts.isEmpty
    }
    /// Somebody waits until what is in here is kept.
    package var isAwaited: Bool { !receipts.isEmpty }
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

    /// Notes how far a file is read once all lines so far are kept.
    package mutating func note(_ position: ReadPosition) {
        notes += 1
        positions[FileKey(position)] = Noted(position: position, order: notes)
    }

    /// Notes that nobody needs a file's position any more.
    package mutating func forget(_ position: ReadPosition) {
        positions[FileKey(position)] = nil
        forgotten.append(position)
    }

    /// Notes who is to be told once all lines so far are kept.
    package mutating func note(receipt: UInt64) {
        receipts.append(receipt)
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
            positions: positions.values.sorted { $0.order < $1.order }.map(\.position),
            forgotten: forgotten,
            placed: placed,
            receipts: receipts
        )
        bytes = []
        ends = []
        sources = []
        arrivals = []
        times = []
        levels = []
        messageStarts = []
        positions = [:]
        forgotten = []
        receipts = []
        return chunk
    }
}
