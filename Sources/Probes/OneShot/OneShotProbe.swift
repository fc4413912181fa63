package import Atlas

/// A probe that begins anew with each question, so that nothing stays open between two.
///
/// What the runner hands to `decode`, and to a canary, is the text of a `OneShotReply`.
package protocol OneShotProbe: Probe {}

/// Starts the command of `session` for each question, and reads what it writes until it ends.
package protocol CommandProbe: OneShotProbe {}

/// Connects for each question, and hangs up after the answer.
package protocol ConnectionProbe: OneShotProbe {
    /// What to connect to and what to say there.
    func dialogue(for address: String) throws(ProbeError) -> Dialogue

    /// True when nothing more is wanted of the other side.
    ///
    /// `bytes` is all that came so far, at first nothing; `expects` is that of the dialogue.
    func isComplete(_ bytes: [UInt8], expects: String) -> Bool
}

/// Reads files of this machine, and how much room its file systems have, for each question.
package protocol FileProbe: OneShotProbe {
    /// What to read.
    func reading(for address: String) throws(ProbeError) -> FileReading
}

/// One question over a stream socket, or over TLS on top of one.
package struct Dialogue: Hashable, Sendable {
    /// A name or a numeric address; empty with a path.
    package var host: String
    package var port: UInt16
    /// A Unix socket to connect to instead, at most 107 bytes (unix(7)).
    package var path: String?
    /// Whoever is asked tells of another: when it cannot be reached, that one may be well.
    package var isHearsay = false
    /// Sent as soon as the connection stands; below 32 KiB, empty when the connection is all.
    package var text: String
    /// What a good answer is, in words of the probe; comes back with the reply.
    package var expects: String
    /// Nil when all is sent as it is.
    package var tls: TLSWishes?

    package init(
        host: String,
        port: UInt16,
        text: String = "",
        expects: String = "",
        tls: TLSWishes? = nil
    ) {
        self.tls = tls
        self.host = host
        self.port = port
        self.text = text
        self.expects = expects
    }

    package init(path: String, text: String = "", expects: String = "") {
        self.init(host: "", port: 0, text: text, expects: expects)
        self.path = path
    }
}

extension OneShotProbe {
    /// Nothing frames a question: its answer ends with its client.
    package func status(number: UInt64) -> SessionRequest { SessionRequest(text: "", end: "") }

    package func refusal(in reply: SessionReply) -> ProbeFailure? { nil }

    package func classify(output: String, wasConnected: Bool) -> ProbeFailure {
        ProbeFailure(.broken, words: output)
    }

    func reply(_ text: String) throws(ProbeError) -> OneShotReply {
        guard let reply = OneShotReply(text) else {
            let line = text.prefix { !$0.isNewline }
            throw .unreadable(probe: name, line: String(line))
        }
        return reply
    }
}

extension ConnectionProbe {
    /// Without arguments, since there is no client to start; throws for an address that is bad.
    package func session(
        for address: String,
        timeout: Span
    ) throws(ProbeError) -> SessionCommand {
        _ = try dialogue(for: address)
        return SessionCommand(arguments: [])
    }
}

extension FileProbe {
    /// Without arguments, since there is no client to start; throws for an address that is bad.
    package func session(
        for address: String,
        timeout: Span
    ) throws(ProbeError) -> SessionCommand {
        _ = try reading(for: address)
        return SessionCommand(arguments: [])
    }
}
