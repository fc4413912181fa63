import Atlas
import Glibc

/// Cuts a stream of bytes into lines: at each LF, a CR before it dropped with it.
///
/// The last piece waits for its line end, however long that takes. A line over the limit is cut,
/// and counted once it ends.
struct LineSplitter {
    private let limit: Int
    /// The line that has not ended, its first `limit + 1` bytes.
    private var partial: [UInt8] = []
    /// All bytes since the last line end, those that were not kept included.
    private(set) var pending = 0
    private var lastByte: UInt8 = 0
    /// Nothing is kept up to the next line end: its beginning is not known.
    private var isHeadless = false
    /// Lines that were cut since somebody asked.
    private var cuts = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// The stream begins inside a line, which is not given out.
    mutating func beginInsideLine() {
        isHeadless = true
    }

    mutating func takeCuts() -> Int {
        defer { cuts = 0 }
        return cuts
    }

    /// Adds the whole lines to the batch.
    mutating func take(_ block: UnsafeRawBufferPointer, into batch: inout LineBatch) {
        guard let base = block.baseAddress else { return }
        var start = 0
        while start < block.count, let found = memchr(base + start, 10, block.count - start) {
            let end = UnsafeRawPointer(found) - base
            let piece = UnsafeRawBufferPointer(rebasing: block[start..<end])
            if pending == 0, !isHeadless, piece.count <= limit {
                let hasReturn = piece.last == 13
                batch.bytes.append(contentsOf: hasReturn ? piece.dropLast() : piece[...])
                batch.ends.append(UInt32(batch.bytes.count))
            } else {
                hold(piece)
                finish(into: &batch)
            }
            start = end + 1
        }
        hold(UnsafeRawBufferPointer(rebasing: block[start...]))
    }

    /// Gives out what waits for its line end as a line: no end will come any more.
    mutating func finish(into batch: inout LineBatch) {
        defer {
            partial.removeAll(keepingCapacity: true)
            pending = 0
            isHeadless = false
        }
        guard !isHeadless else {
            cuts += 1
            return
        }
        let length = pending > 0 && lastByte == 13 ? pending - 1 : pending
        if length > limit { cuts += 1 }
        batch.bytes.append(contentsOf: partial.prefix(min(length, limit)))
        batch.ends.append(UInt32(batch.bytes.count))
    }

    private mutating func hold(_ piece: UnsafeRawBufferPointer) {
        guard let last = piece.last else { return }
        pending += piece.count
        lastByte = last
        partial.append(contentsOf: piece.prefix(limit + 1 - partial.count))
    }
}
