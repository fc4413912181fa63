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
            """
            select min(seq), max(seq) from (select seq, seq - row_number() over (order by seq) \
            as island from (select distinct seq from \(Self.quoted(table)) \
            where seq between \(first) and \(last)) d) i group by island order by 1
            """,
            number: number
        )
    }

    package func decodeWrites(_ reply: String) throws(ProbeError) -> [ClosedRange<Int64>] {
        var islands: [ClosedRange<Int64>] = []
        for line in reply.split(whereSeparator: \.isNewline) {
            let ends = line.split(separator: "|", omittingEmptySubsequences: false)
            if line.contains(":") { continue }
            guard ends.count == 2, let first = Int64(ends[0]), let last = Int64(ends[1]),
                first <= last, islands.last.map({ $0.upperBound < first }) ?? true
            else { throw .unreadable(probe: PostgreSQL().name, line: String(line)) }
            islands.append(first...last)
        }
        return islands
    }

    package func prune(table: String, first: Int64, last: Int64, number: UInt64) -> SessionRequest {
        PostgreSQL.request(
            "delete from \(Self.quoted(table)) where seq between \(first) and \(last)",
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
            guard !isPlain else { return String(part) }
            let harmless = part.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
            var quoted = "\""
            for scalar in harmless {
                quoted.unicodeScalars.append(scalar)
                if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            }
            return quoted + "\""
        }
        .joined(separator: ".")
    }
}
