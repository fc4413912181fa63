internal import HistoryFormat

/// Chunks on their way into one row.
struct RowDraft {
    /// A row holds at most so much, unless a chunk of the fold has more; so opening one takes about
    /// a millisecond.
    static let mostLines = 16_384
    /// Four full chunks of the fold, and a bit, since one ends with the line that fills it.
    static let mostBytes = (1 << 20) + (64 << 10)

    /// Those follow each other.
    private(set) var pieces: [StoredChunk] = []
    private(set) var lines = 0
    private(set) var bytes = 0
    /// What comes of it once all of it is there, where that was packed ahead.
    private var packed: PackedChunk?

    init(_ packed: PackedChunk? = nil) {
        self.packed = packed
    }

    /// The row, where nothing is left to be done.
    var ready: PackedChunk? { packed?.count == lines ? packed : nil }

    func hasRoom(for next: StoredChunk) -> Bool {
        if let packed { return lines + next.count <= packed.count }
        guard let last = pieces.last else { return true }
        return last.lastLine + 1 == next.firstLine
            && hasRoom(forLines: next.count, bytes: next.bytes.count)
    }

    func hasRoom(forLines more: Int, bytes moreBytes: Int) -> Bool {
        lines + more <= Self.mostLines && bytes + moreBytes <= Self.mostBytes
    }

    mutating func add(_ piece: StoredChunk) { add(piece, at: pieces.count) }

    /// Adds what comes before all that is there: then it has to be packed anew.
    mutating func addBefore(_ piece: StoredChunk) {
        packed = nil
        add(piece, at: 0)
    }

    private mutating func add(_ piece: StoredChunk, at index: Int) {
        pieces.insert(piece, at: index)
        lines += piece.count
        bytes += piece.bytes.count
    }
}
