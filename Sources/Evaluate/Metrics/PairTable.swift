/// Keys of two small numbers as one small number each, counted from 1.
///
/// Open addressing in a table that is at most half full.
struct PairTable: Sendable {
    private static let probeLimit = 256

    private let limit: Int
    private var keys: [UInt64] = []
    /// Numbers of keys; 0 where none is.
    private var slots: [UInt32]

    init(limit: Int) {
        self.limit = limit
        slots = Array(repeating: 0, count: 64)
    }

    /// The number of a key; nil when it is new and there is no room left.
    mutating func number(of key: UInt64) -> UInt32? {
        let mask = slots.count - 1
        var slot = Self.slot(key) & mask
        for _ in 0..<Self.probeLimit {
            let number = slots[slot]
            if number == 0 { return add(key, at: slot) }
            if keys[Int(number) - 1] == key { return number }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The key of a number; 0 for one that is not given.
    func key(of number: UInt32) -> UInt64 {
        keys.indices.contains(Int(number) - 1) ? keys[Int(number) - 1] : 0
    }

    private mutating func add(_ key: UInt64, at slot: Int) -> UInt32? {
        guard keys.count < limit else { return nil }
        keys.append(key)
        slots[slot] = UInt32(keys.count)
        if keys.count * 2 > slots.count { grow() }
        return UInt32(keys.count)
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        var wider = [UInt32](repeating: 0, count: mask + 1)
        for (index, key) in keys.enumerated() {
            var slot = Self.slot(key) & mask
            while wider[slot] != 0 { slot = (slot + 1) & mask }
            wider[slot] = UInt32(index + 1)
        }
        slots = wider
    }

    private static func slot(_ key: UInt64) -> Int {
        let mixed = (key ^ (key >> 31)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed ^ (mixed >> 32))
    }
}
