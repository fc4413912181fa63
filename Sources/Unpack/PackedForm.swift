/// How a log that was put aside is packed: the programs that logrotate(8) is told to use.
package enum PackedForm: CaseIterable, Sendable {
    /// RFC 1952.
    case gzip
    /// RFC 8878.
    case zstd
    /// "The .xz File Format", version 1.2.
    case xz
    case bzip2

    /// What the program adds to the name of a file.
    package var suffix: String {
        switch self {
        case .gzip: ".gz"
        case .zstd: ".zst"
        case .xz: ".xz"
        case .bzip2: ".bz2"
        }
    }

    package var name: String { "\(self)" }

    /// By the end of a file's name.
    package init?(name: some StringProtocol) {
        guard let form = Self.allCases.first(where: { name.hasSuffix($0.suffix) }) else {
            return nil
        }
        self = form
    }

    /// So many bytes tell what a file is.
    package static let headBytes = 10

    /// By the first bytes of a file; nil for what is not packed, or is too short to tell.
    ///
    /// Lines do not begin so: each has bytes that are no text, or, for bzip2, ten of its own.
    package init?(head: some Sequence<UInt8>) {
        let head = Array(head.prefix(Self.headBytes))
        func begins(_ magic: [UInt8]) -> Bool { head.starts(with: magic) }
        // Deflate is the one method there is, and three of the flags are for later.
        if begins([0x1F, 0x8B, 8]), head.count > 3, head[3] & 0xE0 == 0 {
            self = .gzip
        } else if begins([0x28, 0xB5, 0x2F, 0xFD]) || Self.isSkippable(head) {
            self = .zstd
        } else if begins([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]) {
            self = .xz
        } else if begins(Array("BZh".utf8)), head.count == Self.headBytes,
            Self.blocks.contains(Array(head[4...]))
        {
            self = .bzip2
        } else {
            return nil
        }
    }

    /// A frame that means nothing to a decoder, as pzstd(1) writes one first: RFC 8878 section
    /// 3.1.2.
    private static func isSkippable(_ head: [UInt8]) -> Bool {
        head.count > 3 && head[0] & 0xF0 == 0x50 && head[1...3].elementsEqual([0x2A, 0x4D, 0x18])
    }

    /// How a block of bzip2 begins, and how a file without one ends: pi, and its root.
    private static let blocks: [[UInt8]] = [
        [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
    ]
}
