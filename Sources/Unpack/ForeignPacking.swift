/// A file that is packed in a way that is not unpacked here, told by how it begins.
package struct ForeignPacking: Hashable, Sendable {
    package let name: String
    /// Writes what a file holds to standard output; the file's path follows.
    package let tool: String

    /// So many bytes tell.
    private static let headBytes = 8

    /// Of "LZ4 Frame Format", compress(1), "ZIP File Format Specification" section 4.3.7, "7z
    /// Format description" and lzop's source; each has bytes that are no text.
    private static let known: [(magic: [UInt8], name: String, tool: String)] = [
        ([0x04, 0x22, 0x4D, 0x18], "lz4", "lz4cat"),
        ([0x1F, 0x9D], "compress", "zcat"),
        ([0x50, 0x4B, 0x03, 0x04], "zip", "unzip -p"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z", "7z x -so"),
        ([0x89, 0x4C, 0x5A, 0x4F, 0x00, 0x0D, 0x0A], "lzop", "lzop -dc"),
    ]

    /// By the first bytes of a file; nil for all else.
    package init?(head: some Sequence<UInt8>) {
        let head = Array(head.prefix(Self.headBytes))
        guard let found = Self.known.first(where: { head.starts(with: $0.magic) }) else {
            return nil
        }
        (name, tool) = (found.name, found.tool)
    }
}
