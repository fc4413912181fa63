/// The keys of the line before, in their order, each with all that stands between two values.
///
///     {"time":"2026-11-23","level":"info","status":200}
///      └─ 0 ─┘            └── 1 ──┘      └─ 2 ──┘
///
/// A program writes the same keys in line after line. Where the bytes behind a value are those of
/// the line before, so is what they mean: one comparison reads a key, and says its role.
struct KnownKeys {
    /// So many of a line; keys behind them are read anew.
    private static let limit = 24
    /// Bytes of a key with what is around it; longer ones are read anew.
    private static let mostBytes = 16

    private struct Key {
        var words = SIMD2<UInt64>(repeating: 0)
        var masks = SIMD2<UInt64>(repeating: 0)
        /// Of the words' bytes; 0 where there is none.
        var count: UInt8 = 0
        var start: UInt8 = 0
        var end: UInt8 = 0
        var role = KeyRole.other
    }

    /// What is between keys means something else in each.
    enum Language {
        case json, pairs
    }

    private var keys = InlineArray<24, Key>(repeating: Key())
    private var language = Language.json

    /// To be called before the first key of a line; forgets those of another language.
    @inline(__always)
    mutating func begin(_ language: Language) {
        if language != self.language { self = KnownKeys(language) }
    }

    init(_ language: Language = .json) {
        self.language = language
    }

    struct Found {
        /// Which one of the line before.
        var ordinal: Int
        var key: Range<Int>
        var role: KeyRole
        /// Behind what stands after the key.
        var end: Int
    }

    /// The key that stands at `start`, if it is the one of that ordinal or, behind the first, the
    /// next: a line may lack one.
    @inline(__always)
    mutating func find(
        _ ordinal: Int,
        in line: borrowing RawSpan,
        at start: Int,
        before end: Int
    ) -> Found? {
        guard ordinal >= 0, ordinal < Self.limit &- 1, start &+ Self.mostBytes <= end else {
            return nil
        }
        let words = SIMD2(line.word(at: start), line.word(at: start &+ 8))
        if let found = match(ordinal, words, start) { return found }
        // The first is the one without a comma in front.
        return ordinal > 0 ? match(ordinal &+ 1, words, start) : nil
    }

    /// Of an ordinal below the limit.
    @inline(__always)
    private mutating func match(
        _ ordinal: Int,
        _ words: SIMD2<UInt64>,
        _ start: Int
    ) -> Found? {
        // By its address: a subscript would copy all of them to read one.
        let key = withUnsafeMutableBytes(of: &keys) { bytes in
            bytes.load(fromByteOffset: ordinal &* MemoryLayout<Key>.stride, as: Key.self)
        }
        guard words & key.masks == key.words, key.count > 0 else { return nil }
        return Found(
            ordinal: ordinal,
            key: Range(uncheckedBounds: (start &+ Int(key.start), start &+ Int(key.end))),
            role: key.role,
            end: start &+ Int(key.count)
        )
    }

    /// Notes a key that was read anew; `range` is it with what is around it.
    mutating func note(
        _ ordinal: Int,
        _ line: borrowing RawSpan,
        _ range: Range<Int>,
        key: Range<Int>,
        _ role: KeyRole
    ) {
        guard ordinal < Self.limit, range.count <= Self.mostBytes, !range.isEmpty else { return }
        let masks = SIMD2(
            UInt64.max >> UInt64(max(0, 64 - 8 * range.count)),
            range.count > 8 ? UInt64.max >> UInt64(128 - 8 * range.count) : 0
        )
        let words = SIMD2(line.word(at: range.lowerBound), line.word(at: range.lowerBound + 8))
        keys[ordinal] = Key(
            words: words & masks,
            masks: masks,
            count: UInt8(range.count),
            start: UInt8(key.lowerBound - range.lowerBound),
            end: UInt8(key.upperBound - range.lowerBound),
            role: role
        )
    }
}
