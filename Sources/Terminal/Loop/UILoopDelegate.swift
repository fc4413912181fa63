package import Canvas

/// What a loop runs.
@MainActor
package protocol UILoopDelegate: AnyObject {
    /// When `.timeout` is wanted, on `MonotonicClock`; nil for never. Asked before each wait.
    var deadline: UInt64? { get }

    func handle(_ event: TerminalEvent) -> UILoop.Reaction

    /// The screen as it is now, in columns and rows.
    func draw(width: Int, height: Int) -> Canvas
}
