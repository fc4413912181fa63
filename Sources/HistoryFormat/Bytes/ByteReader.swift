/// Reads what `ByteRoom` wrote, within bytes that outlive it.
struct ByteReader {
    private let base: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        base = bytes
    }

    /// What is not read so far.
    var bytes: Slice<UnsafeRawBufferPointer> { base[offset...] }
    var rest: Int { base.count - offset }

    /// A reader of the next bytes, which are passed over; there are so many.
    mutating func part(_ length: Int) -> ByteReader {
        defer { offset += length }
        return ByteReader(UnsafeRawBufferPointer(rebasing: base[offset..<offset + length]))
    }

    /// Nil means that the bytes are something else.
    @inline(__always)
    mutating func next() -> UInt64? {
        guard offset < base.count else { return nil }
        let first = base[offset]
        offset += 1
        guard first >= 0x80 else { return UInt64(first) }
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        while offset < base.count, shift < 64 {
            let byte = base[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    @inline(__always)
    static func signed(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// The next `count` numbers, each made into a value; nil as soon as one cannot be.
    @inline(__always)
    mutating func column<Value>(_ count: Int, _ make: (UInt64) -> Value?) -> [Value]? {
        var isWhole = true
        let column = [Value](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                guard let number = next(), let value = make(number) else {
                    isWhole = false
                    return
                }
                buffer.initializeElement(at: filled, to: value)
                filled += 1
            }
        }
        return isWhole ? column : nil
    }

    /// The next `count` numbers, none above `most`.
    ///
    /// Most columns have a byte for each and no more: then there is no need to find out where the
    /// next begins, nor to look at one by one.
    @inline(__always)
    mutating func column<Value: FixedWidthInteger>(_ count: Int, upTo most: Value) -> [Value]? {
        guard rest == count else {
            return column(count) { number in
                number <= UInt64(most) ? Value(truncatingIfNeeded: number) : nil
            }
        }
        let bytes = UnsafeRawBufferPointer(rebasing: self.bytes)
        offset += count
        guard bytes.allBytes(areUpTo: UInt8(clamping: min(most, 0x7F))) else { return nil }
        return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count {
                buffer.initializeElement(at: index, to: Value(truncatingIfNeeded: bytes[index]))
            }
            filled = count
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Sixteen or more at a time, as a loop that ends early cannot.
    func allBytes(areUpTo most: UInt8) -> Bool {
        reduce(0) { Swift.max($0, $1) } <= most
    }
}
