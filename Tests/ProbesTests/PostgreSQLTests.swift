import Atlas
import Probes
import Testing

@Suite("The PostgreSQL probe")
struct PostgreSQLTests {
    private let probe = PostgreSQL()

    @Test(
        "refuses an address that holds a password",
        arguments: [
            "host=a password=x", "password = x host=a", "host=a sslpassword=x",
            "postgres://me:secret@a/db", "postgresql://a/db?user=me&password=x",
        ]
    )
    func refusesSecrets(address: String) {
        #expect(throws: ProbeError.self) { try probe.session(for: address, timeout: .seconds(1)) }
    }

    @Test(
        "takes an address without one",
        arguments: [
            "host=a port=5432 user=me dbname=postgres", "postgres://me@a:5432/db", "service=db",
            "host=a passfile=/etc/azimuth/pgpass",
        ]
    )
    func takesAddresses(address: String) throws {
        let command = try probe.session(for: address, timeout: .milliseconds(1_500))
        #expect(command.arguments.first == "psql")
        #expect(command.arguments.last == "--dbname=\(address)")
        #expect(command.environment.contains("PGCONNECT_TIMEOUT=2"))
        #expect(command.environment.contains("PGOPTIONS=-c statement_timeout=1500"))
        #expect(command.withheld == ["PGPASSWORD"])
    }

    @Test("lets no table name end the statement")
    func quotesTables() {
        let canary = PostgreSQLCanary()
        func statement(_ table: String) -> String {
            canary.prune(table: table, first: 1, last: 2, number: 3).text
        }
        #expect(statement("ops.canary").hasPrefix("delete from ops.canary where"))
        #expect(statement("Mixed Case").hasPrefix("delete from \"Mixed Case\" where"))
        #expect(
            statement("x\"; drop table y; --\n\\! sh").hasPrefix(
                "delete from \"x\"\"; drop table y; --\\! sh\" where seq between 1 and 2;"
            )
        )
        #expect(statement("").hasPrefix("delete from \"\" where"))
    }

    @Test("keeps bars in a standby's name, and passes over the server's warnings")
    func readsAroundOddities() throws {
        let observations = try probe.decode(
            """
            WARNING:  database "postgres" has a collation version mismatch
            server|17.2|f|0000000A|1/00000010||
            peer|streaming|quorum|1/0|0/FFFFFFFF|a|b
            peer|backup|async|||pg_basebackup
            """
        )
        #expect(
            observations == [
                .role(.primary),
                .position(
                    LogPosition(timeline: 10, received: 4_294_967_312, applied: 4_294_967_312)
                ),
                .peer(
                    ReplicationPeer(
                        name: "a|b",
                        state: "streaming",
                        flushed: 4_294_967_296,
                        applied: 4_294_967_295,
                        isSynchronous: true
                    )
                ),
            ]
        )
    }

    @Test("takes what was replayed as received when nothing was ever received")
    func readsArchiveStandby() throws {
        let observations = try probe.decode("server|10.23|t|1||0/20|false")
        #expect(
            observations.contains(
                .position(LogPosition(timeline: 1, received: 32, applied: 32))
            )
        )
        #expect(observations.contains(.upstream(nil)))
    }

    @Test("says what it could not read", arguments: ["", "server|15", "server|15|x|1|0/1||", "hm"])
    func rejectsNonsense(reply: String) {
        #expect(throws: ProbeError.self) { try probe.decode(reply) }
    }

    @Test("judges a try by the number it asked for, with psql of any age")
    func judges() {
        let canary = PostgreSQLCanary()
        #expect(canary.judge(SessionReply(text: "42", verdict: "00000"), attempt: 42) == nil)
        #expect(canary.judge(SessionReply(text: "42", verdict: ":SQLSTATE"), attempt: 42) == nil)
        #expect(canary.judge(SessionReply(text: "41", verdict: "00000"), attempt: 42) != nil)
        #expect(canary.judge(SessionReply(text: "", verdict: "00000"), attempt: 42) != nil)
        let old = SessionReply(text: "ERROR:  no", verdict: ":SQLSTATE")
        #expect(canary.judge(old, attempt: 42)?.kind == .refused)
    }

    @Test("rejects numbers that do not rise", arguments: ["3|1", "1|2\n2|3", "1", "a|b", "1|2|3"])
    func rejectsIslands(reply: String) {
        #expect(throws: ProbeError.self) { try PostgreSQLCanary().decodeWrites(reply) }
    }

    @Test("takes what ends a working session as a break")
    func tellsBreaks() {
        let words = "FATAL:  the database system is shutting down"
        #expect(probe.classify(output: words, wasConnected: true).kind == .broken)
        #expect(probe.classify(output: words, wasConnected: false).kind == .unreachable)
        #expect(probe.classify(output: "", wasConnected: true).kind == .broken)
    }
}
