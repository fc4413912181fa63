internal import Glibc

/// Searches through the bytes of one line, eight at a time; every read is within the line.
///
/// All of them give `end` where nothing is found, also for a `start` behind it.
extension RawSpan {
    /// Where a byte is next, from `start` on and before `end`.
    @inline(__always)
    package func next(_ byte: UInt8, from start: Int, to end: Int) -> Int {
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        var index = start
        // Words of a line are short: a call costs more than three steps of this.
        let near = min(end, start &+ 24)
        while index < near {
            let found = Self.zeroBytes(word(at: index) ^ pattern)
            if found != 0 { return min(index &+ found.trailingZeroBitCount >> 3, end) }
            index &+= 8
        }
        return index < end ? farNext(byte, from: index, to: end) : end
    }

    /// Where a byte is next, up to the end of the line.
    @inline(__always)
    package func next(_ byte: UInt8, from start: Int) -> Int {
        next(byte, from: start, to: byteCount)
    }

    /// Where one of two bytes is next, from `start` on and before `end`.
    @inline(__always)
    package func next(_ one: UInt8, or other: UInt8, from start: Int, to end: Int) -> Int {
        let first = UInt64(one) &* 0x0101_0101_0101_0101
        let second = UInt64(other) &* 0x0101_0101_0101_0101
        var index = start
        while index < end {
            let word = word(at: index)
            // Above the lowest mark there may be false ones; the lowest is true.
            let found = Self.zeroBytes(word ^ first) | Self.zeroBytes(word ^ second)
            if found != 0 { return min(index &+ found.trailingZeroBitCount >> 3, end) }
            index &+= 8
        }
        return end
    }

    /// Where one of two bytes is next, up to the end of the line.
    @inline(__always)
    package func next(_ one: UInt8, or other: UInt8, from start: Int) -> Int {
        next(one, or: other, from: start, to: byteCount)
    }

    /// Where the closing quote of a quoted text is, whose first byte behind the opening one is at
    /// `start`; nil when it is not closed.
    ///
    /// A backslash takes the next byte with it, as in JSON, logfmt and Apache's logs. `isPlain` is
    /// false where there was one.
    @inline(__always)
    package func closingQuote(from start: Int) -> (end: Int, isPlain: Bool)? {
        var index = start
        var isPlain = true
        while true {
            index = next(0x22, or: 0x5C, from: index)
            guard index < byteCount else { return nil }
            if byte(index) == 0x22 { return (index, isPlain) }
            isPlain = false
            index &+= 2
        }
    }

    /// Where something other than a decimal digit is next.
    @inline(__always)
    package func endOfDigits(from start: Int) -> Int {
        var index = start
        while index < byteCount {
            // There is none behind the line.
            let found = Self.others(word(at: index))
            if found != 0 { return index &+ found.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        return index
    }

    /// How many of eight bytes, from the first, lowest one on, are decimal digits.
    @inline(__always)
    static func digitCount(_ word: UInt64) -> Int {
        let found = others(word)
        return found == 0 ? 8 : found.trailingZeroBitCount &>> 3
    }

    /// The number that eight digits are, the first in the lowest byte; nil for other bytes.
    ///
    /// Pairs, then fours, then all, in the lanes of one word.
    @inline(__always)
    static func eightDigits(_ word: UInt64) -> Int64? {
        guard others(word) == 0 else { return nil }
        let digits = word ^ 0x3030_3030_3030_3030
        let pairs = (digits &* 2_561) >> 8 & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 6_553_601) >> 16 & 0x0000_FFFF_0000_FFFF
        return Int64((fours &* 42_949_672_960_001) >> 32)
    }

    /// The highest bit of each byte that is no decimal digit.
    @inline(__always)
    private static func others(_ word: UInt64) -> UInt64 {
        let value = word ^ 0x3030_3030_3030_3030
        let isLarge = (value & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676
        return (isLarge | value) & 0x8080_8080_8080_8080
    }

    /// The number that the digits of a range are; nil for none, for another byte, and for what 64
    /// bits do not hold.
    package func decimal(_ range: Range<Int>) -> Int? {
        guard (1...18).contains(range.count), range.lowerBound >= 0, range.upperBound <= byteCount
        else { return nil }
        var value = 0
        for index in range {
            let digit = byte(index) &- 48
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }

    /// The eight bytes from `index` on, the first one lowest; zeros for those behind the line.
    @inline(__always)
    package func word(at index: Int) -> UInt64 {
        // Checked here, once: between the line's beginning and its last eight bytes.
        if index >= 0, index &+ 8 <= byteCount {
            return UInt64(
                littleEndian: unsafeLoadUnaligned(
                    fromUncheckedByteOffset: index,
                    as: UInt64.self
                )
            )
        }
        return lastWord(at: index)
    }

    @inline(never)
    private func lastWord(at index: Int) -> UInt64 {
        guard index >= 0, index < byteCount else { return 0 }
        guard byteCount < 8 else {
            // The line's last eight, moved down.
            let last = unsafeLoadUnaligned(fromByteOffset: byteCount &- 8, as: UInt64.self)
            return UInt64(littleEndian: last) &>> UInt64(8 &* (index &+ 8 &- byteCount))
        }
        var word: UInt64 = 0
        for offset in index..<byteCount {
            word |= UInt64(byte(offset)) &<< UInt64(8 &* (offset &- index))
        }
        return word
    }

    /// The highest bit of each byte that is zero; true up to the lowest one that is set.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    @inline(never)
    private func farNext(_ byte: UInt8, from start: Int, to end: Int) -> Int {
        let end = Swift.min(end, byteCount)
        guard start >= 0, start < end else { return end }
        return withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(byte), end - start)
            else { return end }
            return UnsafeRawPointer(found) - base
        }
    }
}
