import Atlas
import History

/// The first thing that a run keeps.
struct RunOpening: Sendable {
    /// The disk did not take it so far.
    struct Failed: Sendable {
        var opening: RunOpening
        var error: HistoryError
    }

    var plan: WatchPlan
    var picture: Picture
    var at: Instant

    func begin(in sink: some HistorySink) throws(HistoryError) {
        try sink.begin(plan, picture: picture, at: at)
    }

    /// Not nil where that has to be tried again: watching is not to wait for room on a disk.
    func begun(in sink: some HistorySink) throws(HistoryError) -> Failed? {
        do throws(HistoryError) {
            try begin(in: sink)
            return nil
        } catch {
            switch error {
            case .full, .busy, .failed: return Failed(opening: self, error: error)
            default: throw error
            }
        }
    }
}
