import Atlas
import Chance
import Testing

@testable import History
@testable import HistoryFormat

@Suite("Columns of a chunk, as versions 1 and 2 wrote them")
struct ChunkColumnsTests {
    @Test("come back as they were", arguments: 0..<20)
    func roundTrip(seed: Int) throws {
        var dice = Dice(seed)
        let chunk = try #require(
            StoredChunk(dice.chunk(firstLine: 5, upTo: 300, sources: 3), ids: [9, 3, 70_000])
        )
        var back = ChunkColumns.decode(
            ChunkColumns.encode(chunk),
            firstLine: chunk.firstLine,
            count: chunk.count,
            sources: chunk.sources
        )
        back?.bytes = chunk.bytes
        #expect(back == chunk)
    }

    @Test("that hold something else are refused, and never trap", arguments: 0..<200)
    func garbage(seed: Int) throws {
        var dice = Dice(seed)
        let chunk = try #require(
            StoredChunk(dice.chunk(firstLine: 1, upTo: 20, sources: 2), ids: [1, 2])
        )
        var columns = ChunkColumns.encode(chunk)
        switch dice.roll(1...3) {
        case 1: columns.removeLast(dice.roll(1...columns.count))
        case 2: columns.append(contentsOf: [1, 2, 3])
        default: columns = columns.map { _ in UInt8(dice.roll(0...255)) }
        }
        let back = ChunkColumns.decode(columns, firstLine: 1, count: chunk.count, sources: [1, 2])
        #expect(back == nil || back?.ends != chunk.ends)
    }

    @Test("keep times at both ends of the range")
    func extremes() {
        let ends: [Instant] = [.distantPast, Instant(nanoseconds: .max), Instant(nanoseconds: 0)]
        let chunk = StoredChunk(
            firstLine: 1,
            sources: [1],
            slots: [0, 0, 0],
            bytes: [],
            ends: [0, 0, 0],
            arrivals: ends,
            times: ends.reversed(),
            levels: [.trace, .fatal, .info],
            messageStarts: [0, .max, 1]
        )
        let columns = ChunkColumns.encode(chunk)
        #expect(ChunkColumns.decode(columns, firstLine: 1, count: 3, sources: [1]) == chunk)
    }
}
