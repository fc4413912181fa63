internal import Atlas

/// What the logs of an own format call their levels, upper and lower case alike.
struct LevelWords: Sendable {
    private let words: [(bytes: [UInt8], level: Level)]

    /// Words of the operator's own go before those that are known to everybody (`LevelWord`).
    init(_ own: [UserFormat.LevelWord]) {
        words = own.map { ($0.word.utf8.map(Self.lower), $0.level) }
    }

    func level(of word: UnsafeRawBufferPointer) -> Level? {
        for (bytes, level) in words where bytes.count == word.count {
            if bytes.indices.allSatisfy({ bytes[$0] == Self.lower(word[$0]) }) { return level }
        }
        return FoldedWord(word).flatMap(LevelWord.level)
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
