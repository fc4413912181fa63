package import Atlas

/// PostgreSQL 10 and newer with streaming replication, asked through one `psql` fed by a pipe.
package struct PostgreSQL: Probe {
    package let name = "postgresql"
    package let summary = "role, timeline, WAL positions, standbys and upstream, connections"
    package let addressHelp = """
        a libpq connection string, such as 'host=db-1 port=5432 user=azimuth dbname=postgres'; \
        the password stays in ~/.pgpass, and the role wants pg_monitor
        """

    package init() {}

    package var canary: (any CanaryClient)? { PostgreSQLCanary() }

    package func session(
        for address: String,
        timeout: Span
    ) throws(ProbeError) -> SessionCommand {
        guard !Self.holdsPassword(address) else {
            throw .secretInAddress(
                probe: name,
                remedy: "take it out of the address and put it into ~/.pgpass (mode 0600)"
            )
        }
        // libpq takes 2 s at least; the runner's own timeout is the one that counts.
        let seconds = max(2, (timeout.nanoseconds + 999_999_999) / 1_000_000_000)
        let milliseconds = max(1, timeout.nanoseconds / 1_000_000)
        return SessionCommand(
            arguments: [
                "psql", "-X", "-w", "-A", "-t", "-q", "-F|", "-v", "ON_ERROR_STOP=0",
                "-P", "pager=off", "--dbname=\(address)",
            ],
            environment: [
                "PGCONNECT_TIMEOUT=\(seconds)", "PGAPPNAME=azimuth",
                "PGOPTIONS=-c statement_timeout=\(milliseconds)", "PGCLIENTENCODING=UTF8",
            ],
            inherited: ["PG*"],
            withheld: ["PGPASSWORD"]
        )
    }

    package func status(number: UInt64) -> SessionRequest {
        Self.request(PostgreSQLStatus.question, number: number)
    }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        guard let status = PostgreSQLStatus(reply) else {
            let lines = reply.split(whereSeparator: \.isNewline)
            let line = lines.first { $0.hasPrefix("server|") } ?? lines.first ?? ""
            throw .unreadable(probe: name, line: String(line))
        }
        return status.observations
    }

    package func remarks(on reply: String) -> [String] {
        PostgreSQLStatus(reply)?.remarks ?? []
    }

    package func refusal(in reply: SessionReply) -> ProbeFailure? {
        PostgreSQLFailure.refusal(in: reply)
    }

    package func classify(output: String, wasConnected: Bool) -> ProbeFailure {
        PostgreSQLFailure.classify(output: output, wasConnected: wasConnected)
    }

    /// A statement and the line that closes its reply: `@@azimuth NUMBER SQLSTATE`.
    ///
    /// psql sets SQLSTATE since 11; an older one leaves the word `:SQLSTATE` there.
    static func request(_ statement: String, number: UInt64) -> SessionRequest {
        let end = "@@azimuth \(number) "
        return SessionRequest(text: "\(statement);\n\\echo \(end):SQLSTATE\n", end: end)
    }

    /// True for `password=` among the words of a connection string, and for `user:password@` in
    /// a URI (PostgreSQL manual, section "Connection Strings").
    private static func holdsPassword(_ address: String) -> Bool {
        let schemes = ["postgres://", "postgresql://"]
        if let scheme = schemes.first(where: { address.hasPrefix($0) }) {
            let rest = address.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            if let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") {
                return true
            }
            return ["?password=", "&password=", "sslpassword="].contains { rest.contains($0) }
        }
        return address.split(separator: "=").dropLast().contains { part in
            let word = part.split(whereSeparator: \.isWhitespace).last
            return word == "password" || word == "sslpassword"
        }
    }
}
