import Glibc

/// NULs in a row that nobody wrote as text: the end of a block after a crash, the hole before a writer
/// that goes on where it was in a truncated file, the room at the end of a file that is mapped into
/// memory.
enum Padding {
    /// So many in a row are no text.
    static let least = 64
    /// What is said where some was passed over.
    static let words = "blocks of NUL bytes, as a crash or a hole leaves them"

    /// The NULs that a block begins with.
    static func count(atStartOf block: UnsafeRawBufferPointer) -> Int {
        var count = 0
        while count + 8 <= block.count,
            block.loadUnaligned(fromByteOffset: count, as: UInt64.self) == 0
        {
            count += 8
        }
        while count < block.count, block[count] == 0 { count += 1 }
        return count
    }

    /// The NULs that a block ends with.
    static func count(atEndOf block: UnsafeRawBufferPointer) -> Int {
        var rest = block.count
        while rest >= 8, block.loadUnaligned(fromByteOffset: rest - 8, as: UInt64.self) == 0 {
            rest -= 8
        }
        while rest > 0, block[rest - 1] == 0 { rest -= 1 }
        return block.count - rest
    }

    /// The first byte of a file from `offset` on that is no NUL; nil where all are, to its end.
    static func end(in descriptor: Int32, from offset: UInt64) -> UInt64? {
        var start = offset
        while true {
            // SEEK_DATA of lseek(2), which Swift's Glibc lacks: over what takes no room on the disk.
            let data = lseek(descriptor, off_t(start), 3)
            if data < 0, errno == ENXIO { return nil }
            if data > 0 { start = max(start, UInt64(data)) }
            let block = bytes(of: descriptor, at: start, count: 65_536)
            guard !block.isEmpty else { return nil }
            let blanks = block.withUnsafeBytes { count(atStartOf: $0) }
            start += UInt64(blanks)
            if blanks < block.count { return start }
        }
    }

    /// Where the NULs begin that a file of this size ends with.
    static func start(in descriptor: Int32, size: UInt64) -> UInt64 {
        var end = size
        while end > 0 {
            let length = min(end, 65_536)
            let block = bytes(of: descriptor, at: end - length, count: Int(length))
            let blanks = block.withUnsafeBytes { count(atEndOf: $0) }
            end -= UInt64(blanks)
            if blanks < block.count || blanks == 0 { return end }
        }
        return end
    }
}
