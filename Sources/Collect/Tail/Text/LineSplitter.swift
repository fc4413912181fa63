import Atlas
import Glibc

/// Cuts a stream of bytes into lines: at each LF, a CR before it dropped with it.
///
/// The last piece waits for its line end, however long that takes. A line over the limit is cut,
/// marked with `cutMark`, and counted once it ends. `Padding` before a line is passed over, and counted.
struct LineSplitter {
    /// What follows the bytes that were kept of a line that was cut.
    static let cutMark = Array(" [cut]".utf8)

    /// The bytes of a character: more than one in UTF-16 and UTF-32.
    struct Unit: Hashable {
        var width = 1
        var isBigEndian = false
    }

    private let limit: Int
    private let unit: Unit
    /// The line that has not ended, its first `limit + 1` bytes.
    private var partial: [UInt8] = []
    /// All bytes since the last line end, those that were not kept included.
    private(set) var pending = 0
    private var lastByte: UInt8 = 0
    /// Nothing is kept up to the next line end: its beginning is not known.
    private var isHeadless = false
    /// Lines that were cut since somebody asked.
    private var cuts = 0
    /// NULs that the line which has not ended begins with, while it holds nothing else.
    private var blanks = 0
    /// Padding was passed over, up to the end of the last block.
    private var isPassing = false
    /// How often padding was passed over since somebody asked.
    private var paddings = 0
    /// Bytes before the line that has not ended, from where the stream began.
    private var lineStart = 0
    /// Notes where each line begins, for `takeStarts`.
    private let notesStarts: Bool
    private var starts: [Int] = []
    /// Lines that a batch held at most.
    private var most = 0

    /// `limit` is a multiple of the unit's width.
    init(limit: Int, unit: Unit = Unit(), notesStarts: Bool = false) {
        self.limit = limit
        self.unit = unit
        self.notesStarts = notesStarts
    }

    /// The stream begins inside a line, which is not given out.
    mutating func beginInsideLine() {
        isHeadless = true
    }

    mutating func takeCuts() -> Int {
        defer { cuts = 0 }
        return cuts
    }

    mutating func takePaddings() -> Int {
        defer { paddings = 0 }
        return paddings
    }

    /// Where the lines that were given out since the last call begin, in bytes of the stream.
    mutating func takeStarts() -> [Int] {
        defer { starts.removeAll(keepingCapacity: true) }
        return starts
    }

    /// Adds the whole lines to the batch; a block holds whole units.
    mutating func take(_ block: UnsafeRawBufferPointer, into batch: inout LineBatch) {
        guard let base = block.baseAddress else { return }
        if batch.bytes.isEmpty {
            batch.bytes.reserveCapacity(partial.count + block.count)
            batch.ends.reserveCapacity(most)
        }
        defer { most = max(most, batch.ends.count) }
        var start = passPadding(block, from: 0)
        while let end = lineEnd(base, from: start, to: block.count) {
            if pending == 0, !isHeadless, unit.width == 1 {
                let next = takeWhole(block, from: start, into: &batch)
                if next > start {
                    start = passPadding(block, from: next)
                    continue
                }
            }
            let piece = UnsafeRawBufferPointer(rebasing: block[start..<end])
            if pending == 0, !isHeadless, piece.count <= limit {
                let hasReturn = piece.last == 13 && unit.width == 1
                batch.bytes.append(contentsOf: hasReturn ? piece.dropLast() : piece[...])
                batch.ends.append(UInt32(batch.bytes.count))
                if notesStarts { starts.append(lineStart) }
                lineStart += piece.count + unit.width
            } else {
                hold(piece)
                endLine(into: &batch, endLength: unit.width)
            }
            start = passPadding(block, from: end + unit.width)
        }
        hold(UnsafeRawBufferPointer(rebasing: block[start...]))
    }

    /// Where a line goes on, or the next one begins, behind padding.
    @inline(__always)
    private mutating func passPadding(_ block: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard start < block.count else { return start }
        guard block[start] == 0, unit.width == 1, blanks == pending, !isHeadless else {
            isPassing = false
            return start
        }
        return passBlanks(block, from: start)
    }

