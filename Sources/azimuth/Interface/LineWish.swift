import Screens

/// Who waits for the answer to a question about lines.
struct LineWish: Sendable {
    /// False as soon as nobody waits any more; from any thread.
    var isWanted: @Sendable () -> Bool = { true }
    /// Takes what was found so far, while the search goes on.
    var show: @Sendable (LogAnswer) -> Void = { _ in }
}
