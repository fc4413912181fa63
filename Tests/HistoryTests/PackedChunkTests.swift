import Atlas
import Chance
import Testing

@testable import History
@testable import HistoryFormat

@Suite("A chunk, packed")
struct PackedChunkTests {
    private let packer = ChunkPacker()
    private let opener = ChunkOpener()

    private func open(_ packed: PackedChunk) -> StoredChunk? {
        var chunk = opener.columns(
            packed.columns,
            sum: XXHash64.hash(packed.columns, seed: packed.firstLine),
            firstLine: packed.firstLine,
            count: packed.count,
            sources: packed.sources
        )
        chunk?.bytes = text(packed.bytes) ?? []
        return chunk
    }

    private func text(_ frames: [UInt8]) -> [UInt8]? {
        var text: [UInt8] = []
        for part in ChunkOpener.parts(of: frames) ?? [] {
            guard let bytes = opener.text(of: part, in: frames, { [UInt8]($0) }) else { return nil }
            text += bytes
        }
        return ChunkOpener.parts(of: frames) == nil ? nil : text
    }

    @Test("comes back as it was, alone or with the one that follows", arguments: 0..<50)
    func roundTrip(seed: Int) throws {
        var dice = Dice(seed)
        let first = dice.chunk(firstLine: 5, upTo: 300, sources: 3)
        let next = dice.chunk(firstLine: 5 + UInt64(first.count), upTo: 300, sources: 2)
        let pieces = [
            try #require(StoredChunk(first, ids: [9, 3, 70_000])),
            try #require(StoredChunk(next, ids: [70_000, 1])),
        ]
        let alone = try #require(packer.pack([pieces[0]]))
        #expect(open(alone) == pieces[0])

        let both = try #require(packer.pack(pieces))
        let back = try #require(open(both))
        #expect(back.bytes == first.bytes + next.bytes)
        #expect(back.count == first.count + next.count)
        #expect(back.arrivals == first.arrivals + next.arrivals)
        #expect(back.times == first.times + next.times)
        #expect(back.levels == first.levels + next.levels)
        #expect(back.messageStarts == first.messageStarts + next.messageStarts)
        let ids =
            first.sources.map { [9, 3, 70_000][Int($0)] }
            + next.sources.map { [70_000, 1][Int($0)] }
        #expect(back.slots.map { Int(back.sources[Int($0)]) } == ids)
        let lines = (0..<back.count).map { Array(back.bytes[back.line($0)]) }
        #expect(lines == first.lines + next.lines)
    }

