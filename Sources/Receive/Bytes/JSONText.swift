/// Writing JSON (RFC 8259) as bytes.
extension [UInt8] {
    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }

    /// Bytes between quotes, escaped where JSON needs it (section 7); what is no UTF-8 stays as it is.
    @inline(__always)
    mutating func appendQuoted(_ bytes: RawSpan, _ range: Range<Int>) {
        append(0x22)
        appendEscaped(bytes, range)
        append(0x22)
    }

    mutating func appendEscaped(_ bytes: RawSpan, _ range: Range<Int>) {
        bytes.extracting(range).withUnsafeBytes { raw in
            var start = 0
            var index = Self.nextSpecial(raw, from: 0)
            while index < raw.count {
                append(contentsOf: UnsafeRawBufferPointer(rebasing: raw[start..<index]))
                appendEscape(of: raw[index])
                start = index + 1
                index = Self.nextSpecial(raw, from: start)
            }
            append(contentsOf: UnsafeRawBufferPointer(rebasing: raw[start...]))
        }
    }

    /// The first byte from `start` on that has to be escaped; eight are looked at in one step.
    @inline(__always)
    private static func nextSpecial(_ raw: UnsafeRawBufferPointer, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let slash = word ^ (ones &* 0x5C)
            // The top bit of each byte that is below 0x20, a quote or a backslash; a borrow may
            // set one too many behind it, and the bytes are looked at again.
            let hits =
                ((word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote
                    | (slash &- ones) & ~slash) & tops
            if hits != 0 { break }
            index += 8
        }
        while index < raw.count {
            let byte = raw[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { return index }
            index += 1
        }
        return index
    }

    private mutating func appendEscape(of byte: UInt8) {
        append(0x5C)
        switch byte {
        case 0x22, 0x5C: append(byte)
        case 0x08: append(0x62)
        case 0x09: append(0x74)
        case 0x0A: append(0x6E)
        case 0x0C: append(0x66)
        case 0x0D: append(0x72)
        default:
            append("u00")
            append(Self.hexDigit(byte >> 4))
            append(Self.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value + (value < 10 ? 0x30 : 0x57) }

    mutating func appendDecimal(_ value: UInt64) {
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
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[index...]))
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
            append(contentsOf: UnsafeBufferPointer(digits))
        }
    }

    /// The shortest text that reads back as the same number; JSON has no word for the others.
    mutating func appendNumber<Number: BinaryFloatingPoint & LosslessStringConvertible>(
        _ value: Number
    ) {
        if value.isFinite { append(contentsOf: value.description.utf8) } else { append("null") }
    }

    /// RFC 4648 section 4, with padding.
    mutating func appendBase64(_ bytes: RawSpan, _ range: Range<Int>) {
        let alphabet: StaticString =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 3) {
            let count = Swift.min(3, range.upperBound - start)
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
