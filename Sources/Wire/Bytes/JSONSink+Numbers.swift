extension JSONSink {
    package mutating func appendDecimal(_ value: UInt64) {
        if value < 10 { return append(0x30 + UInt8(value)) }
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
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 9) { digits in
            var rest = UInt32(value)
            for index in stride(from: 8, through: 0, by: -1) {
                let (next, digit) = rest.quotientAndRemainder(dividingBy: 10)
                digits[index] = 0x30 + UInt8(digit)
                rest = next
            }
            append(UnsafeRawBufferPointer(digits))
        }
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
