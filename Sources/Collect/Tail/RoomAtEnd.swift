import Glibc

/// The `Padding` that a file ends with: a writer that made room for its lines fills it, so it is not
/// read before something follows it.
struct RoomAtEnd {
    /// In bytes; 0 where there is none.
    private(set) var count: UInt64 = 0
    /// What the system told of the file when all of the room was looked at.
    private var known: Known?
    /// Where a byte was seen that is no NUL: what is before it is no room.
    private var text: UInt64 = 0

    private struct Known: Equatable {
        var start: UInt64
        var size: UInt64
        var seconds: Int
        var nanoseconds: Int
    }

    /// Nothing is known, as of a file of which nothing was read.
    mutating func forget() {
        count = 0
        known = nil
        text = 0
    }

    /// Looks at a block that was read at an offset of an open file, and gives how many bytes at its
    /// end are of the room.
    mutating func look(
        at block: UnsafeRawBufferPointer,
        from offset: UInt64,
        of descriptor: Int32
    ) -> Int {
        count = 0
        var status = stat()
        let end = offset + UInt64(block.count)
        guard block.last == 0, end > text, fstat(descriptor, &status) == 0 else { return 0 }
        let blanks = Padding.count(atEndOf: block)
        let now = Known(
            start: end - UInt64(blanks),
            size: UInt64(max(0, status.st_size)),
            seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec
        )
        if now != known {
            known = nil
            if let next = Padding.end(in: descriptor, from: end) {
                text = next
                return 0
            }
            guard now.size >= now.start + UInt64(Padding.least) else { return 0 }
            known = now
        }
        count = now.size - now.start
        return blanks
    }
}