    private mutating func passBlanks(_ block: UnsafeRawBufferPointer, from start: Int) -> Int {
        let rest = UnsafeRawBufferPointer(rebasing: block[start...])
        let count = Padding.count(atStartOf: rest)
        if !isPassing {
            guard blanks + count >= Padding.least else {
                // Few, and part of the line; more may follow where the block ends.
                guard count == rest.count else { return start }
                hold(rest)
                blanks += count
                return block.count
            }
            paddings += 1
        }
        lineStart += blanks + count
        partial.removeAll(keepingCapacity: true)
        (pending, blanks) = (0, 0)
        isPassing = count == rest.count
        return start + count
    }

    /// Copies lines that begin at `start` and end in the block, up to one over the limit or after
    /// NULs, and gives where the next begins.
    ///
    /// The room is made once, and each line is a copy into it.
    private mutating func takeWhole(
        _ block: UnsafeRawBufferPointer,
        from start: Int,
        into batch: inout LineBatch
    ) -> Int {
        guard let base = block.baseAddress else { return start }
        var next = start
        var ends = batch.ends
        batch.ends = []
        let before = batch.bytes.count
        batch.bytes.append(addingCapacity: block.count - start) { output in
            output.withUnsafeMutableBufferPointer { room, count in
                guard let room = UnsafeMutableRawPointer(room.baseAddress) else { return }
                while next < block.count, let found = memchr(base + next, 10, block.count - next) {
                    let end = UnsafeRawPointer(found) - base
                    guard end - next <= limit, block[next] != 0 else { return }
                    let hasReturn = end > next && block[end - 1] == 13
                    let length = end - next - (hasReturn ? 1 : 0)
                    // Without line ends they are shorter than the block.
                    memcpy(room + count, base + next, length)
                    count += length
                    ends.append(UInt32(before + count))
                    if notesStarts { starts.append(lineStart) }
                    lineStart += end + 1 - next
                    next = end + 1
                }
            }
        }
        batch.ends = ends
        return next
    }

    /// Gives out what waits for its line end as a line: no end will come any more.
    mutating func finish(into batch: inout LineBatch) {
        endLine(into: &batch, endLength: 0)
    }

    private mutating func endLine(into batch: inout LineBatch, endLength: Int) {
        defer {
            lineStart += pending + endLength
            partial.removeAll(keepingCapacity: true)
            (pending, blanks) = (0, 0)
            isHeadless = false
        }
        guard !isHeadless else {
            cuts += 1
            return
        }
        let hasReturn = pending > 0 && lastByte == 13 && unit.width == 1
        let length = hasReturn ? pending - 1 : pending
        if length > limit {
            cuts += 1
            batch.bytes.append(contentsOf: Self.kept(partial, limit, isText: unit.width == 1))
            if unit.width == 1 { batch.bytes.append(contentsOf: Self.cutMark) }
        } else {
            batch.bytes.append(contentsOf: partial.prefix(length))
        }
        batch.ends.append(UInt32(batch.bytes.count))
        if notesStarts { starts.append(lineStart) }
    }

    /// What is kept of a line that is longer than the limit: no letter of UTF-8 is cut in two.
    static func kept(_ line: [UInt8], _ limit: Int, isText: Bool = true) -> ArraySlice<UInt8> {
        guard isText, line.count > limit, line[limit] & 0xC0 == 0x80 else {
            return line.prefix(limit)
        }
        let tail = line[..<limit].suffix(3).reversed().prefix { $0 & 0xC0 == 0x80 }.count
        let lead = limit - tail - 1
        let isLetter = lead >= 0 && line[lead] >= 0xC0
        return line.prefix(isLetter ? lead : limit)
    }

    /// Where the next line end begins.
    private func lineEnd(_ base: UnsafeRawPointer, from start: Int, to count: Int) -> Int? {
        var from = start
        while from < count, let found = memchr(base + from, 10, count - from) {
            let place = UnsafeRawPointer(found) - base
            guard unit.width > 1 else { return place }
            let first = place - place % unit.width
            let wanted = unit.isBigEndian ? first + unit.width - 1 : first
            let isEnd =
                place == wanted
                && (first..<min(count, first + unit.width)).allSatisfy {
                    $0 == place || base.load(fromByteOffset: $0, as: UInt8.self) == 0
                }
            if isEnd { return first }
            from = place + 1
        }
        return nil
    }

    private mutating func hold(_ piece: UnsafeRawBufferPointer) {
        guard let last = piece.last else { return }
        pending += piece.count
        lastByte = last
        partial.append(contentsOf: piece.prefix(max(0, limit + 1 - partial.count)))
    }
}
