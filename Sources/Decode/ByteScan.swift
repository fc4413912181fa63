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
}
