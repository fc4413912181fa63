/// Finds a literal in bytes: 16 places at a time by its two rarest bytes, then whole.
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
        self.init(Array(text.utf8), ignoresCase: ignoresCase)
    }

    init(_ text: [UInt8], ignoresCase: Bool) {
        fold = (0...255).map { byte in
            ignoresCase && (65...90).contains(byte) ? UInt8(byte + 32) : UInt8(byte)
        }
        let fold = fold
        let needle = text.map { fold[Int($0)] }
        self.needle = needle
        let rarest = needle.indices.sorted {
            (Self.frequencies[Int(needle[$0])], $0) < (Self.frequencies[Int(needle[$1])], $1)
        }
        let probes = rarest.prefix(2).map { offset in
            let isLetter = ignoresCase && (97...122).contains(needle[offset])
            return Probe(offset: offset, byte: needle[offset], caseBit: isLetter ? 0x20 : 0)
        }
        self.probes = (probes.first ?? Probe(), probes.last ?? Probe())
    }

    /// Of each byte, a guess, from what logs hold: letters by English text, then digits, then the
    /// rest.
    private static let frequencies: [Int] = {
        let common = Array(" etaoinsrhldcu0123456789mfp.:-/gwybvk=\"xjqz".utf8)
        return (0...UInt8.max).map { byte in
            let folded = byte | (byte >= 65 ? 0x20 : 0)
            return common.firstIndex(of: folded).map { common.count - $0 } ?? 0
        }
    }()

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
        while place + 16 <= end {
            let low = first.marks(bytes, place) & second.marks(bytes, place)
            let high = first.marks(bytes, place + 8) & second.marks(bytes, place + 8)
            if low | high != 0 {
                if let found = self.first(of: low, at: place, bytes) { return found }
                if let found = self.first(of: high, at: place + 8, bytes) { return found }
            }
            place += 16
        }
        guard place < end else { return nil }
        return (place..<end).first { matches(bytes, at: $0) }
    }

    /// The first of the marked places at which all of it stands.
    private func first(of marks: UInt64, at place: Int, _ bytes: UnsafeRawBufferPointer) -> Int? {
        var marks = marks
        while marks != 0 {
            let found = place + marks.trailingZeroBitCount / 8
            if matches(bytes, at: found) { return found }
            marks &= marks - 1
        }
        return nil
    }

    /// One probe against 8 places (SWAR).
    private struct Pattern {
        private let offset: Int
        private let byte: UInt64
        private let caseBit: UInt64

        init(_ probe: Probe) {
            offset = probe.offset
            byte = UInt64(probe.byte) &* 0x0101_0101_0101_0101
            caseBit = UInt64(probe.caseBit) &* 0x0101_0101_0101_0101
        }

        /// The highest bit of each byte at which it stands, and perhaps of the byte behind.
        @inline(__always)
        func marks(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
            let word = bytes.loadUnaligned(fromByteOffset: place + offset, as: UInt64.self)
            let rest = (word.littleEndian | caseBit) ^ byte
            return (rest &- 0x0101_0101_0101_0101) & ~rest & 0x8080_8080_8080_8080
        }
    }

    private func matches(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        for (index, byte) in needle.enumerated() where fold[Int(bytes[start + index])] != byte {
            return false
        }
        return true
    }
}
