import Chance
import NIOCore
import Packing
import Testing
import Unpack

@testable import Receive

@Suite("A packed body")
struct PackedBodyTests {
    private static let forms = [PackedForm.gzip, .zstd]

    private func unpacked(
        _ body: [UInt8],
        _ form: PackedForm = .gzip,
        limit: Int = 1 << 20
    ) -> [UInt8]? {
        switch PackedBody.unpack(ByteBuffer(bytes: body), form, limit: limit) {
        case .unpacked(let bytes): Array(bytes.readableBytesView)
        case .large, .refused: nil
        }
    }

    @Test("of members one behind the other is what was packed", arguments: forms, 0..<40)
    func whole(form: PackedForm, seed: Int) throws {
        var dice = Dice(seed)
        var plain: [UInt8] = []
        var body: [UInt8] = []
        for _ in 0..<dice.roll(1...4) {
            let member = (0..<dice.roll(0...20_000)).map { _ in dice.byte() & 3 }
            plain += member
            body += packed(member, as: form)
        }
        #expect(unpacked(body, form) == plain)
        #expect(unpacked(body, form, limit: plain.count) == plain)
        #expect(plain.isEmpty || unpacked(body, form, limit: plain.count - 1) == nil)
    }

    @Test("that is damaged is never something else", arguments: 0..<400)
    func damaged(seed: Int) throws {
        var dice = Dice(seed)
        let plain = (0..<2_000).map { _ in dice.byte() & 7 }
        var body = packed(plain)
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

    @Test("of zstd that is damaged is never something else", arguments: 0..<200)
    func damagedFrames(seed: Int) {
        var dice = Dice(seed)
        let plain = (0..<2_000).map { _ in dice.byte() & 7 }
        var body = packed(plain, as: .zstd)
        switch seed % 3 {
        case 0: body.removeLast(dice.roll(1...body.count))
        case 1: body += dice.bytes(9)
        default: body[dice.roll(4..<body.count)] ^= 1 << (seed / 3 % 8)
        }
        let found = unpacked(body, .zstd)
        #expect(found == nil || found == plain)
    }

    @Test("that grows without measure is a bomb", arguments: forms)
    func bombs(form: PackedForm) {
        let body = packed([UInt8](repeating: 0, count: 40 << 20), as: form)
        guard case .refused(let refusal) = PackedBody.unpack(ByteBuffer(bytes: body), form) else {
            Issue.record("it was taken")
            return
        }
        #expect(refusal == .bomb)
    }

    @Test("of zstd that looks back further than 8 MiB is refused")
    func windows() {
        // A frame of one raw block whose head asks for a window of 16 MiB: RFC 8878 section 3.1.1.1.
        let head: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0, 14 << 3]
        let small: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0, 13 << 3]
        let block: [UInt8] = [1 | 1 << 3, 0, 0, 65]
        #expect(unpacked(small + block, .zstd) == [65])
        guard case .refused(.noMemory) = PackedBody.unpack(ByteBuffer(bytes: head + block), .zstd)
        else {
            Issue.record("it was taken")
            return
        }
    }
}
