/// Chance that comes out the same for the same seed, on every machine.
///
/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
package struct Dice: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(_ seed: Int) {
        state = UInt64(truncatingIfNeeded: seed)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func roll(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    /// Ends the process where the range is empty, as an empty array does in `pick`.
    package mutating func roll(_ range: Range<Int>) -> Int { Int.random(in: range, using: &self) }

    package mutating func isLucky(_ percent: Int) -> Bool { roll(1...100) <= percent }

    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[roll(elements.indices)]
    }

    package mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: next().littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
