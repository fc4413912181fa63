extension JSONSink {
    package mutating func appendDecimal(_ value: UInt64) {
        if value < 10 { return append(0x30 + UInt8(value)) }
        if value < 100_000_000 {
            let digits = Self.eightDigits(UInt32(value))
            let zeros = (digits & 0x0F0F_0F0F_0F0F_0F0F).trailingZeroBitCount >> 3
            return append(digits >> (8 * UInt64(zeros)), size: 8 - zeros)
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value
            var index = 20
            repeat {
                index -= 1
                let (next, digit) = rest.quotientAndRemainder(dividingBy: 10)
                digits[index] = 0x30 + UInt8(digit)
                rest = next
            } while rest > 0
            append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[index...]))
        }
    }

    mutating func appendDecimal(_ value: Int64) {
        if value < 0 { append(0x2D) }
        appendDecimal(value.magnitude)
    }

    /// Nine digits.
    mutating func appendNanoseconds(_ value: Int) {
        let (first, rest) = UInt32(value).quotientAndRemainder(dividingBy: 100_000_000)
        append(0x30 + UInt8(first))
        append(Self.eightDigits(rest), size: 8)
    }

    /// The digits of a number below 100,000,000, the first in the lowest byte.
    ///
    /// Fours, then twos, then ones, in the lanes of one word; a product and a shift divide, exactly
    /// for what a lane can hold.
    private static func eightDigits(_ value: UInt32) -> UInt64 {
        let fours = UInt64(value / 10_000) | UInt64(value % 10_000) << 32
        let hundreds = (fours &* 10_486) >> 20 & 0x7F_0000_007F
        let twos = hundreds | (fours &- hundreds &* 100) << 16
        let tens = (twos &* 103) >> 10 & 0x000F_000F_000F_000F
        return (tens | (twos &- tens &* 10) << 8) | 0x3030_3030_3030_3030
    }

    /// The shortest text that reads back as the same number; JSON has no word for the others.
    mutating func appendNumber<Number: BinaryFloatingPoint & LosslessStringConvertible>(
        _ value: Number
    ) {
        if value.isFinite { append(Array(value.description.utf8)) } else { append("null") }
    }

    /// RFC 4648 section 4, with padding.
    mutating func appendBase64(_ bytes: RawSpan, _ range: Range<Int>) {
        let alphabet: StaticString =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 3) {
            let count = min(3, range.upperBound - start)
            var group = 0
            for index in 0..<3 {
                group = group << 8 | (index < count ? Int(bytes.byte(start + index)) : 0)
            }
            for index in 0..<4 {
                append(
                    index <= count
                        ? alphabet.utf8Start[group >> (18 - 6 * index) & 63] : 0x3D
                )
            }
        }
    }
}
