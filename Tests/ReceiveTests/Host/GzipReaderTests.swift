import Chance
import NIOCore
import Testing

@testable import Receive

@Suite("A body of gzip")
struct GzipReaderTests {
    private func unpacked(_ body: [UInt8], limit: Int = 1 << 20) -> [UInt8]? {
        switch GzipReader.unpack(ByteBuffer(bytes: body), limit: limit) {
        case .unpacked(let bytes): Array(bytes.readableBytesView)
        case .large, .refused: nil
        }
    }

    @Test("of members one behind the other is what was packed", arguments: 0..<40)
    func whole(seed: Int) throws {
        var dice = Dice(seed)
        var plain: [UInt8] = []
        var body: [UInt8] = []
        for _ in 0..<dice.roll(1...4) {
            let member = (0..<dice.roll(0...20_000)).map { _ in dice.byte() & 3 }
            plain += member
            body += try gzip(member)
        }
        #expect(unpacked(body) == plain)
        #expect(unpacked(body, limit: plain.count) == plain)
        #expect(plain.isEmpty || unpacked(body, limit: plain.count - 1) == nil)
    }

    @Test("that is damaged is never something else", arguments: 0..<400)
    func damaged(seed: Int) throws {
        var dice = Dice(seed)
        let plain = (0..<2_000).map { _ in dice.byte() & 7 }
        var body = try gzip(plain)
        var isLastOfBlock = false
        switch seed % 4 {
        case 0: body.removeLast(dice.roll(1...body.count))
        case 1: body += dice.bytes(9)
        case 2: body = dice.bytes(500)
        // Behind the head, whose time, flags and system no sum holds (RFC 1952 section 2.3).
        default:
            let place = dice.roll(10..<body.count)
            body[place] ^= 1 << (seed / 4 % 8)
            isLastOfBlock = place == body.count - 9
        }
        let found = unpacked(body)
        // A block may end within its last byte; the bits behind its end mean nothing.
        #expect(found == nil || isLastOfBlock && found == plain)
    }
}
