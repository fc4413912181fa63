package import Atlas

/// Reads one value, or writes one numbered row: `insert into TABLE(seq, at)`.
package struct PostgreSQLCanary: CanaryClient {
    package init() {}

    package func attempt(
        _ attempt: Int64,
        mode: Canary.Mode,
        table: String,
        number: UInt64
    ) -> SessionRequest {
        let statement =
            switch mode {
            case .read: "select \(attempt)"
            case .write:
                "insert into \(Self.quoted(table))(seq, at) "
                    + "values (\(attempt), clock_timestamp()) returning seq"
            }
        return PostgreSQL.request(statement, number: number)
    }

    package func judge(_ reply: SessionReply, attempt: Int64) -> ProbeFailure? {
        if let failure = PostgreSQLFailure.refusal(in: reply) { return failure }
        // psql prints the row only after the server has confirmed the commit.
        let lines = reply.text.split(whereSeparator: \.isNewline)
        return lines.contains { $0 == "\(attempt)" }
            ? nil : ProbeFailure(.refused, words: "the answer is not the number that was asked for")
    }

    package func writes(
        table: String,
        first: Int64,
        last: Int64,
        number: UInt64
    ) -> SessionRequest {
        PostgreSQL.request(
            CanaryTable.islands(in: Self.quoted(table), first, last),
            number: number
        )
    }

    package func decodeWrites(_ reply: String) throws(ProbeError) -> [ClosedRange<Int64>] {
        var islands: [ClosedRange<Int64>] = []
        for line in reply.split(whereSeparator: \.isNewline) where !line.contains(":") {
            guard CanaryTable.take(line, separator: "|", into: &islands) else {
                throw .unreadable(probe: PostgreSQL().name, line: String(line))
            }
        }
        return islands
    }

    package func prune(table: String, first: Int64, last: Int64, number: UInt64) -> SessionRequest {
        PostgreSQL.request(
            CanaryTable.removal(from: Self.quoted(table), first, last),
            number: number
        )
    }

    /// A table name as it may stand in a statement: plain names, with or without a schema, as
    /// they are (they fold to lower case, as in SQL), all others as quoted identifiers.
    static func quoted(_ table: String) -> String {
        table.split(separator: ".", omittingEmptySubsequences: false).map { part in
            let isPlain =
                part.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } ?? false
                && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            return isPlain ? String(part) : CanaryTable.quoted(part, "\"")
        }
        .joined(separator: ".")
    }
}
