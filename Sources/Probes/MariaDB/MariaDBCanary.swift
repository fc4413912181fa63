package import Atlas

/// Reads one value, or writes one numbered row: `insert into TABLE(seq, at)`.
package struct MariaDBCanary: CanaryClient {
    package init() {}

    /// A write asks for `read_only` itself: an account that read_only does not bind would write
    /// into a replica, and the two servers would differ from then on.
    ///
    /// (`read_only` is a number, and from version 12 on a word; compared as text, since comparing
    /// a number with a word warns.)
    package func attempt(
        _ attempt: Int64,
        mode: Canary.Mode,
        table: String,
        number: UInt64
    ) -> SessionRequest {
        let statement =
            switch mode {
            case .read: "select \(attempt) as seq"
            case .write:
                "insert into \(Self.quoted(table))(seq, at) select \(attempt), now(6) from dual "
                    + "where concat(@@global.read_only) in ('0', 'OFF')"
            }
        return MariaDB.request(statement, number: number)
    }

    package func judge(_ reply: SessionReply, attempt: Int64) -> ProbeFailure? {
        if let failure = MariaDBFailure.refusal(in: reply) { return failure }
        switch reply.verdict {
        // The block goes on after the insert only when it is committed.
        case "0 1": return nil
        case "0 0":
            return ProbeFailure(
                .refused,
                words: "the server is read_only, though this account could write"
            )
        default:
            return reply.text.utf8.split(separator: 10).contains {
                $0.elementsEqual("\(attempt)".utf8)
            }
                ? nil
                : ProbeFailure(.refused, words: "the answer is not the number that was asked for")
        }
    }

    package func writes(
        table: String,
        first: Int64,
        last: Int64,
        number: UInt64
    ) -> SessionRequest {
        MariaDB.request(
            CanaryTable.islands(in: Self.quoted(table), first, last),
            number: number
        )
    }

    package func decodeWrites(_ reply: String) throws(ProbeError) -> [ClosedRange<Int64>] {
        var islands: [ClosedRange<Int64>] = []
        for line in reply.utf8.split(separator: 10).map({ String(Substring($0)) })
        where line != "first\tlast" {
            guard CanaryTable.take(line[...], separator: "\t", into: &islands) else {
                throw .unreadable(probe: MariaDB().name, line: line)
            }
        }
        return islands
    }

    package func prune(table: String, first: Int64, last: Int64, number: UInt64) -> SessionRequest {
        MariaDB.request(
            CanaryTable.removal(from: Self.quoted(table), first, last),
            number: number
        )
    }

    /// A table name as quoted identifiers, with or without a database.
    ///
    /// Backslashes fall out: the client takes one before a backquote for an escape, the server
    /// does not.
    static func quoted(_ table: String) -> String {
        table.split(separator: ".", omittingEmptySubsequences: false)
            .map { CanaryTable.quoted($0.filter { $0 != "\\" }, "`") }
            .joined(separator: ".")
    }
}
