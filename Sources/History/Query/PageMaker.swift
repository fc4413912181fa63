internal import HistoryFormat

/// A page in the making, chunk after chunk.
protocol PageMaker: Sendable {
    /// What one chunk holds of it.
    associatedtype Finding: Sendable

    var tour: ChunkTour { get set }

    /// Whether the text of a chunk has to be read.
    func needsText(_ head: ChunkTour.Head) -> Bool

    /// What an open chunk holds, on any thread; text is unpacked only where it has to be.
    func look(
        into open: some OpenChunk,
        _ head: ChunkTour.Head,
        while isWanted: @escaping () -> Bool
    ) -> Finding

    /// Adds what the next chunk holds; false when the page ends with it.
    mutating func take(_ finding: Finding, of head: ChunkTour.Head) -> Bool
}
