/// JSON (RFC 8259) in the making: bytes that grow, written without a check for each.
package struct JSONSink: ~Copyable {
    package private(set) var count = 0
    private var base: UnsafeMutableRawPointer
    private var capacity: Int

    package init(capacity: Int = 4_096) {
        base = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit { base.deallocate() }

    /// What was written; the sink is empty afterwards.
    package mutating func take() -> [UInt8] {
        let bytes = Array(UnsafeRawBufferPointer(start: base, count: count))
        count = 0
        if capacity > 1 << 20 { replace(capacity: 4_096) }
        return bytes
    }

    /// Takes back what was written behind that.
    package mutating func truncate(to count: Int) { self.count = min(self.count, count) }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > capacity { replace(capacity: max(capacity * 2, count + more)) }
    }

    @inline(never)
    private mutating func replace(capacity: Int) {
        let new = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        new.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = new
        self.capacity = capacity
    }

    // MARK: writing

    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    @inline(__always)
    private mutating func append(_ source: UnsafeRawPointer, _ size: Int) {
        reserve(size)
        (base + count).copyMemory(from: source, byteCount: size)
        count += size
    }

    @inline(__always)
    package mutating func append(_ text: StaticString) {
        append(UnsafeRawPointer(text.utf8Start), text.utf8CodeUnitCount)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if let start = bytes.baseAddress { append(start, bytes.count) }
    }

    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { raw in
            if let start = raw.baseAddress { append(start, raw.count) }
        }
    }

    /// Bytes between quotes, escaped where JSON needs it (section 7); what is no UTF-8 stays as it is.
    @inline(__always)
    package mutating func appendQuoted(_ bytes: RawSpan, _ range: Range<Int>) {
        append(0x22)
        bytes.extracting(range).withUnsafeBytes { raw in
            if let start = raw.baseAddress { appendEscaped(start, raw.count) }
        }
        append(0x22)
    }

    private mutating func appendEscaped(_ source: UnsafeRawPointer, _ size: Int) {
        reserve(size + 8)
        var done = 0
        while done < size {
            let left = size - done
            let word = Self.word(source, done, size)
            let specials = Self.specials(word)
            base.storeBytes(of: word, toByteOffset: count, as: UInt64.self)
            guard specials != 0 else {
                count += min(8, left)
                done += 8
                continue
            }
            let fine = specials.trailingZeroBitCount >> 3
            count += fine
            done += fine + 1
            appendEscape(of: source.load(fromByteOffset: done - 1, as: UInt8.self))
            reserve(size - done + 8)
        }
    }

    /// The next eight bytes; blanks stand for what is behind the end.
    @inline(__always)
    private static func word(_ source: UnsafeRawPointer, _ done: Int, _ size: Int) -> UInt64 {
        let left = size - done
        if left >= 8 { return source.loadUnaligned(fromByteOffset: done, as: UInt64.self) }
        let blanks: UInt64 = 0x2020_2020_2020_2020 << (8 * UInt64(left))
        if size >= 8 {
            let last = source.loadUnaligned(fromByteOffset: size - 8, as: UInt64.self)
            return last >> (8 * UInt64(8 - left)) | blanks
        }
        if left >= 4 {
            let low = source.loadUnaligned(fromByteOffset: done, as: UInt32.self)
            let high = source.loadUnaligned(fromByteOffset: size - 4, as: UInt32.self)
            return UInt64(low) | UInt64(high) << (8 * UInt64(left - 4)) | blanks
        }
        var word = blanks
        for index in 0..<left {
            let byte = source.load(fromByteOffset: done + index, as: UInt8.self)
            word |= UInt64(byte) << (8 * UInt64(index))
        }
        return word
    }

    /// The top bit of each byte that has to be escaped: below 0x20, a quote or a backslash.
    ///
    /// A borrow may set one too many above the lowest, which is the one that counts.
    @inline(__always)
    private static func specials(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5C)
        let hits =
            ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote)
            | ((slash &- ones) & ~slash)
        return hits & 0x8080_8080_8080_8080
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
            append(0x30 + (byte >> 4))
            append((byte & 15) + (byte & 15 < 10 ? 0x30 : 0x57))
        }
    }
}
