package import Atlas

/// What a canary says to a system, over the same kind of session as its probe.
package protocol CanaryClient: Sendable {
    /// Which kinds of canary it can be; both unless it says otherwise.
    var modes: [Canary.Mode] { get }

    /// One try: a single statement, retried by nobody.
    ///
    /// `attempt` is the number of the try, which a write canary writes into `table` (a read
    /// canary has none); `number` is that of the request, as in `Probe.status`.
    func attempt(
        _ attempt: Int64,
        mode: Canary.Mode,
        table: String,
        number: UInt64
    ) -> SessionRequest

    /// Why the try was bad; nil when it was good.
    func judge(_ reply: SessionReply, attempt: Int64) -> ProbeFailure?

    /// Which numbers from `first` to `last` are there.
    func writes(table: String, first: Int64, last: Int64, number: UInt64) -> SessionRequest

    /// The numbers that are there, from the text of an answered `writes` question.
    ///
    /// As islands: rising, apart from each other, none empty.
    func decodeWrites(_ reply: String) throws(ProbeError) -> [ClosedRange<Int64>]

    /// Removes the canary's own rows from `first` to `last`.
    func prune(table: String, first: Int64, last: Int64, number: UInt64) -> SessionRequest
}

extension CanaryClient {
    package var modes: [Canary.Mode] { [.read, .write] }
}
