/// Bytes that are written one behind the other, in room that is made once and used again.
package struct ByteRoom: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    package init(capacity: Int = 65_536) {
        base = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit { base.deallocate() }

    /// Valid until something is written or reserved.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
    var end: UnsafeMutableRawPointer { base + count }
    var free: Int { capacity - count }

    /// Makes room for so many more bytes, which can then be written without asking.
    mutating func reserve(_ more: Int) {
        guard more > free else { return }
        let wanted = max(count + more, 2 * capacity)
        let made = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
        made.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = made
        capacity = wanted
    }

    /// Takes in what was written behind the end.
    mutating func advance(_ length: Int) {
        precondition(length <= free)
        count += length
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        end.copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    /// Leaves the room, unless more than `limit` of it would be held for nothing.
    mutating func removeAll(keeping limit: Int = 4 << 20) {
        count = 0
        guard capacity > limit else { return }
        base.deallocate()
        base = .allocate(byteCount: 65_536, alignment: 16)
        capacity = 65_536
    }

    // MARK: - Numbers, as `VarintWriter` writes them

    static let mostOfNumber = 10

    /// Within what was reserved: `mostOfNumber` bytes for each.
    @inline(__always)
    mutating func put(_ value: UInt64) {
        precondition(Self.mostOfNumber <= free)
        if value < 0x80 {
            base.storeBytes(
                of: UInt8(truncatingIfNeeded: value),
                toByteOffset: count,
                as: UInt8.self
            )
            count += 1
            return
        }
        var rest = value
        while rest >= 0x80 {
            base.storeBytes(
                of: UInt8(truncatingIfNeeded: rest) | 0x80,
                toByteOffset: count,
                as: UInt8.self
            )
            count += 1
            rest >>= 7
        }
        base.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: count, as: UInt8.self)
        count += 1
    }

    @inline(__always)
    mutating func putSigned(_ value: Int64) {
        put(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }
}
