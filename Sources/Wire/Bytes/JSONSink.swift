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
        let size = range.count
        let readable = bytes.byteCount - range.lowerBound
        bytes.extracting(range.lowerBound..<bytes.byteCount).withUnsafeBytes { raw in
            if let start = raw.baseAddress { appendEscaped(start, size, readable: readable) }
        }
        append(0x22)
    }

    /// Writes no more than so many bytes of a text between two looks at the room.
    private static let stride = 4_096

    /// `readable` bytes of the source may be looked at, of which `size` are the text.
    private mutating func appendEscaped(
        _ source: UnsafeRawPointer,
        _ size: Int,
        readable: Int
    ) {
        var done = 0
        while done < size {
            let end = min(size, done + Self.stride)
            // An escape has up to six bytes, and a word may be written past the end.
            reserve(6 * (end - done) + 8)
            var to = base + count
            // The advance by whole words depends on no result: the processor runs ahead.
            while done < end {
                let left = end - done
                let word = Self.word(source + done, readable - done)
                to.storeBytes(of: word, as: UInt64.self)
                let specials = Self.specials(word)
                if specials == 0, left >= 8 {
                    to += 8
                    done += 8
                    continue
                }
                let fine = min(specials.trailingZeroBitCount >> 3, left)
                to += fine
                done += fine
                if fine == left { break }
                to = Self.escape(source.load(fromByteOffset: done, as: UInt8.self), to: to)
                done += 1
            }
            count = to - base
        }
    }

    /// The next eight bytes; zeros stand for what may not be looked at.
    @inline(__always)
    private static func word(_ source: UnsafeRawPointer, _ readable: Int) -> UInt64 {
        if readable >= 8 { return source.loadUnaligned(as: UInt64.self) }
        var word: UInt64 = 0
        for index in 0..<readable {
            let byte = source.load(fromByteOffset: index, as: UInt8.self)
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

    /// Writes the escape of a byte, and tells where it ends.
    @inline(__always)
    private static func escape(
        _ byte: UInt8,
        to place: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        place.storeBytes(of: 0x5C, as: UInt8.self)
        if byte == 0x22 || byte == 0x5C {
            place.storeBytes(of: byte, toByteOffset: 1, as: UInt8.self)
            return place + 2
        }
        return place + escapeControl(byte, to: place)
    }

    /// The same behind the backslash; how long it is with it.
    @inline(never)
    private static func escapeControl(_ byte: UInt8, to place: UnsafeMutableRawPointer) -> Int {
        let short: UInt8? =
            switch byte {
            case 0x08: 0x62
            case 0x09: 0x74
            case 0x0A: 0x6E
            case 0x0C: 0x66
            case 0x0D: 0x72
            default: nil
            }
        if let short {
            place.storeBytes(of: short, toByteOffset: 1, as: UInt8.self)
            return 2
        }
        // u00, and two digits.
        let digits = UInt32(0x30 + (byte >> 4)) << 24 | 0x30_30_75
        place.storeBytes(of: digits.littleEndian, toByteOffset: 1, as: UInt32.self)
        let last = (byte & 15) + (byte & 15 < 10 ? 0x30 : 0x57)
        place.storeBytes(of: last, toByteOffset: 5, as: UInt8.self)
        return 6
    }

    /// Eight bytes of which the first `size` count.
    @inline(__always)
    mutating func append(_ word: UInt64, size: Int) {
        reserve(8)
        base.storeBytes(of: word, toByteOffset: count, as: UInt64.self)
        count += size
    }
}
