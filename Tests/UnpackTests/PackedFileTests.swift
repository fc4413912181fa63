import Chance
import Glibc
import Packing
import Testing

@testable import Unpack

@Suite("A packed file")
struct PackedFileTests {
    /// A file without a name that holds the bytes.
    private final class Scratch {
        private let file: UnsafeMutablePointer<FILE>
        var descriptor: Int32 { fileno(file) }

        init(_ bytes: [UInt8]) throws {
            file = try #require(tmpfile())
            try #require(pwrite(fileno(file), bytes, bytes.count, 0) == bytes.count)
        }

        deinit { fclose(file) }
    }

    /// Bytes that can be packed, and differ.
    private func sample(_ count: Int, seed: Int) -> [UInt8] {
        var dice = Dice(seed)
        return (0..<count).map { _ in dice.byte() & 7 }
    }

    /// What comes out of it, and how it ends.
    private func content(
        _ bytes: [UInt8],
        _ form: PackedForm,
        room: Int = 4_096
    ) throws -> ([UInt8], PackedFile.Piece) {
        let scratch = try Scratch(bytes)
        let file = try #require(PackedFile(form))
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: room)
        while true {
            let piece = buffer.withUnsafeMutableBytes { file.read(scratch.descriptor, into: $0) }
            guard case .bytes(let count) = piece else { return (all, piece) }
            all += buffer[..<count]
        }
    }

    @Test("gives what was packed, of members one behind the other", arguments: PackedForm.allCases)
    func whole(form: PackedForm) throws {
        for seed in 0..<30 {
            var dice = Dice(seed)
            var plain: [UInt8] = []
            var bytes: [UInt8] = []
            for _ in 0..<dice.roll(1...3) {
                let member = (0..<dice.roll(0...200_000)).map { _ in dice.byte() & 3 }
                plain += member
                bytes += packed(member, as: form)
                // As tapes are filled up, and xz(1) fills up.
                if dice.isLucky(20) { bytes += [0, 0, 0, 0] }
            }
            let (found, end) = try content(bytes, form, room: dice.roll(1...70_000))
            #expect(found == plain, "seed \(seed)")
            #expect(end == .end, "seed \(seed)")
        }
    }

    @Test("that is cut off gives what it holds, and waits for more", arguments: PackedForm.allCases)
    func torn(form: PackedForm) throws {
        let plain = sample(300_000, seed: 7)
        let bytes = packed(plain, as: form)
        for count in [0, 1, 9, bytes.count / 2, bytes.count - 1] {
            let (found, end) = try content(Array(bytes[..<count]), form)
            #expect(plain.starts(with: found))
            #expect(end == .torn, "\(count) of \(bytes.count) bytes")
        }
    }

    @Test("that was cut off goes on once the rest is there", arguments: PackedForm.allCases)
    func grows(form: PackedForm) throws {
        let plain = sample(300_000, seed: 8)
        let bytes = packed(plain, as: form)
        let scratch = try Scratch(Array(bytes[..<(bytes.count / 2)]))
        let file = try #require(PackedFile(form))
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 10_000)
        var ends: [PackedFile.Piece] = []
        while ends.count < 2 {
            let piece = buffer.withUnsafeMutableBytes { file.read(scratch.descriptor, into: $0) }
            if case .bytes(let count) = piece {
                all += buffer[..<count]
                continue
            }
            ends.append(piece)
            #expect(pwrite(scratch.descriptor, bytes, bytes.count, 0) == bytes.count)
        }
        #expect(ends == [.torn, .end])
        #expect(all == plain)
    }

    @Test("that is damaged is never something else", arguments: PackedForm.allCases)
    func damaged(form: PackedForm) throws {
        for seed in 0..<150 {
            var dice = Dice(seed)
            let plain = (0..<3_000).map { _ in dice.byte() & 7 }
            var bytes = packed(plain, as: form)
            if seed % 3 == 0 {
                bytes = Array(bytes.prefix(6)) + dice.bytes(500)
            } else {
                // Heads have bits that mean nothing, such as the time of gzip.
                bytes[dice.roll(10..<bytes.count)] ^= 1 << (seed % 8)
            }
            let (found, end) = try content(bytes, form)
            // What was given out before the sum was seen is as it was packed, or it is known by then.
            #expect(end != .end || found == plain, "seed \(seed)")
        }
    }

    @Test(
        "with something else behind it gives its content, and says so",
        arguments: PackedForm.allCases
    )
    func garbage(form: PackedForm) throws {
        let plain = Array("a line\n".utf8)
        let (found, end) = try content(
            packed(plain, as: form) + Array("garbage, not a member".utf8),
            form
        )
        #expect(found == plain)
        #expect(end == .damaged)
    }

    @Test("that grows without measure is given a room at a time", arguments: PackedForm.allCases)
    func bomb(form: PackedForm) throws {
        let zeros = [UInt8](repeating: 0, count: 8 << 20)
        let (found, end) = try content(packed(zeros, as: form), form, room: 1_000)
        #expect(found == zeros)
        #expect(end == .end)
    }

    @Test("that asks for more memory than is given is refused", arguments: [PackedForm.zstd, .xz])
    func memory(form: PackedForm) throws {
        let plain = [UInt8](repeating: 65, count: 3 << 20)
        let bytes = packed(plain, as: form)
        let unpacker = try #require(form.unpacker(memory: 64 << 10))
        var room = [UInt8](repeating: 0, count: 4_096)
        let step = bytes.withUnsafeBytes { input in
            room.withUnsafeMutableBytes { unpacker.step(input, into: $0) }
        }
        #expect(step.state == .noMemory)
        #expect(step.wrote == 0)
    }
}
