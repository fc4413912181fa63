/// Values as small numbers: each text that comes has one, the same each time.
///
/// Number 0 is that of no value. Open addressing in a table that is at most half full.
package struct ValueTable: Sendable {
    /// Bytes of all values together, at most.
    private static let byteLimit = 16 << 20
    private static let probeLimit = 256

    private struct Entry: Sendable {
        /// The first eight bytes, the first one lowest; of a short value all of it.
        var head: UInt64
        var hash: UInt64
        var start: UInt32
        var count: UInt32
    }

    private let limit: Int
    private var entries: [Entry]
    private var bytes: [UInt8] = []
    /// Numbers of entries; 0 where none is.
    private var slots: [UInt32]

    /// `limit` is how many values get a number, at most.
    package init(limit: Int) {
        self.limit = limit
        entries = [Entry(head: 0, hash: 0, start: 0, count: 0)]
        slots = Array(repeating: 0, count: 64)
    }

    /// The number of a value; nil when it is new and there is no room left.
    package mutating func number(of value: UnsafeRawBufferPointer) -> UInt32? {
        number(of: ShortText(value), value)
    }

    /// The same for a value whose first bytes are read before.
    @inline(__always)
    mutating func number(of short: ShortText, _ value: UnsafeRawBufferPointer) -> UInt32? {
        let head = short.head
        let hash = Self.hash(value, head: head)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        for _ in 0..<Self.probeLimit {
            let number = slots[slot]
            if number == 0 { return add(value, head: head, hash: hash, at: slot) }
            let entry = entries[Int(number)]
            if entry.hash == hash, entry.head == head, Int(entry.count) == value.count,
                value.count <= 8 || isSame(value, entry)
            {
                return number
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The value of a number; nil for 0.
    package func value(of number: UInt32) -> [UInt8]? {
        guard number > 0, Int(number) < entries.count else { return nil }
        let entry = entries[Int(number)]
        return Array(bytes[Int(entry.start)..<Int(entry.start + entry.count)])
    }

    private mutating func add(
        _ value: UnsafeRawBufferPointer,
        head: UInt64,
        hash: UInt64,
        at slot: Int
    ) -> UInt32? {
        guard entries.count <= limit, bytes.count + value.count <= Self.byteLimit else {
            return nil
        }
        let number = UInt32(entries.count)
        entries.append(
            Entry(
                head: head,
                hash: hash,
                start: UInt32(bytes.count),
                count: UInt32(value.count)
            )
        )
        bytes.append(contentsOf: value)
        slots[slot] = number
        if entries.count * 2 > slots.count { grow() }
        return number
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        var wider = [UInt32](repeating: 0, count: mask + 1)
        for number in 1..<entries.count {
            var slot = Int(truncatingIfNeeded: entries[number].hash) & mask
            while wider[slot] != 0 { slot = (slot + 1) & mask }
            wider[slot] = UInt32(number)
        }
        slots = wider
    }

    private func isSame(_ value: UnsafeRawBufferPointer, _ entry: Entry) -> Bool {
        bytes.withUnsafeBytes { known in
            let known = UnsafeRawBufferPointer(rebasing: known[Int(entry.start)...])
            var index = 8
            while index < value.count {
                if known[index] != value[index] { return false }
                index += 1
            }
            return true
        }
    }

    /// The eight bytes at `index`, zeros behind the end.
    @inline(__always)
    private static func word(_ value: UnsafeRawBufferPointer, at index: Int) -> UInt64 {
        ShortText(UnsafeRawBufferPointer(rebasing: value[index...])).head
    }

    /// Multiplication spreads upwards: the upper half is folded down at the end.
    @inline(__always)
    private static func hash(_ value: UnsafeRawBufferPointer, head: UInt64) -> UInt64 {
        var hash = (head ^ UInt64(truncatingIfNeeded: value.count)) &* factor
        if value.count > 8 { hash = longHash(value, hash) }
        return hash ^ (hash >> 32)
    }

    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func longHash(_ value: UnsafeRawBufferPointer, _ start: UInt64) -> UInt64 {
        var hash = start
        var index = 8
        while index < value.count {
            hash = (hash ^ (hash >> 29) ^ word(value, at: index)) &* factor
            index += 8
        }
        return hash
    }
}
