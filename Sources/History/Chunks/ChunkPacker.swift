internal import Atlas
internal import Synchronization

/// A chunk as its row holds it, in codec 1: columns and lines, each a frame of zstd.
struct PackedChunk: Sendable {
    static let codec = 1

    var firstLine: UInt64
    var count: Int
    /// Of the lines' bytes before they were packed.
    var size: Int
    var times: ClosedRange<Instant>
    var arrivals: ClosedRange<Instant>
    var levels: LevelMask
    /// Ids of the sources in the history, rising.
    var sources: [Int64]
    var columns: [UInt8]
    var bytes: [UInt8]
}

/// Makes rows of chunks; its room and context are made once, since a row is made often.
final class ChunkPacker: Sendable {
    private struct Rooms: ~Copyable {
        var zstd = ZstdPacker()
        var columns = ByteRoom()
        var scratch = ByteRoom()
        var text = ByteRoom()
    }

    private let rooms = Mutex(Rooms())

    /// Chunks that follow each other as one; nil when there are no lines, or no memory.
    func pack(_ pieces: [StoredChunk]) -> PackedChunk? {
        guard let first = pieces.first, pieces.allSatisfy({ $0.count > 0 }) else { return nil }
        let sources = Set(pieces.flatMap(\.sources)).sorted()
        let slots = pieces.map { piece in
            piece.sources == sources
                ? piece.slots : Self.renumbered(piece.slots, from: piece.sources, to: sources)
        }
        var heads = Head(first)
        for piece in pieces { heads.add(piece) }
        let size = pieces.reduce(0) { $0 + $1.bytes.count }
        return rooms.withLock { rooms -> PackedChunk? in
            PackedColumns.write(pieces, slots: slots, into: &rooms.columns, scratch: &rooms.scratch)
            guard let columns = rooms.zstd.pack(rooms.columns.bytes),
                let bytes = Self.text(pieces, &rooms)
            else { return nil }
            return PackedChunk(
                firstLine: first.firstLine,
                count: pieces.reduce(0) { $0 + $1.count },
                size: size,
                times: heads.times,
                arrivals: heads.arrivals,
                levels: heads.levels,
                sources: sources,
                columns: columns,
                bytes: bytes
            )
        }
    }

    private static func text(_ pieces: [StoredChunk], _ rooms: inout Rooms) -> [UInt8]? {
        if pieces.count == 1, let only = pieces.first {
            return only.bytes.withUnsafeBytes { rooms.zstd.pack($0) }
        }
        rooms.text.removeAll()
        rooms.text.reserve(pieces.reduce(0) { $0 + $1.bytes.count })
        for piece in pieces { piece.bytes.withUnsafeBytes { rooms.text.append($0) } }
        return rooms.zstd.pack(rooms.text.bytes)
    }

    private static func renumbered(
        _ slots: [UInt16],
        from old: [Int64],
        to new: [Int64]
    ) -> [UInt16] {
        let map = old.map { id in UInt16(new.firstIndex(of: id) ?? 0) }
        return slots.map { map[Int($0)] }
    }

    /// What a chunk says of itself before it is opened.
    private struct Head {
        var times: ClosedRange<Instant>
        var arrivals: ClosedRange<Instant>
        var levels = LevelMask()

        init(_ first: StoredChunk) {
            times = first.times[0]...first.times[0]
            arrivals = first.arrivals[0]...first.arrivals[0]
        }

        mutating func add(_ piece: StoredChunk) {
            times = Self.spread(times, piece.times)
            arrivals = Self.spread(arrivals, piece.arrivals)
            var mask: UInt8 = 0
            // As `LevelMask(_:)`, without a call for each line.
            for level in piece.levels { mask |= 1 << (level.rawValue & 7) }
            levels.formUnion(LevelMask(rawValue: mask))
        }

        private static func spread(
            _ range: ClosedRange<Instant>,
            _ column: [Instant]
        ) -> ClosedRange<Instant> {
            var (low, high) = (range.lowerBound.nanoseconds, range.upperBound.nanoseconds)
            for instant in column {
                low = min(low, instant.nanoseconds)
                high = max(high, instant.nanoseconds)
            }
            return Instant(nanoseconds: low)...Instant(nanoseconds: high)
        }
    }
}
