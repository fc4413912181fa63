import Glibc
package import Unpack

/// Reads a file from its beginning to its end, many whole lines at a time, where they stand.
///
/// For what looks at a file once, packed or not. The last line needs no line end. A line over 1 MiB
/// is cut, and counted.
package struct LineBlocks: ~Copyable {
    private static let blockBytes = 256 << 10
    private static let lineLimit = 1 << 20

    /// Lines that were cut so far.
    package private(set) var cuts = 0
    private var plain: PlainBytes
    private var buffer: UnsafeMutableRawBufferPointer
    /// What the buffer holds, and how much of it was given out.
    private var filled = 0
    private var given = 0
    private var ends: UnsafeMutableBufferPointer<UInt32>
    /// Up to its end, the line that is read was cut: it is passed over.
    private var isPassing = false
    private var hasEnded = false

    /// `descriptor` stays with who opened it.
    package init(_ descriptor: Int32) {
        plain = PlainBytes(descriptor)
        buffer = .allocate(byteCount: Self.blockBytes, alignment: 64)
        ends = .allocate(capacity: 8_192)
    }

    deinit {
        buffer.deallocate()
        ends.deallocate()
    }

    /// Some whole lines: their bytes with a line end behind each, and where each ends before it.
    package struct Run {
        package var bytes: UnsafeRawBufferPointer
        package var ends: UnsafeBufferPointer<UInt32>
    }

    /// The next lines, valid until the next call; nil at the end.
    package mutating func next() throws(UnpackError) -> Run? {
        moveRest()
        while !hasEnded {
            let start = filled
            if try !fill() {
                hasEnded = true
                return filled > 0 ? line(to: filled) : nil
            }
            if isPassing, !passOver() { continue }
            // What was there before holds no line end.
            let found = split(from: min(start, filled))
            if found > 0 {
                given = Int(ends[found - 1]) + 1
                return Run(
                    bytes: UnsafeRawBufferPointer(rebasing: buffer[..<given]),
                    ends: UnsafeBufferPointer(rebasing: ends[..<found])
                )
            }
            if filled > Self.lineLimit {
                cuts += 1
                isPassing = true
                given = filled
                return line(to: Self.lineLimit)
            }
        }
        return nil
    }

    /// What begins a line goes to the front.
    private mutating func moveRest() {
        guard given > 0, let base = buffer.baseAddress else { return }
        filled -= given
        memmove(base, base + given, filled)
        given = 0
    }

    /// Reads once; false at the end of the file.
    private mutating func fill() throws(UnpackError) -> Bool {
        if filled == buffer.count { widen() }
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        let count = try plain.read(into: room)
        filled += count
        return count > 0
    }

    /// For a line that is longer than the buffer.
    private mutating func widen() {
        let wider = UnsafeMutableRawBufferPointer.allocate(
            byteCount: 2 * buffer.count,
            alignment: 64
        )
        wider.copyMemory(from: UnsafeRawBufferPointer(buffer))
        buffer.deallocate()
        buffer = wider
    }

    /// Drops the rest of a line that was cut; false while its end has not come.
    private mutating func passOver() -> Bool {
        guard let base = buffer.baseAddress, let found = memchr(base, 10, filled) else {
            filled = 0
            return false
        }
        given = found - base + 1
        moveRest()
        isPassing = false
        return true
    }

    /// Finds the line ends from an offset on: how many there are.
    private mutating func split(from start: Int) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var count = 0
        var start = start
        while start < filled, let found = memchr(base + start, 10, filled - start) {
            let end = found - base
            if count == ends.count { widenEnds() }
            ends[count] = UInt32(end)
            count += 1
            start = end + 1
        }
        return count
    }

    private mutating func widenEnds() {
        let wider = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 2 * ends.count)
        _ = wider.update(fromContentsOf: ends)
        ends.deallocate()
        ends = wider
    }

    /// One line from the beginning of the buffer on.
    private func line(to end: Int) -> Run {
        ends[0] = UInt32(end)
        return Run(
            bytes: UnsafeRawBufferPointer(rebasing: buffer[..<end]),
            ends: UnsafeBufferPointer(rebasing: ends[..<1])
        )
    }
}
