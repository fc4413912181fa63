/// A document as what is new in it against its older self.
///
/// Parts of the picture hold rings of the last minutes, which move on by one place a second: their
/// deltas are a few dozen bytes. A delta is a list of steps:
///
///     +----------------------+-----------------------------------+
///     | varint  length * 2   | `length` bytes, taken as they are |
///     +----------------------+-----------------------------------+
///     | varint  length*2 + 1 | varint  offset in the older self, |
///     |                      | where `length` bytes are copied   |
///     +----------------------+-----------------------------------+
package enum DocumentDelta {
    /// The older self is indexed by blocks of this many bytes; shorter matches are not looked for.
    private static let block = 8

    package static func encode(_ new: [UInt8], from old: [UInt8]) -> [UInt8] {
        var places: [UInt64: Int] = [:]
        for offset in stride(from: 0, through: old.count - block, by: block) {
            places[word(old, offset)] = offset
        }
        var writer = VarintWriter()
        var literal = 0
        var offset = 0
        while offset + block <= new.count {
            guard let place = places[word(new, offset)] else {
                offset += 1
                continue
            }
            var start = (old: place, new: offset)
            while start.new > literal, start.old > 0, new[start.new - 1] == old[start.old - 1] {
                start = (start.old - 1, start.new - 1)
            }
            var end = (old: place + block, new: offset + block)
            while end.new < new.count, end.old < old.count, new[end.new] == old[end.old] {
                end = (end.old + 1, end.new + 1)
            }
            put(new[literal..<start.new], &writer)
            writer.put(UInt64(end.new - start.new) * 2 + 1)
            writer.put(UInt64(start.old))
            literal = end.new
            offset = end.new
        }
        put(new[literal...], &writer)
        return writer.bytes
    }

    /// A document is never so long.
    private static let most = 64 << 20

    /// Nil when the delta is none, or belongs to another document.
    package static func decode(_ delta: [UInt8], from old: [UInt8]) -> [UInt8]? {
        var reader = VarintReader(delta)
        var new: [UInt8] = []
        while !reader.isAtEnd {
            guard let step = reader.next() else { return nil }
            let length = Int(step >> 1)
            if step & 1 == 0 {
                guard let bytes = reader.nextBytes(length) else { return nil }
                new += bytes
            } else {
                guard let offset = reader.next().flatMap(Int.init(exactly:)),
                    offset <= old.count, length <= old.count - offset,
                    length <= most - new.count
                else { return nil }
                new += old[offset..<offset + length]
            }
        }
        return new
    }

    private static func put(_ literal: ArraySlice<UInt8>, _ writer: inout VarintWriter) {
        guard !literal.isEmpty else { return }
        writer.put(UInt64(literal.count) * 2)
        writer.putBytes(literal)
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    }
}
