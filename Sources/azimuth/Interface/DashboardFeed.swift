import Atlas
import History
import Screens

/// Where a dashboard's pictures come from: a run of its own, another process' history, a recording.
protocol DashboardFeed: Sendable {
    var box: PictureBox { get }
    /// How the screen calls it.
    var kind: Feed { get }
    /// How long all of it is, where that is known.
    var length: Span? { get }

    /// The picture as it was at a moment; nil when that is not known.
    func picture(at instant: Instant) -> Picture?

    /// Kept lines; called on a thread that may wait, and may end early once nobody wants them.
    func lines(for question: LogQuestion, _ wish: LineWish) -> LogAnswer

    /// Kept numbers; asked on a thread that may wait.
    var metrics: any MetricHistory { get }

    /// Holds a replay; a live feed goes on and only its screen stands still.
    func pause()

    /// Goes on; a replay from the moment that was looked at, where one was.
    func resume(from instant: Instant?)

    /// Of a replay; infinite for as fast as it goes.
    func setSpeed(_ speed: Double)

    /// Notes something at the present moment; returns what the person is told.
    func mark(_ text: String) -> Notice
}

extension DashboardFeed {
    var length: Span? { nil }
    func pause() {}
    func resume(from instant: Instant?) {}
    func setSpeed(_ speed: Double) {}
}
