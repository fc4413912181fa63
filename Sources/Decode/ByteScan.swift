/// Small searches over the bytes of one line.
extension RawSpan {
    package func byte(_ offset: Int) -> UInt8 {
        unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// A number of exactly `digits` decimal digits at `offset`; nil when it is not one.
    package func number(at offset: Int, digits: Int) -> Int? {
        guard offset + digits <= byteCount else { return nil }
        var value = 0
        for index in offset..<(offset + digits) {
            let digit = byte(index) &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    @inline(__always)
    package func has(_ character: Unicode.Scalar, at offset: Int) -> Bool {
        offset < byteCount && UInt32(byte(offset)) == character.value
    }

    package func hasPrefix(_ text: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, offset + text.utf8CodeUnitCount <= byteCount else { return false }
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for index in 0..<wanted.count where byte(offset + index) != wanted[index] {
            return false
        }
        return true
    }

    /// The month that an English abbreviation of three letters names, such as `Nov`.
    package func month(at start: Int) -> Int? {
        guard start >= 0, start + 3 <= byteCount else { return nil }
        return switch (byte(start), byte(start + 1), byte(start + 2)) {
        case (0x4A, 0x61, 0x6E): 1  // Jan
        case (0x46, 0x65, 0x62): 2  // Feb
        case (0x4D, 0x61, 0x72): 3  // Mar
        case (0x41, 0x70, 0x72): 4  // Apr
        case (0x4D, 0x61, 0x79): 5  // May
        case (0x4A, 0x75, 0x6E): 6  // Jun
        case (0x4A, 0x75, 0x6C): 7  // Jul
        case (0x41, 0x75, 0x67): 8  // Aug
        case (0x53, 0x65, 0x70): 9  // Sep
        case (0x4F, 0x63, 0x74): 10  // Oct
        case (0x4E, 0x6F, 0x76): 11  // Nov
        case (0x44, 0x65, 0x63): 12  // Dec
        default: nil
        }
    }

    /// A time of day such as `07:00:25`.
    package func clock(at start: Int) -> (hour: Int, minute: Int, second: Int)? {
        guard let hour = number(at: start, digits: 2), has(":", at: start + 2),
            let minute = number(at: start + 3, digits: 2), has(":", at: start + 5),
            let second = number(at: start + 6, digits: 2)
        else { return nil }
        return (hour, minute, second)
    }

    /// Where a text begins first, from `start` on; nil when it is not there.
    package func find(_ text: StaticString, from start: Int) -> Int? {
        let last = byteCount - text.utf8CodeUnitCount
        guard start >= 0, start <= last else { return nil }
        guard text.utf8CodeUnitCount > 1 else {
            return (start...last).first { hasPrefix(text, at: $0) }
        }
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (first, second) = (UInt64(text.utf8Start[0]) &* ones, UInt64(text.utf8Start[1]) &* ones)
        var index = start
        while index <= last {
            let one = word(at: index) ^ first
            let other = word(at: index &+ 1) ^ second
            // Wherever both bytes are, and here and there where they are not.
            var found = (one &- ones) & ~one & (other &- ones) & ~other & 0x8080_8080_8080_8080
            while found != 0 {
                let place = index &+ found.trailingZeroBitCount &>> 3
                if hasPrefix(text, at: place) { return place }
                found &= found &- 1
            }
            index &+= 8
        }
        return nil
    }
}
