import Atlas
import Testing

@testable import Decode

@Suite("Lines gathered into chunks")
struct ChunkBuilderTests {
    private func batch(_ lengths: [Int], source: UInt16 = 0) -> LineBatch {
        var (bytes, ends): ([UInt8], [UInt32]) = ([], [])
        for (index, length) in lengths.enumerated() {
            bytes += [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: length)
            ends.append(UInt32(bytes.count))
        }
        return LineBatch(source: source, bytes: bytes, ends: ends)
    }

    /// The chunks of batches, and what is left.
    private func chunks(_ batches: [LineBatch]) -> [LogChunk] {
        var builder = ChunkBuilder(nextLine: 1)
        var decoder = SourceDecoder(format: PlainLog())
        var readings = ReadingBuffer()
        var chunks: [LogChunk] = []
        for (number, batch) in batches.enumerated() {
            let arrival = Instant(seconds: Int64(number))
            decoder.read(
                batch.bytes.span.bytes,
                ends: batch.ends.span,
                arrival: arrival,
                into: &readings
            )
            var next = 0
            while next < batch.count {
                next = builder.add(batch, from: next, arrival: arrival, readings: readings)
                if builder.isFull, let chunk = builder.seal() { chunks.append(chunk) }
            }
        }
        if let chunk = builder.seal() { chunks.append(chunk) }
        return chunks
    }

    @Test("are sealed with the line that makes a chunk full, by bytes or by number")
    func sealsWhenFull() {
        let byBytes = chunks([batch([100_000, 100_000, 62_143, 1, 5]), batch([262_144, 3])])
        #expect(byBytes.map(\.count) == [4, 2, 1])
        #expect(byBytes.map(\.bytes.count) == [262_144, 262_149, 3])
        let byNumber = chunks([batch(Array(repeating: 1, count: 40_000))])
        #expect(byNumber.map(\.count) == [16_384, 16_384, 7_232])
    }

    @Test("leave a batch as it was whose memory they shared")
    func leavesTheBatch() {
        let (one, other) = (batch([3, 0, 4]), batch([5]))
        let (bytes, ends) = (one.bytes, one.ends)
        let chunk = chunks([one, other])
        #expect(chunk.map(\.count) == [4])
        #expect(chunk.first?.ends == [3, 3, 7, 12])
        #expect(one.bytes == bytes && one.ends == ends)
    }

    @Test("keep their bytes, source, arrival and number, however they came")
    func keepsAll() {
        let lengths = (0..<5_000).map { ($0 * 7) % 211 }
        let whole = batch(lengths, source: 3)
        let pieces = stride(from: 0, to: lengths.count, by: 617).map { first in
            batch(Array(lengths[first..<min(lengths.count, first + 617)]), source: 3)
        }
        let (one, many) = (chunks([whole]), chunks(pieces))
        #expect(one.map(\.firstLine) == many.map(\.firstLine))
        #expect(one.map(\.ends) == many.map(\.ends))
        #expect(one.map(\.sources) == many.map(\.sources))
        #expect(one.reduce(0) { $0 + $1.count } == lengths.count)
        let kept = one.flatMap { chunk in (0..<chunk.count).map { chunk.line($0).count } }
        #expect(kept == lengths)
        #expect(many.last?.arrivals.last == Instant(seconds: Int64(pieces.count - 1)))
    }
}
