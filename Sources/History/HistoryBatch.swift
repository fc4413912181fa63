package import Atlas

/// What is kept by one transaction.
package struct HistoryBatch: Sendable {
    /// The fold's time; what `picture(at:)` goes by.
    package var at: Instant
    /// In the order of their lines; a number may be left out (lines that could not be kept), none
    /// may come twice.
    package var chunks: [LogChunk]
    /// In the order of the fold.
    package var observations: [JournalEntry]
    /// Parts of the picture that changed since the batch before.
    package var parts: [PicturePart]
    /// Numbers over time; more of a second that was kept before are added to it.
    package var metrics: [MetricRow]
    /// What is packed already.
    var ahead = RowsAhead()

    package init(
        at: Instant,
        chunks: [LogChunk] = [],
        observations: [JournalEntry] = [],
        parts: [PicturePart] = [],
        metrics: [MetricRow] = []
    ) {
        self.at = at
        self.chunks = chunks
        self.observations = observations
        self.parts = parts
        self.metrics = metrics
    }

    /// Batches that follow each other as one, with these parts instead of theirs.
    package init(
        joining batches: some Sequence<HistoryBatch>,
        parts: [PicturePart],
        at instant: Instant
    ) {
        self.init(at: instant, parts: parts)
        for batch in batches {
            chunks += batch.chunks
            observations += batch.observations
            metrics += batch.metrics
            ahead.add(batch.ahead)
        }
    }
}

/// An input that is no line, and its place in the fold.
///
/// Lines are kept in chunks; with `line` the two can be put together again as they came.
package struct JournalEntry: Hashable, Sendable {
    /// Given by the history: rises by one an entry, from 1; 0 while not kept.
    package var seq: Int64
    /// The number of the first line that entered the fold after it.
    package var line: UInt64
    /// Anything but `.lines`.
    package var input: Input

    package init(seq: Int64 = 0, line: UInt64, input: Input) {
        self.seq = seq
        self.line = line
        self.input = input
    }
}

/// What changed in the picture.
package struct PictureUpdate: Hashable, Sendable {
    /// To be given back at the next question.
    package var version: Int64
    /// True when `parts` are the whole picture: what is not among them is gone.
    package var isWhole: Bool
    package var parts: [PicturePart]

    package init(version: Int64, isWhole: Bool, parts: [PicturePart]) {
        self.version = version
        self.isWhole = isWhole
        self.parts = parts
    }

    /// Brings a picture up to this version; nil stays nil when there is nothing to show.
    package func apply(to picture: inout Picture?) {
        guard isWhole || !parts.isEmpty else { return }
        var next = Picture(at: .distantPast, estate: Estate())
        if !isWhole, let picture { next = picture }
        for part in parts { next.apply(part) }
        picture = parts.isEmpty ? nil : next
    }
}
