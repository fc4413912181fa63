internal import HistoryFormat

/// Rows that were packed before their transaction, by the first line of each.
struct RowsAhead: Sendable {
    /// What the sources of chunks meant then.
    struct Meaning: Equatable {
        /// 0 before the first.
        var run: Int64 = 0
        /// As `HistoryWriter.Cursor.sourceIDs`.
        var ids: [Int64] = []
    }

    private var rows: [UInt64: PackedChunk] = [:]
    private var run: Int64 = 0

    init() {}

    init(_ rows: [PackedChunk], of meaning: Meaning) {
        self.rows = Dictionary(
            rows.map { ($0.firstLine, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        run = meaning.run
    }

    /// Of two runs those of the first are forgotten, and packed again.
    mutating func add(_ other: RowsAhead) {
        guard !other.rows.isEmpty else { return }
        if run != other.run { rows = [:] }
        run = other.run
        rows.merge(other.rows) { _, second in second }
    }

    /// The row that begins with a line, if sources mean the same still.
    func row(from line: UInt64, in run: Int64) -> PackedChunk? {
        run == self.run ? rows[line] : nil
    }
}
