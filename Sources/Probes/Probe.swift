package import Atlas

/// How one real system is asked about itself; a value, listed in `ProbeCatalog`.
///
/// Pure: it says what to start, what to write and how to read the answer. ProbeRunner (Collect)
/// does the I/O, through one long-lived client process for each target. A system that is better
/// asked anew each time, by a command or over a connection, has a `OneShotProbe`.
package protocol Probe: Sendable {
    /// Name in the catalogue and in azimuth.yaml, such as `postgresql`.
    var name: String { get }
    /// What it sees, in one line.
    var summary: String { get }
    /// What an address looks like, with an example.
    var addressHelp: String { get }
    /// The canary side of the same client; nil when the system has none.
    var canary: (any CanaryClient)? { get }

    /// The client to start for an address.
    ///
    /// `timeout` is how long one answer may take; it is handed to the client and the server
    /// where they can keep it themselves. Throws `ProbeError.secretInAddress`, since an address
    /// is visible to every user of the machine.
    func session(for address: String, timeout: Span) throws(ProbeError) -> SessionCommand

    /// The question asked each time.
    ///
    /// `number` is unique in a session, so that replies can never be mixed up.
    func status(number: UInt64) -> SessionRequest

    /// Why a framed reply is an error of the system and no answer; nil when it is an answer.
    func refusal(in reply: SessionReply) -> ProbeFailure?

    /// What the text of an answered `status` question says.
    func decode(_ reply: String) throws(ProbeError) -> [Observation]

    /// What an operator should know about a readable reply, such as a missing right; often empty.
    func remarks(on reply: String) -> [String]

    /// Why the client ended, from what it wrote since the last whole reply.
    ///
    /// `wasConnected` is true when the session had answered before.
    func classify(output: String, wasConnected: Bool) -> ProbeFailure
}

extension Probe {
    package var canary: (any CanaryClient)? { nil }

    package func remarks(on reply: String) -> [String] { [] }
}
