internal import Atlas
internal import HistoryFormat

extension FuzzTarget {
    static let history = [
        FuzzTarget("history-columns", columns),
        FuzzTarget("history-plain", plainColumns),
        FuzzTarget("history-frames", frames),
        FuzzTarget("history-metrics", metrics),
        FuzzTarget("history-delta") { bytes in
            guard bytes.count >= 2 else { return }
            let rest = Array(bytes[2...])
            let length = min(rest.count, Int(bytes[0]) << 8 | Int(bytes[1]))
            let (old, delta) = (Array(rest[..<length]), Array(rest[length...]))
            let again = DocumentDelta.encode(delta, from: old)
            hold(DocumentDelta.decode(again, from: old) == delta, "a delta makes the new one")
            guard let new = DocumentDelta.decode(delta, from: old) else { return }
            hold(new.count <= delta.count * (1 + old.count), "a step gives no more than there is")
        },
        FuzzTarget("history-export") { bytes in
            for line in bytes.lines {
                let record = try? line.withUnsafeBytes { try ExportRecord($0) }
                guard case .line(let line) = record else { continue }
                var text = ExportText()
                text.add(line)
                hold(text.bytes.last == 10, "a line is ended")
                let written = Array(text.bytes.dropLast())
                hold(!written.contains(10), "a line is one line")
                let again = try? written.withUnsafeBytes { try ExportRecord($0) }
                hold(again == .line(line), "what was read is written so that it reads the same")
            }
        },
    ]

    /// What a row says of its columns, and the columns.
    private struct Row {
        let wanted: ColumnSet
        let sources: [Int64]
        let count: Int
        let firstLine: UInt64
        /// In memory of their own: address sanitizer sees where they end.
        let columns: [UInt8]

        /// A byte each for wanted columns, sources (255 for more than a slot can tell), first line,
        /// and two for the count.
        init?(_ bytes: UnsafeRawBufferPointer) {
            guard bytes.count >= 5 else { return nil }
            wanted = ColumnSet(rawValue: bytes[0] & 31)
            sources = Array(0..<(bytes[1] == 255 ? 70_000 : Int64(bytes[1])))
            firstLine = UInt64(bytes[2])
            count = Int(bytes[3]) << 8 | Int(bytes[4])
            columns = Array(bytes[5...])
        }

        func read(_ columns: UnsafeRawBufferPointer, _ wanted: ColumnSet) -> StoredChunk? {
            PackedColumns.read(
                columns,
                firstLine: firstLine,
                count: count,
                sources: sources,
                wanted: wanted
            )
        }

        /// The wanted columns of a chunk are those of `count` lines.
        func check(_ chunk: StoredChunk, _ wanted: ColumnSet) {
            func has(_ column: ColumnSet, _ length: Int) {
                hold(!wanted.contains(column) || length == count, "a column has all lines")
            }
            hold(chunk.count == count, "each line has a level")
            has(.ends, chunk.ends.count)
            has(.slots, chunk.slots.count)
            has(.arrivals, chunk.arrivals.count)
            has(.times, chunk.times.count)
            has(.starts, chunk.messageStarts.count)
            hold(chunk.slots.allSatisfy { Int($0) < sources.count }, "a slot is that of a source")
            hold(zip(chunk.ends, chunk.ends.dropFirst()).allSatisfy { $0 <= $1 }, "ends rise")
            hold(chunk.levels.allSatisfy { Level.allCases.contains($0) }, "a level is one")
        }

        /// A whole chunk is written as columns that read the same.
        func rewrite(_ chunk: StoredChunk) {
            var room = ByteRoom()
            var scratch = ByteRoom()
            PackedColumns.write([chunk], slots: [chunk.slots], into: &room, scratch: &scratch)
            hold(
                read(room.bytes, .all) == chunk,
                "what was read is written so that it reads the same"
            )
        }
    }

    private static func columns(_ bytes: UnsafeRawBufferPointer) {
        guard let row = Row(bytes) else { return }
        let part = row.columns.withUnsafeBytes { row.read($0, row.wanted) }
        let whole = row.columns.withUnsafeBytes { row.read($0, .all) }
        if let part { row.check(part, row.wanted) }
        guard let whole else { return }
        row.check(whole, .all)
        row.rewrite(whole)
        guard let part else { return hold(false, "a column is not worse alone") }
        func same<Value: Equatable>(_ column: ColumnSet, _ left: [Value], _ right: [Value]) {
            hold(!row.wanted.contains(column) || left == right, "a column is the same alone")
        }
        same(.ends, part.ends, whole.ends)
        same(.slots, part.slots, whole.slots)
        same(.arrivals, part.arrivals, whole.arrivals)
        same(.times, part.times, whole.times)
        same(.starts, part.messageStarts, whole.messageStarts)
        hold(part.levels == whole.levels, "levels are always there")
    }

    private static func plainColumns(_ bytes: UnsafeRawBufferPointer) {
        guard let row = Row(bytes) else { return }
        let chunk = ChunkColumns.decode(
            row.columns,
            firstLine: row.firstLine,
            count: row.count,
            sources: row.sources
        )
        guard let chunk else { return }
        row.check(chunk, .all)
        row.rewrite(chunk)
    }

    // MARK: Frames

    private static let opener = ChunkOpener()
    /// More is not unpacked here, since it takes long.
    private static let mostText = 32 << 20

    private static func frames(_ bytes: UnsafeRawBufferPointer) {
        text(Array(bytes))
        guard let row = Row(bytes) else { return }
        let chunk = opener.columns(
            row.columns,
            sum: XXHash64.hash(row.columns, seed: row.firstLine),
            firstLine: row.firstLine,
            count: row.count,
            sources: row.sources,
            wanted: row.wanted
        )
        if let chunk { row.check(chunk, row.wanted) }
    }

    private static func text(_ frames: [UInt8]) {
        guard let parts = ChunkOpener.parts(of: frames) else { return }
        var (stored, text, unpacked) = (0, 0, 0)
        for part in parts {
            hold(part.stored.lowerBound == stored && !part.stored.isEmpty, "frames have no gap")
            hold(part.text.lowerBound == text, "nor do their texts")
            (stored, text) = (part.stored.upperBound, part.text.upperBound)
            unpacked += part.text.count
            guard unpacked <= mostText else { continue }
            _ = opener.withText(of: part, in: frames) { text in
                hold(text.count == part.text.count, "a part is as long as it says, or none")
            }
        }
        hold(stored == frames.count, "all of it is frames")
    }

    // MARK: Metrics

    private static let codec = MetricCodec()

    private static func metrics(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        let block = codec.unpack(rest, codec: Int(first & 1))
        guard let block, block.count <= mostText else { return }
        let packed = codec.pack(block)
        hold(codec.unpack(packed.bytes, codec: packed.codec) == block, "a block is unpacked again")
        if first & 2 == 0 {
            let width: Int64 = [1, 60, 300, 3_600][Int(first >> 2 & 3)]
            guard let points = MetricBlock.decode(block, width: width) else { return }
            let again = MetricBlock.decode(MetricBlock.encode(points, width: width), width: width)
            hold(again == points, "points are read as they were written")
        } else {
            guard let points = MetricBlock.decodeMixed(block) else { return }
            let again = MetricBlock.decodeMixed(MetricBlock.encode(points))
            let isSame = again?.elementsEqual(points, by: ==) ?? false
            hold(isSame, "points of several series are, too")
        }
    }
}
