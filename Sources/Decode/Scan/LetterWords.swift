/// The words of a text, that is its runs of ASCII letters, found sixty-four bytes at a time.
///
/// Bit by bit what is a letter: where runs begin and how long they are costs no branch a byte.
extension RawSpan {
    /// A bit for each of the 64 bytes from `start` on that is an ASCII letter, the first one lowest;
    /// none for those behind the line.
    @inline(__always)
    func letters(from start: Int) -> UInt64 {
        var bits: UInt64 = 0
        var offset = 0
        let count = min(64, byteCount &- start)
        while offset < count {
            bits |= Self.letters(word(at: start &+ offset)) &<< UInt64(truncatingIfNeeded: offset)
            offset &+= 8
        }
        return bits
    }

    /// A bit for each of eight bytes.
    @inline(__always)
    private static func letters(_ word: UInt64) -> UInt64 {
        let low = (word | 0x2020_2020_2020_2020) & 0x7F7F_7F7F_7F7F_7F7F
        // The highest bit of each byte: at least `a`, more than `z`.
        let least = low &+ 0x1F1F_1F1F_1F1F_1F1F
        let beyond = low &+ 0x0505_0505_0505_0505
        let marks = least & ~beyond & ~word & 0x8080_8080_8080_8080
        return ((marks &>> 7) &* 0x0102_0408_1020_4080) &>> 56
    }
}
