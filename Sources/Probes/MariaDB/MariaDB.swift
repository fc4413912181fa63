package import Atlas

/// MariaDB 10.2 and newer with GTID replication, asked through one `mariadb` fed by a pipe.
package struct MariaDB: Probe {
    package let name = "mariadb"
    package let summary = "role, GTID positions in transactions, upstream, connections"
    package let addressHelp = """
        words for the client, such as 'host=db-1 port=3306 user=azimuth' (also: socket, database, \
        defaults-file, ssl-ca, ssl-cert, ssl-key); the password stays in ~/.my.cnf or in the \
        defaults-file; the user wants SLAVE MONITOR (before 10.5: REPLICATION CLIENT), a canary's \
        an ordinary user, since one with READ_ONLY ADMIN or SUPER is let through read_only
        """

    package init() {}

    package var canary: (any CanaryClient)? { MariaDBCanary() }

    package func session(
        for address: String,
        timeout: Span
    ) throws(ProbeError) -> SessionCommand {
        let options = try MariaDBAddress(address).options
        let seconds = max(1, (timeout.nanoseconds + 999_999_999) / 1_000_000_000)
        let milliseconds = max(1, timeout.nanoseconds / 1_000_000)
        let statementTime =
            "\(milliseconds / 1_000).\(String(milliseconds % 1_000 + 1_000).dropFirst())"
        return SessionCommand(
            // A defaults-file has to come first, and what follows it wins over what it says.
            // Without --force and with --skip-reconnect a lost connection ends the client.
            arguments: ["mariadb"] + options + [
                "--batch", "--unbuffered", "--column-names", "--skip-raw", "--skip-table",
                "--skip-vertical", "--skip-force", "--skip-reconnect", "--delimiter=//",
                "--connect-timeout=\(seconds)",
                "--init-command=set autocommit=1, max_statement_time=\(statementTime), "
                    + "time_zone='+00:00'",
            ]
        )
    }

    package func status(number: UInt64) -> SessionRequest {
        Self.request(MariaDBStatus.question, number: number)
    }

    package func decode(_ reply: String) throws(ProbeError) -> [Observation] {
        guard let status = MariaDBStatus(reply) else {
            let lines = reply.split(whereSeparator: \.isNewline)
            throw .unreadable(probe: name, line: String(lines.first ?? ""))
        }
        return status.observations
    }

    package func remarks(on reply: String) -> [String] {
        MariaDBStatus(reply)?.remarks ?? []
    }

    package func refusal(in reply: SessionReply) -> ProbeFailure? {
        MariaDBFailure.refusal(in: reply)
    }

    package func classify(output: String, wasConnected: Bool) -> ProbeFailure {
        MariaDBFailure.classify(output: output, wasConnected: wasConnected)
    }

    /// Statements and the line that closes their reply: `@@azimuth NUMBER ERROR`, where ERROR is
    /// `0 ROWS` (-1 after a query), or the number and text of the error that ended them.
    ///
    /// The last condition is the error, those before it are warnings. One block, so one round trip; each statement in it is a transaction of its own. The client
    /// by itself would either end at an error of the server, or go on after a lost connection.
    static func request(_ statements: String, number: UInt64) -> SessionRequest {
        let end = "@@azimuth \(number) "
        return SessionRequest(
            text: """
                begin not atomic declare n int; declare c int; declare m text; \
                declare exit handler for sqlexception begin get diagnostics n = number; \
                get diagnostics condition n c = mysql_errno, m = message_text; \
                select concat('\(end)', c, ' ', m) as ``; end; \
                \(statements); select concat('\(end)0 ', row_count()) as ``; end//

                """,
            end: end
        )
    }
}
