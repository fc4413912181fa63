import Atlas

/// What the words of psql, libpq and the server mean, and which SQLSTATE means what.
///
/// Codes: PostgreSQL manual, appendix A. Words: libpq's fe-connect.c and postmaster.c, in English,
/// because the client runs with LANG=C; a server that speaks another language in its connection
/// errors is understood by what is left, and its words are shown as they are.
enum PostgreSQLFailure {
    /// Nil when the statement went well.
    static func refusal(in reply: SessionReply) -> ProbeFailure? {
        let code = reply.verdict
        let isOld = code == ":SQLSTATE"
        let line = complaint(in: reply.text)
        guard isOld ? line != nil : code != "00000" else { return nil }
        return ProbeFailure(kind(ofCode: code), words: line ?? "SQLSTATE \(code)")
    }

    static func classify(output: String, wasConnected: Bool) -> ProbeFailure {
        for (words, kind) in known where output.contains(words) {
            let line = lines(of: output).first { $0.contains(words) } ?? Substring(words)
            // What ends a session that had worked is a break, whatever the server calls it.
            let isBreak = wasConnected && kind == .unreachable
            return ProbeFailure(isBreak ? .broken : kind, words: bare(line))
        }
        let line = complaint(in: output) ?? lines(of: output).last.map(String.init)
        return ProbeFailure(
            wasConnected ? .broken : .unreachable,
            words: line ?? "psql ended without a word"
        )
    }

    /// In this order: the first that is found decides.
    private static let known: [(words: String, kind: ProbeFailure.Kind)] = [
        ("too many connections", .refused),
        ("password authentication failed", .denied),
        ("no password supplied", .denied),
        ("no pg_hba.conf entry", .denied),
        ("pg_hba.conf rejects", .denied),
        ("authentication failed", .denied),
        ("role \"", .denied),
        ("permission denied", .denied),
        ("terminating connection", .broken),
        ("server closed the connection unexpectedly", .broken),
        ("connection to server was lost", .broken),
        ("the database system is", .unreachable),
        ("timeout expired", .timeout),
        ("Connection refused", .unreachable),
        ("could not translate host name", .unreachable),
        ("No route to host", .unreachable),
        ("Network is unreachable", .unreachable),
        ("too many clients already", .refused),
        ("remaining connection slots are reserved", .refused),
        ("\" does not exist", .refused),
        ("invalid connection option", .refused),
    ]

    private static func kind(ofCode code: String) -> ProbeFailure.Kind {
        switch code {
        // Missing right; anything about authorization.
        case "42501": .denied
        case _ where code.hasPrefix("28"): .denied
        // Cancelled: only the statement timeout does that to us.
        case "57014": .timeout
        case _ where code.hasPrefix("57P") || code.hasPrefix("08"): .broken
        default: .refused
        }
    }

    /// The first line in which the server or psql complains.
    private static func complaint(in text: String) -> String? {
        lines(of: text).first { line in
            ["ERROR:", "FATAL:", "PANIC:", "psql: error:"].contains { line.contains($0) }
        }
        .map(bare)
    }

    private static func lines(of text: String) -> [Substring] {
        text.split(whereSeparator: \.isNewline)
    }

    private static func bare(_ line: some StringProtocol) -> String {
        let prefixes = ["psql: error: ", "psql: ", "ERROR:  ", "FATAL:  "]
        var rest = Substring(line)
        for prefix in prefixes where rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
        return String(rest)
    }
}
