/// Finds a literal in bytes: 32 places at a time by its two rarest bytes, then whole.
package struct LiteralFinder: Sendable {
    private let needle: [UInt8]
    /// What a byte of the text is taken for: 0x20 is added to capitals where case does not matter.
    private let fold: [UInt8]
    private let probes: (Probe, Probe)

    /// Where in the needle, which byte, and the bit in which its two cases differ.
    private struct Probe: Sendable {
        var offset = 0
        var byte: UInt8 = 0
        var caseBit: UInt8 = 0
    }

    /// `ignoresCase` is about ASCII letters; others must be equal byte for byte.
    package init(_ text: String, ignoresCase: Bool) {
        fold = (0...255).map { byte in
            ignoresCase && (65...90).contains(byte) ? UInt8(byte + 32) : UInt8(byte)
        }
        let fold = fold
        let needle = text.utf8.map { fold[Int($0)] }
        self.needle = needle
        let rarest = needle.indices.sorted {
            (Self.frequency(of: needle[$0]), $0) < (Self.frequency(of: needle[$1]), $1)
        }
        let probes = rarest.prefix(2).map { offset in
            let isLetter = ignoresCase && (97...122).contains(needle[offset])
            return Probe(offset: offset, byte: needle[offset], caseBit: isLetter ? 0x20 : 0)
        }
        self.probes = (probes.first ?? Probe(), probes.last ?? Probe())
    }

    /// A guess, from what logs hold: letters by English text, then digits, then the rest.
    private static func frequency(of byte: UInt8) -> Int {
        let common = Array(" etaoinsrhldcu0123456789mfp.:-/gwybvk=\"xjqz".utf8)
        return common.firstIndex(of: byte | (byte >= 65 ? 0x20 : 0)).map { common.count - $0 } ?? 0
    }

    /// In bytes.
    package var length: Int { needle.count }

    /// True for every line when the text is empty.
    package func isIn(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        first(in: bytes, range) != nil
    }

    /// Where it begins first inside the range; nil when it is not there whole.
    package func first(in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        guard !needle.isEmpty else { return range.lowerBound }
        // Places at which it can begin end here.
        let end = range.upperBound - needle.count + 1
        var place = range.lowerBound
        let (first, second) = (Pattern(probes.0), Pattern(probes.1))
        while place + 32 <= end {
            if first.isNear(bytes, place) && second.isNear(bytes, place),
                (first.hits(bytes, place) & second.hits(bytes, place)) != SIMD4(repeating: 0),
                let found = (place..<place + 32).first(where: { matches(bytes, at: $0) })
            {
                return found
            }
            place += 32
        }
        guard place < end else { return nil }
        return (place..<end).first { matches(bytes, at: $0) }
    }

    /// One probe against 32 places.
    private struct Pattern {
        private let offset: Int
        private let byte: SIMD32<UInt8>
        private let caseBit: SIMD32<UInt8>

        init(_ probe: Probe) {
            offset = probe.offset
            byte = SIMD32(repeating: probe.byte)
            caseBit = SIMD32(repeating: probe.caseBit)
        }

        /// The places at which it stands, 8 bits each.
        @inline(__always)
        func hits(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> SIMD4<UInt64> {
            let block = bytes.loadUnaligned(
                fromByteOffset: place + offset,
                as: SIMD32<UInt8>.self
            )
            return unsafeBitCast((block | caseBit) .== byte, to: SIMD4<UInt64>.self)
        }

        @inline(__always)
        func isNear(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Bool {
            let hits = hits(bytes, place)
            return (hits.x | hits.y | hits.z | hits.w) != 0
        }
    }

    private func matches(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        for (index, byte) in needle.enumerated() where fold[Int(bytes[start + index])] != byte {
            return false
        }
        return true
    }
}
