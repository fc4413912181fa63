import NIOCore
import Testing

@testable import Receive

@Suite("A body of gzip")
struct GzipReaderTests {
    /// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }

    private func unpacked(_ body: [UInt8], limit: Int = 1 << 20) -> [UInt8]? {
        switch GzipReader.unpack(ByteBuffer(bytes: body), limit: limit) {
        case .unpacked(let bytes): Array(bytes.readableBytesView)
        case .large, .refused: nil
        }
    }

    @Test("of members one behind the other is what was packed", arguments: 0..<40 as Range<UInt64>)
    func whole(seed: UInt64) throws {
        var dice = Dice(state: seed)
        var plain: [UInt8] = []
        var body: [UInt8] = []
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
            let count = Int.random(in: 0...20_000, using: &dice)
            let member = (0..<count).map { _ in UInt8.random(in: 0...3, using: &dice) }
            plain += member
            body += try gzip(member)
        }
        #expect(unpacked(body) == plain)
        #expect(unpacked(body, limit: plain.count) == plain)
        #expect(plain.isEmpty || unpacked(body, limit: plain.count - 1) == nil)
    }

    @Test("that is damaged is never something else", arguments: 0..<400 as Range<UInt64>)
    func damaged(seed: UInt64) throws {
        var dice = Dice(state: seed)
        let plain = (0..<2_000).map { _ in UInt8.random(in: 0...7, using: &dice) }
        var body = try gzip(plain)
        switch seed % 4 {
        case 0: body.removeLast(Int.random(in: 1...body.count, using: &dice))
        case 1:
            body.append(contentsOf: (0..<9).map { _ in UInt8.random(in: 0...255, using: &dice) })
        case 2: body = (0..<500).map { _ in UInt8.random(in: 0...255, using: &dice) }
        // Behind the head, whose time, flags and system no sum holds (RFC 1952 section 2.3).
        default: body[Int.random(in: 10..<body.count, using: &dice)] ^= 1 << (seed / 4 % 8)
        }
        #expect(unpacked(body) == nil)
    }
}
