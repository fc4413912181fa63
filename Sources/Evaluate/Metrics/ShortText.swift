/// The first eight bytes of a text in one word, and the number that they are.
struct ShortText {
    /// The first byte lowest; zeros behind the end.
    let head: UInt64
    /// Of the whole text.
    let count: Int

    @inline(__always)
    init(_ text: UnsafeRawBufferPointer) {
        count = text.count
        head =
            count < 8
            ? Self.short(text) : UInt64(littleEndian: text.loadUnaligned(as: UInt64.self))
    }

    @inline(never)
    private static func short(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<text.count { word |= UInt64(text[index]) &<< UInt64(8 &* index) }
        return word
    }

    /// A part of some bytes: what is behind it there may be read along, which is quicker.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer, from start: Int, count: Int) {
        self.count = count
        guard start >= 0, count > 0, start &+ 8 <= bytes.count else {
            head = Self.short(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)]))
            return
        }
        let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        let excess = UInt64(truncatingIfNeeded: max(0, 64 &- 8 &* count))
        head = UInt64(littleEndian: word) & UInt64.max &>> excess
    }

    /// The billionths that a number of up to eight bytes is, such as `17` or `12.25`.
    ///
    /// Nil for a longer or another text, which may be a number nevertheless.
    @inline(__always)
    var units: Int64? {
        guard count <= 8, count > 0 else { return nil }
        let value = head ^ 0x3030_3030_3030_3030
        let others = ((value & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676) | value
        let firstOther = (others & 0x8080_8080_8080_8080).trailingZeroBitCount
        let whole = min(firstOther &>> 3, count)
        guard whole > 0 else { return nil }
        if whole == count { return Self.number(value, count) &* 1_000_000_000 }
        // Its point, digits behind it, and the digits moved together.
        guard head &>> UInt64(8 &* whole) & 0xFF == 0x2E else { return nil }
        let mask = UInt64.max &<< UInt64(8 &* whole)
        let rest = value &>> 8 & mask
        let places = count &- whole &- 1
        let isDigits =
            others & 0x8080_8080_8080_8080 & (mask &<< 8)
            & (UInt64.max &>> UInt64(64 &- 8 &* count)) == 0
        guard whole < 7, isDigits else { return nil }
        return Self.number(value & ~mask | rest, count &- 1) &* Self.unit(places)
    }

    /// Of so many digits, 1 to 8, each in a byte.
    @inline(__always)
    private static func number(_ digits: UInt64, _ count: Int) -> Int64 {
        // Zeros before them; then pairs, fours and all eight at once.
        var value = digits &<< UInt64(64 &- 8 &* count)
        value = value &* 10 &+ value &>> 8
        let high = (value & 0xFF_0000_00FF) &* (100 + 1_000_000 << 32)
        let low = (value &>> 16 & 0xFF_0000_00FF) &* (1 + 10_000 << 32)
        return Int64(truncatingIfNeeded: (high &+ low) &>> 32)
    }

    /// Billionths of one that is so many places behind the point.
    @inline(__always)
    private static func unit(_ places: Int) -> Int64 {
        switch places {
        case 0: 1_000_000_000
        case 1: 100_000_000
        case 2: 10_000_000
        case 3: 1_000_000
        case 4: 100_000
        case 5: 10_000
        default: 1_000
        }
    }
}
