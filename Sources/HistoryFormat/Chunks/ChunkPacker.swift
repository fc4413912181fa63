package import Atlas
internal import Synchronization

/// A chunk as its row holds it, in codec 2: the columns are a frame of zstd, and the lines one frame
/// for each part of them.
///
/// A part is whole lines of 32 KiB together, or a few more: so the last lines are read without the
/// others, and what is unpacked is looked through while it is in the processor's cache. Smaller ones
/// pack worse; larger ones no better (measured).
package struct PackedChunk: Sendable {
    package static let codec = 2
    /// All lines in one frame; what files were written with before.
    package static let singleFrameCodec = 1
    fileprivate static let partSize = 32 << 10

    package var firstLine: UInt64
    package var count: Int
    /// Of the lines' bytes before they were packed.
    package var size: Int
    package var times: ClosedRange<Instant>
    package var arrivals: ClosedRange<Instant>
    package var levels: LevelMask
    /// Ids of the sources in the history, rising.
    package var sources: [Int64]
    package var columns: [UInt8]
    package var bytes: [UInt8]
}

/// Makes rows of chunks; its room and context are made once, since a row is made often.
package final class ChunkPacker: Sendable {
    private struct Rooms: ~Copyable {
        var zstd = ZstdPacker()
        var columns = ByteRoom()
        var scratch = ByteRoom()
        var text = ByteRoom()
    }

    private let rooms = Mutex(Rooms())

    package init() {}

    /// Chunks that follow each other as one; nil when there are no lines, or no memory.
    package func pack(_ pieces: [StoredChunk]) -> PackedChunk? {
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
        let parts = parts(of: pieces)
        if pieces.count == 1, let only = pieces.first {
            return only.bytes.withUnsafeBytes { rooms.zstd.pack($0, parts: parts) }
        }
        rooms.text.removeAll()
        rooms.text.reserve(pieces.reduce(0) { $0 + $1.bytes.count })
        for piece in pieces { piece.bytes.withUnsafeBytes { rooms.text.append($0) } }
        return rooms.zstd.pack(rooms.text.bytes, parts: parts)
    }

    /// Where the text is cut: behind the line that fills a part.
    ///
    /// There is one at least.
    private static func parts(of pieces: [StoredChunk]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        var base = 0
        for piece in pieces {
            for end in piece.ends where base + Int(end) - start >= PackedChunk.partSize {
                parts.append(start..<base + Int(end))
                start = base + Int(end)
            }
            base += piece.textSize
        }
        if start < base || parts.isEmpty { parts.append(start..<base) }
        return parts
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
