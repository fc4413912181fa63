import Atlas
import Testing

@testable import HistoryFormat

@Suite("Bytes that say what cannot be")
struct HostileBytesTests {
    @Test("a slot that no column can hold is refused, also where a source has it")
    func slot() {
        var writer = VarintWriter()
        for value: UInt64 in [0, 65_536, 0, 0] { writer.put(value) }
        writer.putByte(Level.info.rawValue)
        writer.put(0)
        let sources = Array(0..<70_000 as Range<Int64>)
        #expect(
            ChunkColumns.decode(writer.bytes, firstLine: 1, count: 1, sources: sources) == nil
        )
    }

    @Test("a point of less than one value is none", arguments: [-1, .min, .max] as [Int64])
    func values(count: Int64) {
        var writer = VarintWriter()
        writer.put(1)
        NumberColumn.put([7] as [Int64], into: &writer)
        NumberColumn.put([count], into: &writer)
        NumberColumn.put([1.5], into: &writer)
        if count > 0 { NumberColumn.put([2.5], into: &writer) }
        if count > 0 { NumberColumn.put([4.5], into: &writer) }
        #expect(MetricBlock.decode(writer.bytes, width: 1) == nil)
    }

    @Test("points at both ends of time are written again as they were read")
    func starts() throws {
        var writer = VarintWriter()
        writer.put(2)
        NumberColumn.put([.min, .max] as [Int64], into: &writer)
        NumberColumn.put([0, 0] as [Int64], into: &writer)
        NumberColumn.put([1.5, 2.5], into: &writer)
        let rest = writer.bytes
        // Neither has several values, so all that follows is empty: two scales of no numbers.
        let points = try #require(MetricBlock.decode(rest + [0, 0], width: 1))
        #expect(points.count == 2)
        #expect(MetricBlock.decode(MetricBlock.encode(points, width: 1), width: 1) == points)
    }

    @Test("a few bytes do not stand for millions of points")
    func points() {
        // The same again and again, in runs.
        func block(_ count: Int, isMixed: Bool) -> [UInt8] {
            var writer = VarintWriter()
            writer.put(UInt64(count))
            let zeros = [Int64](repeating: 0, count: count)
            for _ in 0..<(isMixed ? 3 : 2) { NumberColumn.put(zeros, into: &writer) }
            NumberColumn.put([Double](repeating: 0, count: count), into: &writer)
            for _ in 0..<2 { NumberColumn.put([] as [Double], into: &writer) }
            return writer.bytes
        }
        #expect(MetricBlock.decode(block(60_000, isMixed: false), width: 1)?.count == 60_000)
        #expect(MetricBlock.decode(block(70_000, isMixed: false), width: 1) == nil)
        #expect(MetricBlock.decodeMixed(block(60_000, isMixed: true))?.count == 60_000)
        #expect(MetricBlock.decodeMixed(block(200_000, isMixed: true)) == nil)
    }

    @Test("a frame that says it has more than it can hold gets no room")
    func frame() {
        // RFC 8878 section 3.1.1: magic, a single segment with a size of 4 bytes, 2^28.
        let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0, 0, 0, 0x10, 1, 0, 0]
        var room = ByteRoom(capacity: 16)
        frame.withUnsafeBytes { frame in
            #expect(ZstdUnpacker.size(of: frame) == 1 << 28)
            #expect(!ZstdUnpacker().unpack(frame, 1 << 28, into: &room))
        }
        #expect(room.free == 16)
        #expect(MetricCodec().unpack(frame, codec: MetricCodec.zstd) == nil)
    }

    @Test("a frame of one byte again and again is unpacked")
    func run() throws {
        var packer = ZstdPacker()
        let bytes = [UInt8](repeating: 7, count: 64 << 20)
        let frame = try #require(bytes.withUnsafeBytes { packer.pack($0) })
        var room = ByteRoom()
        let isUnpacked = frame.withUnsafeBytes {
            ZstdUnpacker().unpack($0, bytes.count, into: &room)
        }
        #expect(isUnpacked && room.count == bytes.count)
    }

    @Test("a delta does not make a document longer than any")
    func delta() {
        let old = [UInt8](repeating: 65, count: 1 << 20)
        var writer = VarintWriter()
        for _ in 0..<70 {
            writer.put(UInt64(old.count) * 2 + 1)
            writer.put(0)
        }
        #expect(DocumentDelta.decode(writer.bytes, from: old) == nil)
    }
}
