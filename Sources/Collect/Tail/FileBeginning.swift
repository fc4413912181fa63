import Atlas

/// What a file begins with, with its fingerprints: it is compared with what was read of many others.
struct FileBeginning {
    /// At most 256 bytes; of an archive, of what it holds.
    private let bytes: [UInt8]
    private let print: UInt64
    /// Of an archive's own bytes.
    private let packed: UInt64?
    /// More of the file would say nothing more.
    let isWhole: Bool

    /// Nothing is known of it so far.
    init() { self.init([]) }

    init(_ bytes: [UInt8], packed: [UInt8]? = nil) {
        self.bytes = bytes
        print = fingerprint(bytes)
        self.packed = packed.map { fingerprint($0) }
        isWhole = min(bytes.count, packed?.count ?? bytes.count) >= Int(fingerprintLength)
    }

    /// False where what was read up to the position began otherwise.
    func mayHold(_ position: ReadPosition) -> Bool {
        guard !bytes.isEmpty else { return true }
        // Of an archive that was read to its end, its own bytes are known.
        guard position.offset < .max else { return packed == position.head }
        let length = Int(min(position.offset, fingerprintLength))
        guard bytes.count >= length else { return true }
        return position.head == (length == bytes.count ? print : fingerprint(bytes.prefix(length)))
    }

    /// True where these are the same bytes, as far as both have them.
    func isLike(_ head: ArraySlice<UInt8>) -> Bool {
        let count = min(bytes.count, head.count)
        return bytes.prefix(count) == head.prefix(count)
    }
}
