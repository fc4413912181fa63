internal import Glibc

/// Parts of one line that formats ask for.
extension RawSpan {
    /// As `next`, where the byte is rather far: memchr(3) looks at 32 of them at a time.
    @inline(__always)
    func far(_ byte: UInt8, from start: Int) -> Int {
        guard start >= 0, start < byteCount else { return byteCount }
        let count = byteCount
        return withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(byte), count &- start)
            else { return count }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Where a byte is first in a range; the range's end when it is not there.
    @inline(__always)
    func end(of byte: UInt8, in range: Range<Int>) -> Int {
        next(byte, from: range.lowerBound, to: range.upperBound)
    }

    /// Where a byte is first in a range; nil when it is not there.
    func index(of byte: UInt8, in range: Range<Int>) -> Int? {
        let found = end(of: byte, in: range)
        return found < range.upperBound ? found : nil
    }

    /// Whether a text is at an offset, given as its bytes with the first one lowest.
    @inline(__always)
    func isWord(_ text: UInt64, _ count: Int, at offset: Int) -> Bool {
        (word(at: offset) ^ text) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count) == 0
    }

    /// Where a byte is last in a range; nil when it is not there.
    func lastIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        var index = range.upperBound
        while index > range.lowerBound {
            index &-= 1
            if self.byte(index) == byte { return index }
        }
        return nil
    }

    /// The first offset from `start` on that is no blank.
    func skipBlanks(from start: Int) -> Int {
        var index = start
        while index < byteCount, byte(index) == 0x20 { index &+= 1 }
        return index
    }

    /// Whether all bytes of a range are decimal digits; false for none.
    func isNumber(_ range: Range<Int>) -> Bool {
        !range.isEmpty && endOfDigits(from: range.lowerBound) >= range.upperBound
    }

    /// The range without blanks at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, byte(start) == 0x20 { start &+= 1 }
        while end > start, byte(end &- 1) == 0x20 { end &-= 1 }
        return start..<end
    }

    /// Compares letters with a word in lower case, upper and lower case alike.
    func isWord(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount, range.upperBound <= byteCount else {
            return false
        }
        for offset in 0..<range.count
        where byte(range.lowerBound &+ offset) | 0x20 != word.utf8Start[offset] | 0x20 {
            return false
        }
        return true
    }
}
