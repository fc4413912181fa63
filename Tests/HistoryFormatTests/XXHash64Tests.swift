import Testing

@testable import HistoryFormat

@Suite("XXH64")
struct XXHash64Tests {
    // Sums of the reference implementation, xxhsum 0.8 (64 bits, seed 0).
    @Test(
        "gives the sums of the reference",
        arguments: [
            ("", 0xEF46_DB37_51D8_E999),
            ("a", 0xD24E_C4F1_A98C_6E5B),
            ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)]
    )
    func reference(text: String, sum: UInt64) {
        #expect(XXHash64.hash(Array(text.utf8)) == sum)
    }

    @Test("changes with each bit and with the seed")
    func bits() {
        let bytes = (0..<70).map { UInt8($0) }
        let sum = XXHash64.hash(bytes)
        #expect(XXHash64.hash(bytes, seed: 1) != sum)
        for bit in 0..<bytes.count * 8 {
            var other = bytes
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(XXHash64.hash(other) != sum)
        }
    }
}
