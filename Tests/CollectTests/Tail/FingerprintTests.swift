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