    @Test(
        "has its text in parts of whole lines, of which each is unpacked alone",
        arguments: 0..<20
    )
    func parts(seed: Int) throws {
        var dice = Dice(seed)
        // Lines of any length, some longer than a part, some empty.
        let lengths = (0..<dice.roll(1...400)).map { _ in
            dice.isLucky(20) ? 0 : dice.isLucky(2) ? dice.roll(30_000...90_000) : dice.roll(1...900)
        }
        var ends: [UInt32] = []
        for length in lengths { ends.append((ends.last ?? 0) + UInt32(length)) }
        let chunk = StoredChunk(
            firstLine: 1,
            sources: [1],
            slots: lengths.map { _ in 0 },
            bytes: (0..<Int(ends.last ?? 0)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 4) },
            ends: ends,
            arrivals: lengths.map { _ in Instant(seconds: 1) },
            times: lengths.map { _ in Instant(seconds: 1) },
            levels: lengths.map { _ in .info },
            messageStarts: lengths.map { _ in 0 }
        )
        let packed = try #require(packer.pack([chunk]))
        let parts = try #require(ChunkOpener.parts(of: packed.bytes))
        var next = 0
        var place = 0
        for part in parts {
            let lines = try #require(chunk.lines(in: part))
            #expect(lines.lowerBound == next && part.text.lowerBound == place)
            let bytes = opener.text(of: part, in: packed.bytes) { [UInt8]($0) }
            #expect(bytes == Array(chunk.bytes[part.text]))
            #expect(part == parts.last || part.text.count >= 32 << 10)
            next = lines.upperBound
            place = part.text.upperBound
        }
        #expect(next == chunk.count && place == chunk.textSize)
        let crooked = TextPart(stored: 0..<1, text: 0..<max(1, chunk.textSize - 1))
        #expect(ends.contains(UInt32(crooked.text.upperBound)) || chunk.lines(in: crooked) == nil)
    }

    @Test("says what it holds, so that a question can pass it by", arguments: 0..<20)
    func head(seed: Int) throws {
        var dice = Dice(seed)
        let chunk = dice.chunk(firstLine: 1, upTo: 50, sources: 3)
        let stored = try #require(StoredChunk(chunk, ids: [4, 5, 6]))
        let packed = try #require(packer.pack([stored]))
        #expect(packed.times.lowerBound == chunk.times.min())
        #expect(packed.times.upperBound == chunk.times.max())
        #expect(packed.arrivals.lowerBound == chunk.arrivals.min())
        #expect(packed.arrivals.upperBound == chunk.arrivals.max())
        for level in Level.allCases {
            #expect(packed.levels.contains(LevelMask(level)) == chunk.levels.contains(level))
        }
        #expect(packed.sources == Set(chunk.sources.map { Int64($0) + 4 }).sorted())
        #expect(packed.size == chunk.bytes.count)
    }

    @Test(
        "keeps times of any fineness, in order or not, at both ends of the range",
        arguments: [1, 1_000, 1_000_000, 1_000_000_000] as [Int64]
    )
    func times(unit: Int64) throws {
        let ends = [Instant.distantPast, Instant(nanoseconds: .max), Instant(nanoseconds: 0)]
        var dice = Dice(3)
        let random = (0..<200).map { _ in
            Instant(nanoseconds: Int64(dice.roll(0...2_000_000)) * unit)
        }
        for times in [ends, ends.reversed(), random, random.sorted()] {
            for arrivals in [times, times.reversed(), times.map { _ in Instant(seconds: 7) }] {
                let chunk = StoredChunk(
                    firstLine: 1,
                    sources: [1],
                    slots: times.map { _ in 0 },
                    bytes: [],
                    ends: times.map { _ in 0 },
                    arrivals: arrivals,
                    times: times,
                    levels: times.map { _ in .fatal },
                    messageStarts: times.map { _ in .max }
                )
                let packed = try #require(packer.pack([chunk]))
                #expect(open(packed) == chunk)
            }
        }
    }

    @Test("gives the columns that are asked for first, and then the others", arguments: 0..<50)
    func columnsByNeed(seed: Int) throws {
        var dice = Dice(seed)
        // Two in turn: what is unpacked of the one is none of the other.
        let chunks = try (0..<2).map { place in
            let chunk = dice.chunk(firstLine: 1 + UInt64(place), upTo: 300, sources: 3)
            return try #require(StoredChunk(chunk, ids: [9, 3, 70_000]))
        }
        for wanted in [ColumnSet.slots, .times, [.ends, .starts], .arrivals] {
            for chunk in chunks {
                let packed = try #require(packer.pack([chunk]))
                for columns in [wanted, .all] {
                    let back = try #require(
                        opener.columns(
                            packed.columns,
                            sum: XXHash64.hash(packed.columns, seed: packed.firstLine),
                            firstLine: packed.firstLine,
                            count: packed.count,
                            sources: packed.sources,
                            wanted: columns
                        )
                    )
                    #expect(back.levels == chunk.levels)
                    if columns.contains(.slots) { #expect(back.slots == chunk.slots) }
                    if columns.contains(.times) { #expect(back.times == chunk.times) }
                    if columns.contains(.ends) { #expect(back.ends == chunk.ends) }
                    if columns.contains(.starts) {
                        #expect(back.messageStarts == chunk.messageStarts)
                    }
                    if columns.contains(.arrivals) { #expect(back.arrivals == chunk.arrivals) }
                }
            }
        }
    }

    @Test("whose columns are not what the checksum says is refused")
    func checksum() throws {
        var dice = Dice(1)
        let chunk = dice.chunk(firstLine: 7, upTo: 30, sources: 1)
        let piece = try #require(StoredChunk(chunk, ids: [1]))
        var packed = try #require(packer.pack([piece]))
        let sum = XXHash64.hash(packed.columns, seed: 7)
        packed.columns[packed.columns.count / 2] ^= 1
        let back = opener.columns(
            packed.columns,
            sum: sum,
            firstLine: 7,
            count: packed.count,
            sources: packed.sources
        )
        #expect(back == nil)
    }

    @Test("takes 2 bytes a line for the columns of a log with whole seconds")
    func size() throws {
        let count = 16_384
        let arrival = Instant(nanoseconds: 1_795_392_000_123_456_789)
        let chunk = StoredChunk(
            firstLine: 1,
            sources: [1],
            slots: [UInt16](repeating: 0, count: count),
            bytes: [UInt8](repeating: 32, count: count * 100),
            ends: (1...count).map { UInt32($0 * 100) },
            arrivals: [Instant](repeating: arrival, count: count),
            times: (0..<count).map { Instant(seconds: 1_795_000_000 + Int64($0 / 400)) },
            levels: [Level](repeating: .info, count: count),
            messageStarts: [UInt32](repeating: 16, count: count)
        )
        let packed = try #require(packer.pack([chunk]))
        #expect(packed.columns.count < 2 * count)
    }

    @Test("that holds something else is refused, and never traps", arguments: 0..<200)
    func garbage(seed: Int) throws {
        var dice = Dice(seed)
        let chunk = try #require(
            StoredChunk(dice.chunk(firstLine: 1, upTo: 20, sources: 2), ids: [1, 2])
        )
        var room = ByteRoom()
        var scratch = ByteRoom()
        PackedColumns.write([chunk], slots: [chunk.slots], into: &room, scratch: &scratch)
        var columns = [UInt8](room.bytes)
        switch dice.roll(1...4) {
        case 1: columns.removeLast(dice.roll(1...columns.count))
        case 2: columns.append(contentsOf: [1, 2, 3])
        case 3: columns[dice.roll(0...columns.count - 1)] ^= 1 << UInt8(dice.roll(0...7))
        default: columns = columns.map { _ in UInt8(dice.roll(0...255)) }
        }
        let back = columns.withUnsafeBytes {
            PackedColumns.read($0, firstLine: 1, count: chunk.count, sources: chunk.sources)
        }
        if let back {
            #expect(back.count == chunk.count)
            #expect(back.slots.allSatisfy { Int($0) < back.sources.count })
        }
        let frame = dice.isLucky(50) ? columns : Array(columns.prefix(3))
        #expect(text(frame) == nil)
    }

    @Test("that says it is longer than any chunk is refused before room is made for it")
    func bomb() {
        // RFC 8878 section 3.1.1: magic, a single segment with a size of 8 bytes, 2^60.
        let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0x10, 1, 0, 0]
        #expect(text(frame) == nil)
        let sum = XXHash64.hash(frame, seed: 1)
        #expect(opener.columns(frame, sum: sum, firstLine: 1, count: 5, sources: [1]) == nil)
    }
}
