import Atlas

/// What the words of redis-cli and the error replies of the server mean.
///
/// Error replies begin with a code in capitals (Redis documentation, "RESP protocol", simple
/// errors); redis-cli prints them as they are. Its own words are in src/redis-cli.c
/// (cliConnect, cliAuth, cliPrintContextError).
enum RedisFailure {
    /// Lines after which the question's last command, a PING, is not answered as hoped: there is
    /// no server, or one that answers everything with this error.
    static let hopeless = [
        "Could not connect to Redis at ", "Error: ", "AUTH failed: ", "NOAUTH ", "NOPERM ",
        "DENIED ", "LOADING ", "MASTERDOWN ", "BUSY ", "ERR max number of clients",
        "ERR unknown command",
    ]

    /// Nil when no line of the reply is an error.
    static func refusal(in text: String) -> ProbeFailure? {
        lines(of: text).first(where: isError).map { line in
            ProbeFailure(kind(of: line), words: line)
        }
    }

    static func classify(output: String, wasConnected: Bool) -> ProbeFailure {
        let words = lines(of: output)
        let told = words.first { line in
            isError(line) || hopeless.contains { line.hasPrefix($0) }
        }
        guard let line = told ?? words.last else {
            return ProbeFailure(
                wasConnected ? .broken : .unreachable,
                words: "redis-cli ended without a word"
            )
        }
        let kind = kind(of: line)
        // What ends a session that had worked is a break, whatever is said of it.
        return ProbeFailure(wasConnected && kind == .unreachable ? .broken : kind, words: line)
    }

    private static func kind(of line: Substring) -> ProbeFailure.Kind {
        let start = line.hasPrefix("AUTH failed: ") || line.hasPrefix("Error: ")
        let rest = start ? line.drop { $0 != ":" }.dropFirst(2) : line
        switch rest.prefix(while: { $0 != " " }) {
        case "NOAUTH", "NOPERM", "WRONGPASS", "DENIED": return .denied
        case "LOADING": return .unreachable
        case "BUSY": return .timeout
        case _ where line.hasPrefix("AUTH failed: "): return .denied
        case _ where line.hasPrefix("Could not connect"):
            return line.hasSuffix("timed out") ? .timeout : .unreachable
        case _ where line.hasPrefix("Error: "): return .broken
        case _ where isError(rest): return .refused
        default: return .unreachable
        }
    }

    /// A code of at least three capitals, and something behind it.
    private static func isError(_ line: Substring) -> Bool {
        let code = line.utf8.prefix { (0x41...0x5A).contains($0) }
        return code.count >= 3 && line.utf8.dropFirst(code.count).first == 0x20
    }

    private static func lines(of text: String) -> [Substring] {
        text.split(whereSeparator: \.isNewline)
    }
}
