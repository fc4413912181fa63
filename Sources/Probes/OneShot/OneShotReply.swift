package import Atlas

/// The whole answer to one question of a `OneShotProbe`, how it ended, and how long it took.
///
/// As text, which is what is recorded, a line of the runner's and then what came:
///
///     @@azimuth exit 2 after 1532 us
///     @@azimuth signal 9 after 1532 us
///     @@azimuth connected 812 after 1532 us EXPECTS
///     @@azimuth tried 5 after 1532 us CONTEXT
///     @@azimuth found 0 after 1532 us CONTEXT
package struct OneShotReply: Hashable, Sendable {
    package enum Ending: Hashable, Sendable {
        /// A command ended with this status.
        case exit(Int32)
        /// A command was ended by this signal.
        case signal(Int32)
        /// A connection stood after `connected`; `expects` is that of its dialogue.
        case hungUp(connected: Span, expects: String)
        /// So many connections were tried, a line each (`RoundTrip`).
        case tried(Int32)
        /// Files were looked at (`FileFindings`).
        case found
    }

    /// What an answer may hold, in bytes.
    package static let limit = 65_536

    package var ending: Ending
    /// From the question to the end; whole microseconds.
    package var took: Span
    /// Invalid UTF-8 replaced.
    package var body: String
    /// That of an `ErrandProbe`'s reply, as text; empty for others, and for a connection.
    package var context: String

    package init(ending: Ending, took: Span, body: String, context: String = "") {
        self.context = context
        self.ending = ending
        self.took = took
        self.body = body
    }

    package var text: String {
        let (word, value, rest) =
            switch ending {
            case .exit(let status): ("exit", Int64(status), context)
            case .signal(let number): ("signal", Int64(number), context)
            case .hungUp(let connected, let expects):
                ("connected", connected.nanoseconds / 1_000, expects)
            case .tried(let count): ("tried", Int64(count), context)
            case .found: ("found", 0, context)
            }
        let head = "\(Self.mark) \(word) \(value) after \(took.nanoseconds / 1_000) us"
        return head + (rest.isEmpty ? "" : " " + rest) + "\n\(body)"
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
        let rest = words.count > 6 ? String(words[6]) : ""
        switch words[1] {
        case "exit": ending = .exit(value)
        case "signal": ending = .signal(value)
        case "connected":
            ending = .hungUp(
                connected: Span(nanoseconds: Int64(value) * 1_000),
                expects: rest
            )
        case "tried": ending = .tried(value)
        case "found": ending = .found
        default: return nil
        }
        context = words[1] == "connected" ? "" : rest
        self.took = Span(nanoseconds: Int64(took) * 1_000)
        body = end == bytes.endIndex ? "" : String(text[bytes.index(after: end)...])
    }

    /// How a command ended and the first line of its words, to follow its name.
    var endingWords: String {
        let ending =
            switch ending {
            case .exit(let status): "ended with status \(status)"
            case .signal(let number): "was ended by signal \(number)"
            case .hungUp, .tried, .found: "said"
            }
        let line = body.split(whereSeparator: \.isNewline).first ?? ""
        return line.isEmpty ? ending : ending + ": " + line.shortened(toBytes: 200)
    }

    private static let mark = "@@azimuth"
}
