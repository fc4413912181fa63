import Atlas

/// What the numbers of server and client errors mean.
///
/// Numbers: MariaDB's list of error codes; those from 2000 on are the client library's.
enum MariaDBFailure {
    /// Nil when the statements went well: the verdict is `0 ROWS`, else `NUMBER TEXT`.
    static func refusal(in reply: SessionReply) -> ProbeFailure? {
        let parts = reply.verdict.split(separator: " ", maxSplits: 1)
        guard let first = parts.first, let code = Int(first) else {
            return ProbeFailure(.refused, words: "the reply has no outcome")
        }
        guard code != 0 else { return nil }
        return ProbeFailure(
            kind(of: code, words: reply.verdict, wasConnected: true),
            words: parts.count == 2 ? parts[1] : "error \(code)"
        )
    }

    /// The client ends with `ERROR NUMBER (SQLSTATE): TEXT`, or ` at line N:` once it worked.
    static func classify(output: String, wasConnected: Bool) -> ProbeFailure {
        let lines = output.utf8.split(separator: 10).map { Substring($0) }
        guard let line = lines.last(where: { $0.hasPrefix("ERROR ") }),
            let code = Int(line.dropFirst(6).prefix { $0.isASCII && $0.isNumber })
        else { return withoutNumber(lines, wasConnected: wasConnected) }
        let words = line.firstRange(of: ": ").map { line[$0.upperBound...] } ?? line
        return ProbeFailure(kind(of: code, words: words, wasConnected: wasConnected), words: words)
    }

    /// The client complains of its own options or files as `mariadb: …` or in plain words.
    private static func withoutNumber(
        _ lines: [Substring],
        wasConnected: Bool
    ) -> ProbeFailure {
        let complaint = lines.first {
            $0.hasPrefix("mariadb: ") || $0.hasPrefix("Could not open required defaults file")
        }
        if let complaint { return ProbeFailure(.refused, words: complaint) }
        return ProbeFailure(
            wasConnected ? .broken : .unreachable,
            words: lines.last ?? "mariadb ended without a word"
        )
    }

    private static func kind(
        of code: Int,
        words: some StringProtocol,
        wasConnected: Bool
    ) -> ProbeFailure.Kind {
        switch code {
        // User, host, password, database, table, routine, missing right, expired password.
        case 1044, 1045, 1130, 1142, 1143, 1227, 1370, 1698, 1820, 1862: .denied
        // Statement time exceeded, lock wait timed out; cut off while it was read or written.
        case 1205, 1969, 3024: .timeout
        // Shutdown, network errors of the server, killed.
        case 1053, 1158...1161, 1927: .broken
        case 2000...2013 where wasConnected: .broken
        case 2000...2013: isTimeOut(words) ? .timeout : .unreachable
        default: .refused
        }
    }
    /// The error of the operating system stands in brackets or at the end: ETIMEDOUT.
    private static func isTimeOut(_ words: some StringProtocol) -> Bool {
        ["(110 ", "(110)", "system error: 110"].contains { words.contains($0) }
    }
}
