/// Numbers in few bytes, exactly.
///
/// Decimals are whole numbers of their last place (what is measured in milliseconds, counted, or
/// asked of a system mostly is), and each is the difference to the one before; the same again and
/// again is a run. What is no such decimal is what its bits differ in from those of the one before,
/// the first byte of all, then the second.
enum NumberColumn {
    private static let scales: [Double] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
    private static let bitwise: UInt8 = 0xFF
    /// Beyond it not every whole number is a double.
    private static let whole = 0x1p53

    static func put(_ values: [Double], into writer: inout VarintWriter) {
        guard let (scale, numbers) = decimals(values) else {
            writer.putByte(bitwise)
            var before: UInt64 = 0
            let bits = values.map { value in
                defer { before = value.bitPattern }
                return value.bitPattern ^ before
            }
            for place in stride(from: UInt64(56), through: 0, by: -8) {
                for bits in bits { writer.putByte(UInt8(truncatingIfNeeded: bits >> place)) }
            }
            return
        }
        writer.putByte(UInt8(scale))
        put(numbers, into: &writer)
    }

    /// Nil means that the bytes are something else.
    static func next(_ count: Int, _ reader: inout VarintReader) -> [Double]? {
        guard let scale = reader.nextByte() else { return nil }
        if scale == bitwise { return nextBitwise(count, &reader) }
        guard Int(scale) < scales.count, let numbers = nextWhole(count, &reader) else { return nil }
        return numbers.map { Double($0) / scales[Int(scale)] }
    }

    private static func nextBitwise(_ count: Int, _ reader: inout VarintReader) -> [Double]? {
        var bits = [UInt64](repeating: 0, count: count)
        for _ in 0..<8 {
            guard let plane = reader.nextBytes(count) else { return nil }
            for (index, byte) in plane.enumerated() {
                bits[index] = bits[index] << 8 | UInt64(byte)
            }
        }
        var before: UInt64 = 0
        return bits.map { bits in
            before ^= bits
            return Double(bitPattern: before)
        }
    }

    private static func decimals(_ values: [Double]) -> (scale: Int, [Int64])? {
        var scale = 0
        func isExact(_ value: Double) -> Bool {
            let number = (value * scales[scale]).rounded()
            return abs(number) <= whole
                && (number / scales[scale]).bitPattern == value.bitPattern
        }
        for value in values {
            while !isExact(value) {
                scale += 1
                guard scale < scales.count, abs(value) <= whole else { return nil }
            }
        }
        guard values.allSatisfy(isExact) else { return nil }
        return (scale, values.map { Int64(($0 * scales[scale]).rounded()) })
    }

    // MARK: - Whole numbers

    /// A difference of zero is followed by how many more there are.
    static func put(_ numbers: [Int64], into writer: inout VarintWriter) {
        var before: Int64 = 0
        var index = 0
        while index < numbers.count {
            let difference = numbers[index] &- before
            writer.putSigned(difference)
            before = numbers[index]
            index += 1
            guard difference == 0 else { continue }
            let rest = numbers[index...].prefix { $0 == before }.count
            writer.put(UInt64(rest))
            index += rest
        }
    }

    static func nextWhole(_ count: Int, _ reader: inout VarintReader) -> [Int64]? {
        var numbers: [Int64] = []
        numbers.reserveCapacity(count)
        var before: Int64 = 0
        while numbers.count < count {
            guard let difference = reader.nextSigned() else { return nil }
            before &+= difference
            numbers.append(before)
            guard difference == 0 else { continue }
            guard let rest = reader.next(), rest <= UInt64(count - numbers.count) else {
                return nil
            }
            numbers += repeatElement(before, count: Int(rest))
        }
        return numbers
    }
}
