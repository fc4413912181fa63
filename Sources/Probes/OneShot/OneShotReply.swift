package import Atlas

/// The whole answer to one question of a `OneShotProbe`, how it ended, and how long it took.
///
/// As text, which is what is recorded, a line of the runner's and then what came:
///
///     @@azimuth exit 2 after 1532 us EXPECTS
///     @@azimuth signal 9 after 1532 us EXPECTS
///     @@azimuth connected 812 after 1532 us EXPECTS
///     @@azimuth tried 5 after 1532 us EXPECTS
///     @@azimuth found 0 after 1532 us EXPECTS
///     @@azimuth read 2 after 85 us
///
/// EXPECTS is that of the command or dialogue, or an `ErrandContext`; where it is empty, so is the
/// end of the line.
package struct OneShotReply: Hashable, Sendable {
    package enum Ending: Hashable, Sendable {
        /// A command ended with this status.
        case exit(Int32)
        /// A command was ended by this signal.
        case signal(Int32)
        /// A connection stood after `connected`.
        case hungUp(connected: Span)
        /// So many connections were tried, a line each (`RoundTrip`).
        case tried(Int32)
        /// Files were looked at (`FileFindings`).
        case found
        /// So many files and file systems were read (`FileReply`).
        case read(Int32)
    }

    /// What an answer may hold, in bytes.
    package static let limit = 65_536

    package var ending: Ending
    /// From the question to the end; whole microseconds.
    package var took: Span
    package var expects: String
    /// Invalid UTF-8 replaced.
    package var body: String

    package init(ending: Ending, took: Span, expects: String = "", body: String) {
        self.ending = ending
        self.took = took
        self.expects = expects
        self.body = body
    }

    package var text: String {
        let (word, value) =
            switch ending {
            case .exit(let status): ("exit", Int64(status))
            case .signal(let number): ("signal", Int64(number))
            case .hungUp(let connected): ("connected", connected.nanoseconds / 1_000)
            case .tried(let count): ("tried", Int64(count))
            case .found: ("found", 0)
            case .read(let count): ("read", Int64(count))
            }
        let rest = expects.isEmpty ? "" : " " + expects
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
            ending = .hungUp(connected: Span(nanoseconds: Int64(value) * 1_000))
        case "tried": ending = .tried(value)
        case "found": ending = .found
        default: return nil
        }
        self.took = Span(nanoseconds: Int64(took) * 1_000)
        expects = words.count > 6 ? String(words[6]) : ""
        body = end == bytes.endIndex ? "" : String(text[bytes.index(after: end)...])
    }

    /// How a command ended and the first line of its words, to follow its name.
    var endingWords: String {
        let ending =
            switch ending {
            case .exit(let status): "ended with status \(status)"
            case .signal(let number): "was ended by signal \(number)"
            case .hungUp, .tried, .found, .read: "said"
            }
        let line = body.split(whereSeparator: \.isNewline).first ?? ""
        return line.isEmpty ? ending : ending + ": " + line.shortened(toBytes: 200)
    }

    private static let mark = "@@azimuth"
}
