internal import Atlas
internal import HistoryFormat
internal import Synchronization

/// What is packed before its transaction, while the one before is written.
extension HistoryWriter {
    /// Shorter rows are joined with what was written before them.
    private static let leastAhead = 256 * 1_024

    package func prepared(_ batch: HistoryBatch) -> HistoryBatch {
        let meaning = meaning.withLock { $0 }
        var drafts: [RowDraft] = []
        for chunk in batch.chunks where chunk.count > 0 {
            guard let piece = StoredChunk(chunk, ids: meaning.ids) else {
                // A source that is new: `append` gives it its id.
                drafts.append(RowDraft())
                continue
            }
            if drafts.last?.hasRoom(for: piece) != true { drafts.append(RowDraft()) }
            drafts[drafts.count - 1].add(piece)
        }
        var rest = drafts.filter { $0.bytes >= Self.leastAhead }[...]
        var rows: [PackedChunk] = []
        packers.work {
            rest.popFirst()
        } work: { draft, packer, _ in
            packer.pack(draft.pieces)
        } take: { packed in
            if let packed { rows.append(packed) }
            return true
        }
        var batch = batch
        batch.ahead = RowsAhead(rows, of: meaning)
        return batch
    }
}
