/// Tells of a text whether it may hold one of some literals, without a look at most of its bytes.
///
/// Pairs of bytes say how far the text can be passed over: Wu and Manber, "A fast algorithm for
/// multi-pattern searching" (1994), with a hash of the pair, so that the table stays in the cache.
struct LiteralSieve: Sendable {
    private static let slots = 4_096

    /// Of each literal its first bytes, as many as the shortest has.
    private let heads: [[UInt8]]
    private let length: Int
    /// By the hash of a pair: how far the end of the window can move at least.
    private let shifts: [UInt8]
    /// By the hash of the pair at the end of a window: heads that may be there.
    private let endings: [[Int]]

    init(_ literals: [[UInt8]]) {
        let length = min(literals.map(\.count).min() ?? 0, 255)
        self.length = length
        heads = literals.map { Array($0.prefix(length)) }
        guard length >= 2 else {
            (shifts, endings) = ([], [])
            return
        }
        var shifts = [UInt8](repeating: UInt8(length - 1), count: Self.slots)
        var endings = [[Int]](repeating: [], count: Self.slots)
        for (number, head) in heads.enumerated() {
            for end in 1..<length {
                let slot = Self.slot(head[end - 1], head[end])
                shifts[slot] = min(shifts[slot], UInt8(length - 1 - end))
                if end == length - 1 { endings[slot].append(number) }
            }
        }
        self.shifts = shifts
        self.endings = endings
    }

    /// True where a literal's head is in the text, and for literals too short to tell.
    func mayHold(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard length >= 2 else { return !heads.isEmpty }
        return shifts.withUnsafeBufferPointer { shifts in
            var end = length - 1
            while end < text.count {
                let slot = Self.slot(text[end - 1], text[end])
                let shift = Int(shifts[slot])
                if shift > 0 {
                    end += shift
                    continue
                }
                for number in endings[slot] where isHead(number, at: end - length + 1, text) {
                    return true
                }
                end += 1
            }
            return false
        }
    }

    private func isHead(
        _ number: Int,
        at start: Int,
        _ text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let head = heads[number]
        for offset in 0..<head.count where text[start + offset] != head[offset] { return false }
        return true
    }

    /// Of a pair of bytes, below `slots`.
    @inline(__always)
    private static func slot(_ first: UInt8, _ second: UInt8) -> Int {
        (Int(first) &<< 5 ^ Int(second)) & (slots - 1)
    }
}
