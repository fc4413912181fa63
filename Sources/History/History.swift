package import Atlas

/// What was kept, as it can be asked for.
///
/// Fit for a file beside the program and for a remote column store: conditions travel with the
/// question, lines come in pages, nothing answers with more than its limit. Calls block; a screen
/// asks from a thread that may wait.
package protocol History: LogHistory, MetricHistory {
    /// The newest picture; nil when none was ever kept.
    func picture() throws(HistoryError) -> Picture?

    /// What changed in the picture after `version`; 0 for all of it. Cheap when nothing did.
    func update(since version: Int64) throws(HistoryError) -> PictureUpdate

    /// The picture as it was kept last at or before the instant; nil before the first.
    func picture(at instant: Instant) throws(HistoryError) -> Picture?

    /// What changed in the picture, and when; a page at a time.
    func events(_ query: EventQuery) throws(HistoryError) -> EventPage

    /// Failovers of all runs that began at or after the instant, or still go on; oldest first.
    func failovers(since instant: Instant) throws(HistoryError) -> [FailoverRun]

    /// Inputs other than lines behind number `seq`, in the order of the fold, at most `limit`.
    func observations(after seq: Int64, limit: Int) throws(HistoryError) -> [JournalEntry]
}

/// Where a run's inputs and pictures are kept.
///
/// Whoever holds it is the only writer. Each call is one transaction: when it returns, all of it
/// has reached the disk, and when it throws, none of it has, and a later call may succeed.
package protocol HistorySink: Sendable {
    /// The number of the next line; goes on over restarts.
    var nextLine: UInt64 { get }

    /// The number that the next observation will get; goes on over restarts.
    var nextObservation: Int64 { get }

    /// How far each file was read, as kept with its last line; sorted by source.
    func positions() throws(HistoryError) -> [ReadPosition]

    /// Starts a run, at the start of a program and whenever its plan changed.
    ///
    /// - Parameters:
    ///   - plan: what the indices of sources in the chunks that follow refer to.
    ///   - picture: takes the place of all parts kept before.
    ///   - instant: when it starts.
    /// - Throws: `HistoryError`; nothing is kept then.
    func begin(_ plan: WatchPlan, picture: Picture, at instant: Instant) throws(HistoryError)

    /// Keeps a batch whole, or throws and keeps none of it.
    func append(_ batch: HistoryBatch) throws(HistoryError)

    /// The same batch, with what of the work of `append` can be done ahead; from any thread, also
    /// while another batch is appended.
    func prepared(_ batch: HistoryBatch) -> HistoryBatch
}

extension HistorySink {
    package func prepared(_ batch: HistoryBatch) -> HistoryBatch { batch }
}
