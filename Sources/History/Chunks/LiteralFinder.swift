/// Finds a literal in lines; skips ahead by what the last byte compared allows (Horspool 1980).
struct LiteralFinder {
    private let needle: [UInt8]
    private let fold: [UInt8]
    private let skips: [Int]

    /// `ignoresCase` is about ASCII letters; others must be equal byte for byte.
    init(_ text: String, ignoresCase: Bool) {
        fold = (0...255).map { byte in
            ignoresCase && (65...90).contains(byte) ? UInt8(byte + 32) : UInt8(byte)
        }
        let fold = fold
        needle = text.utf8.map { fold[Int($0)] }
        var skips = [Int](repeating: needle.count, count: 256)
        for (index, byte) in needle.dropLast().enumerated() {
            skips[Int(byte)] = needle.count - 1 - index
        }
        self.skips = skips
    }

    /// True for every line when the text is empty.
    func isIn(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard let last = needle.last else { return true }
        return bytes.withUnsafeBufferPointer { bytes in
            var end = range.lowerBound + needle.count - 1
            while end < range.upperBound {
                let byte = fold[Int(bytes[end])]
                if byte == last, matches(bytes, endingAt: end) { return true }
                end += skips[Int(byte)]
            }
            return false
        }
    }

    private func matches(_ bytes: UnsafeBufferPointer<UInt8>, endingAt end: Int) -> Bool {
        let start = end - needle.count + 1
        return needle.indices.allSatisfy { fold[Int(bytes[start + $0])] == needle[$0] }
    }
}
