import Atlas
import Testing

@testable import Collect

@Suite("The last bytes of a stream")
struct FingerprintTests {
    @Test("are those of the pieces put together, however they are cut")
    func areTheSame() {
        for total in [0, 1, 255, 256, 257, 400, 1_000] {
            let all = (0..<total).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for cut in stride(from: 0, through: total, by: 37) {
                let before = lastBytes(of: [], all[..<cut])
                #expect(before == Array(all[max(0, cut - 256)..<cut]))
                #expect(lastBytes(of: before, all[cut...]) == Array(all[max(0, total - 256)...]))
            }
        }
    }
}

@Suite("What a file begins with")
struct FileBeginningTests {
    let bytes = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    private func position(_ offset: UInt64, _ head: [UInt8]) -> ReadPosition {
        ReadPosition(
            source: "app",
            path: "/a",
            device: 1,
            inode: 2,
            offset: offset,
            head: fingerprint(head),
            tail: 0
        )
    }

    @Test("tells, at each length, what it does not hold")
    func tells() {
        let beginning = FileBeginning(bytes)
        for length in [1, 100, 255, 256] {
            let head = Array(bytes.prefix(length))
            #expect(beginning.mayHold(position(UInt64(length), head)))
            #expect(!beginning.mayHold(position(UInt64(length), head.reversed() + [0])))
        }
        #expect(beginning.mayHold(position(5_000, bytes)))
    }

    @Test("says nothing of what is longer, or before it was looked at")
    func saysNothing() {
        let other = [UInt8](repeating: 7, count: 256)
        #expect(FileBeginning([1, 2]).mayHold(position(3, [7, 7, 7])))
        #expect(FileBeginning().mayHold(position(256, other)))
        #expect(!FileBeginning([1, 2]).isWhole)
    }

    @Test("is, of an archive that was read to its end, that of the archive itself")
    func ofArchive() {
        let packed = [UInt8](repeating: 9, count: 256)
        let beginning = FileBeginning(bytes, packed: packed)
        #expect(beginning.mayHold(position(.max, packed)))
        #expect(!beginning.mayHold(position(.max, bytes)))
        #expect(!FileBeginning(bytes).mayHold(position(.max, bytes)))
        #expect(!FileBeginning([1, 2]).mayHold(position(.max, packed)))
        #expect(!FileBeginning(bytes, packed: [9]).isWhole)
        #expect(beginning.isWhole)
    }
}
