internal import HistoryFormat

/// A chunk whose parts are looked at one by one; nil from any of them means that it is not what was
/// written.
protocol OpenChunk {
    /// All but the lines' bytes; columns that are not wanted may be empty.
    func columns(_ wanted: ColumnSet) -> StoredChunk?
    /// In their order, without a gap; there is one at least.
    func parts() -> [TextPart]?
    /// Hands over the bytes of a part, valid for the call only.
    func text<Result: Sendable>(
        of part: TextPart,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result?
}

extension StoredChunk: OpenChunk {
    func columns(_ wanted: ColumnSet) -> StoredChunk? { self }

    func parts() -> [TextPart]? {
        [TextPart(stored: bytes.indices, text: bytes.indices)]
    }

    func text<Result: Sendable>(
        of part: TextPart,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        bytes.withUnsafeBytes { body($0) }
    }
}

extension StoredChunk {
    /// The lines of a part, by their index; nil where it does not hold whole lines.
    ///
    /// An empty line between two parts is in the first of them.
    func lines(in part: TextPart) -> Range<Int>? {
        let first = part.text.lowerBound == 0 ? 0 : count(endingBy: part.text.lowerBound)
        let end = count(endingBy: part.text.upperBound)
        guard first <= end, self.end(of: first) == part.text.lowerBound,
            self.end(of: end) == part.text.upperBound
        else { return nil }
        return first..<end
    }

    /// How many lines end at a byte or before it.
    private func count(endingBy place: Int) -> Int {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(ends[middle]) <= place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where the first `count` lines end.
    private func end(of count: Int) -> Int { count == 0 ? 0 : Int(ends[count - 1]) }
}

extension ChunkOpener {
    /// As `withText`, with what comes of it; here, since another module's generic code is slow.
    func text<Result: Sendable>(
        of part: TextPart,
        in frames: [UInt8],
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        var result: Result?
        let isWhole = withText(of: part, in: frames) { result = body($0) }
        return isWhole ? result : nil
    }
}
