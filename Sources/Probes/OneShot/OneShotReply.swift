package import Atlas

/// The whole answer to one question of a `OneShotProbe`, how it ended, and how long it took.
///
/// As text, which is what is recorded, a line of the runner's and then what came:
///
///     @@azimuth exit 2 after 1532 us
///     @@azimuth signal 9 after 1532 us
///     @@azimuth connected 812 after 1532 us EXPECTS
///     @@azimuth read 2 after 85 us
package struct OneShotReply: Hashable, Sendable {
    package enum Ending: Hashable, Sendable {
        /// A command ended with this status.
        case exit(Int32)
        /// A command was ended by this signal.
        case signal(Int32)
        /// A connection stood after `connected`; `expects` is that of its dialogue.
        case hungUp(connected: Span, expects: String)
        /// So many files and file systems were read (`FileReply`).
        case read(Int32)
    }

    /// What an answer may hold, in bytes.
    package static let limit = 65_536

    package var ending: Ending
    /// From the question to the end; whole microseconds.
    package var took: Span
    /// Invalid UTF-8 replaced.
    package var body: String

    package init(ending: Ending, took: Span, body: String) {
        self.ending = ending
        self.took = took
        self.body = body
    }

    package var text: String {
        let (word, value, rest) =
            switch ending {
            case .exit(let status): ("exit", Int64(status), "")
            case .signal(let number): ("signal", Int64(number), "")
            case .hungUp(let connected, let expects):
                ("connected", connected.nanoseconds / 1_000, expects.isEmpty ? "" : " " + expects)
            case .read(let count): ("read", Int64(count), "")
            }
        return "\(Self.mark) \(word) \(value) after \(took.nanoseconds / 1_000) us\(rest)\n\(body)"
    }

    /// Nil for any other text.
    package init?(_ text: String) {
        let bytes = text.utf8
        let end = bytes.firstIndex(of: 10) ?? bytes.endIndex
        let words = text[..<end].split(
            separator: " ",
            maxSplits: 6,
            omittingEmptySubsequences: false
        )
        guard words.count >= 6, words[0] == Self.mark, words[3] == "after", words[5] == "us",
            let value = Int32(words[2]), value >= 0, let took = Int32(words[4]), took >= 0
        else { return nil }
        switch words[1] {
        case "exit": ending = .exit(value)
        case "signal": ending = .signal(value)
        case "read": ending = .read(value)
        case "connected":
            ending = .hungUp(
                connected: Span(nanoseconds: Int64(value) * 1_000),
                expects: words.count > 6 ? String(words[6]) : ""
            )
        default: return nil
        }
        self.took = Span(nanoseconds: Int64(took) * 1_000)
        body = end == bytes.endIndex ? "" : String(text[bytes.index(after: end)...])
    }

    private static let mark = "@@azimuth"
}
