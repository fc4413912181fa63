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
    /// How much the last chunk held.
    private var last = (bytes: 0, lines: 0)

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
    /// So much is in here that a full batch more would be too much.
    package var isWellFilled: Bool { bytes.count >= Self.byteLimit / 2 }

    /// Adds lines of a batch from `first` on, until the chunk is full or no line is left.
    ///
    /// `readings` are those of the whole batch. Gives the line of the batch behind the last added;
    /// the first one added has the number that `nextLine` was.
    package mutating func add(
        _ batch: LineBatch,
        from first: Int,
        arrival: Instant,
        readings: borrowing ReadingBuffer
    ) -> Int {
        let start = first == 0 ? 0 : Int(batch.ends[first - 1])
        let next = end(of: batch, from: first, start: start)
        guard next > first else { return first }
        addText(of: batch, first..<next, from: start)
        let count = next - first
        sources.append(contentsOf: repeatElement(batch.source, count: count))
        arrivals.append(contentsOf: repeatElement(arrival, count: count))
        times.append(contentsOf: UnsafeBufferPointer(rebasing: readings.times[first..<next]))
        levels.append(contentsOf: UnsafeBufferPointer(rebasing: readings.levels[first..<next]))
        messageStarts.append(
            contentsOf: UnsafeBufferPointer(rebasing: readings.messageStarts[first..<next])
        )
        nextLine += UInt64(count)
        return next
    }

    private mutating func addText(of batch: LineBatch, _ lines: Range<Int>, from start: Int) {
        let end = Int(batch.ends[lines.upperBound - 1])
        if ends.isEmpty { reserve(for: batch) }
        if ends.isEmpty, lines.count == batch.count, end == batch.bytes.count {
            // The batch's own memory: nothing is copied unless more is added.
            bytes = batch.bytes
            ends = batch.ends
            return
        }
        if ends.isEmpty {
            bytes.reserveCapacity(max(last.bytes, batch.bytes.count))
            ends.reserveCapacity(max(last.lines, batch.count))
        }
        let shift = UInt32(bytes.count) &- UInt32(start)
        bytes.append(contentsOf: batch.bytes[start..<end])
        if shift == 0 {
            ends.append(contentsOf: batch.ends[lines])
        } else {
            ends.append(contentsOf: batch.ends[lines].lazy.map { $0 &+ shift })
        }
    }

    /// Adds one line, of whatever source, and returns its number.
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

    /// Behind the line with which the chunk is full, or the batch is over.
    private func end(of batch: LineBatch, from first: Int, start: Int) -> Int {
        let most = min(batch.count, first + Self.lineLimit - ends.count)
        // The line that reaches the limit belongs to this chunk.
        let bound = start + Self.byteLimit - bytes.count
        guard most > first, Int(batch.ends[most - 1]) >= bound else { return most }
        var (low, high) = (first, most - 1)
        while low < high {
            let middle = (low + high) / 2
            if Int(batch.ends[middle]) >= bound { high = middle } else { low = middle + 1 }
        }
        return low + 1
    }

    /// Where chunks come full there is room for one from its beginning.
    private mutating func reserve(for batch: LineBatch) {
        let lines = max(last.lines, batch.count)
        sources.reserveCapacity(lines)
        arrivals.reserveCapacity(lines)
        times.reserveCapacity(lines)
        levels.reserveCapacity(lines)
        messageStarts.reserveCapacity(lines)
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
        last = (bytes.count, ends.count)
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
