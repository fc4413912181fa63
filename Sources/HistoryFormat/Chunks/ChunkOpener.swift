internal import Atlas
internal import Synchronization

/// Opens rows of chunks, in room that is made once; as many at a time as there are openers.
package final class ChunkOpener: Sendable {
    private struct Rooms: ~Copyable {
        let zstd = ZstdUnpacker()
        var room = ByteRoom()
        /// What is in the room, where that is known.
        var key: ColumnsKey?
    }

    /// The first line of a chunk and the checksum of its columns.
    private struct ColumnsKey: Equatable {
        var line: UInt64
        var sum: UInt64
    }

    /// More than that is no chunk of ours: a line has at most a few MiB.
    private static let mostText = 1 << 30

    // Columns are asked for while the text is in hand.
    private let columns = Mutex(Rooms())
    private let text = Mutex(Rooms())

    package init() {}

    /// The chunk without its lines' bytes; nil when the frame is not what was written.
    ///
    /// Columns that are not `wanted` may be left empty; to want more of the same chunk right after
    /// does not unpack it again.
    package func columns(
        _ frame: [UInt8],
        sum: UInt64,
        firstLine: UInt64,
        count: Int,
        sources: [Int64],
        wanted: ColumnSet = .all
    ) -> StoredChunk? {
        guard count > 0, count <= 1 << 24 else { return nil }
        let most = count * PackedColumns.mostOfLine + PackedColumns.mostOfHead
        let key = ColumnsKey(line: firstLine, sum: sum)
        return columns.withLock { rooms -> StoredChunk? in
            if rooms.key != key {
                rooms.key = nil
                guard XXHash64.hash(frame, seed: firstLine) == sum,
                    frame.withUnsafeBytes({ Self.unpack($0, most: most, &rooms) })
                else { return nil }
                rooms.key = key
            }
            return PackedColumns.read(
                rooms.room.bytes,
                firstLine: firstLine,
                count: count,
                sources: sources,
                wanted: wanted
            )
        }
    }

    /// Where the lines' bytes stand, part by part; nil when these are no frames.
    package static func parts(of frames: [UInt8]) -> [TextPart]? {
        frames.withUnsafeBytes { frames in
            var parts: [TextPart] = []
            var (stored, text) = (0, 0)
            while stored < frames.count {
                let rest = UnsafeRawBufferPointer(rebasing: frames[stored...])
                guard let length = ZstdUnpacker.storedSize(of: rest), length > 0,
                    let size = ZstdUnpacker.size(of: rest), size <= mostText - text
                else { return nil }
                parts.append(TextPart(stored: stored..<stored + length, text: text..<text + size))
                stored += length
                text += size
            }
            return parts.isEmpty ? nil : parts
        }
    }

    /// Hands over the bytes of a part, valid for the call only; false when it is something else.
    package func withText(
        of part: TextPart,
        in frames: [UInt8],
        _ body: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        text.withLock { rooms in
            let isUnpacked = frames.withUnsafeBytes { frames in
                Self.unpack(
                    UnsafeRawBufferPointer(rebasing: frames[part.stored]),
                    most: part.text.count,
                    &rooms
                )
            }
            guard isUnpacked, rooms.room.count == part.text.count else { return false }
            body(rooms.room.bytes)
            return true
        }
    }

    private static func unpack(
        _ frame: UnsafeRawBufferPointer,
        most: Int,
        _ rooms: inout Rooms
    ) -> Bool {
        guard let size = ZstdUnpacker.size(of: frame), size <= most else { return false }
        rooms.room.removeAll()
        return rooms.zstd.unpack(frame, size, into: &rooms.room)
    }
}
