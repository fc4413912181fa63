import Atlas
import Probes
import Testing

@Suite("The MariaDB probe")
struct MariaDBTests {
    private let probe = MariaDB()

    @Test(
        "refuses an address that holds a password",
        arguments: ["host=a password=x", "PASS=x", "pwd=x", "mysql://me:secret@a/db", "passwd1=x"]
    )
    func refusesSecrets(address: String) {
        #expect {
            try probe.session(for: address, timeout: .seconds(1))
        } throws: { error in
            guard case ProbeError.secretInAddress? = error as? ProbeError else { return false }
            return true
        }
    }

    @Test(
        "refuses words that the client would take for something else, and repeats no value",
        arguments: ["tee=/etc/hidden", "init-command=hidden", "host", "-phidden", "host="]
    )
    func refusesWords(address: String) throws {
        let error = try #require(throws: ProbeError.self) {
            try probe.session(for: address, timeout: .seconds(1))
        }
        #expect(!error.what.contains("hidden") && !error.remedy.isEmpty)
        #expect(error.exit == .badConfiguration)
    }

    @Test("makes options of the words, a defaults-file first, and passes nothing of ours on")
    func takesAddresses() throws {
        let command = try probe.session(
            for: "host=a port=23306 user=me defaults-file=/etc/azimuth/my.cnf",
            timeout: .milliseconds(1_050)
        )
        #expect(
            command.arguments.prefix(5)
                == [
                    "mariadb", "--defaults-file=/etc/azimuth/my.cnf", "--host=a", "--port=23306",
                    "--user=me",
                ]
        )
        #expect(command.arguments.contains("--connect-timeout=2"))
        #expect(command.arguments.contains { $0.contains("max_statement_time=1.050,") })
        #expect(command.environment.isEmpty && command.inherited.isEmpty)
    }

    @Test("lets no table name end the statement")
    func quotesTables() {
        func statement(_ table: String) -> String {
            MariaDBCanary().prune(table: table, first: 1, last: 2, number: 3).text
        }
        #expect(statement("ops.canary").contains("delete from `ops`.`canary` where"))
        #expect(
            statement("x`; drop table y; --\n\\! sh").contains(
                "delete from `x``; drop table y; --! sh` where seq between 1 and 2;"
            )
        )
        #expect(statement("a\\").contains("delete from `a` where"))
    }

    @Test("a write asks a server that is read_only for nothing, whatever the account may do")
    func asksForReadOnly() {
        let canary = MariaDBCanary()
        let request = canary.attempt(42, mode: .write, table: "t", number: 7)
        #expect(request.text.contains("where concat(@@global.read_only) in ('0', 'OFF')"))
        #expect(canary.judge(SessionReply(text: "", verdict: "0 0"), attempt: 42)?.kind == .refused)
    }

    @Test("judges a try by its row or by the number it asked for")
    func judges() {
        let canary = MariaDBCanary()
        #expect(canary.judge(SessionReply(text: "", verdict: "0 1"), attempt: 42) == nil)
        #expect(canary.judge(SessionReply(text: "seq\n42\n", verdict: "0 -1"), attempt: 42) == nil)
        #expect(canary.judge(SessionReply(text: "seq\n41\n", verdict: "0 -1"), attempt: 42) != nil)
        #expect(canary.judge(SessionReply(text: "", verdict: "0 -1"), attempt: 42) != nil)
        #expect(canary.judge(SessionReply(text: "42", verdict: ""), attempt: 42) != nil)
    }

    @Test(
        "rejects numbers that do not rise",
        arguments: ["3\t1", "1\t2\n2\t3", "1", "a\tb", "1|2"]
    )
    func rejectsIslands(reply: String) {
        #expect(throws: ProbeError.self) { try MariaDBCanary().decodeWrites(reply) }
    }

    private func reply(
        readOnly: String = "1",
        positions: (log: String, applied: String) = ("", "0-1-5"),
        io: String = "Yes",
        sql: String = "Yes",
        behind: String = "0",
        received: String = "0-1-7"
    ) -> String {
        """
        version\tread_only\tbinlog_pos\tcurrent_pos\tslave_pos
        10.6.1\t\(readOnly)\t\(positions.log)\t\t\(positions.applied)
        Connection_name\tMaster_Host\tMaster_Port\tSlave_IO_Running\tSlave_SQL_Running\t\
        Seconds_Behind_Master\tGtid_IO_Pos
        \tdb-1\t3306\t\(io)\t\(sql)\t\(behind)\t\(received)
        """
    }

    @Test(
        "the role is by read_only and by the threads, not by what is left of a configuration",
        arguments: [
            ("1", "Yes", "Yes", ReplicationRole.standby), ("1", "No", "No", .standby),
            ("0", "Yes", "Yes", .standby), ("0", "Connecting", "No", .standby),
            ("0", "No", "Yes", .standby), ("0", "No", "No", .primary),
            ("OFF", "No", "No", .primary),
            ("NO_LOCK", "No", "No", .standby),
        ]
    )
    func roles(readOnly: String, io: String, sql: String, role: ReplicationRole) throws {
        let observations = try probe.decode(reply(readOnly: readOnly, io: io, sql: sql))
        #expect(observations.contains(.role(role)))
    }

    @Test("NULL for Seconds_Behind_Master is never healthy")
    func nullIsNotHealthy() throws {
        #expect(try probe.decode(reply(behind: "0")).contains(.replayPaused(false)))
        #expect(try probe.decode(reply(behind: "NULL")).contains(.replayPaused(true)))
        #expect(try probe.decode(reply(io: "Connecting", behind: "NULL")).contains(.upstream(nil)))
        #expect(try probe.decode(reply(sql: "No", behind: "NULL")).contains(.replayPaused(true)))
    }

    @Test("positions are transactions, summed over the domains")
    func positions() throws {
        let standby = try probe.decode(
            reply(positions: ("", "0-1-5,7-2-100"), received: "7-2-104,0-1-9")
        )
        #expect(
            standby.contains(
                .position(
                    LogPosition(timeline: 1, received: 113, applied: 105, unit: .transactions)
                )
            )
        )
        let promoted = try probe.decode(
            reply(readOnly: "0", positions: ("0-2-806", "0-1-805"), io: "No", sql: "No")
        )
        #expect(
            promoted.contains(
                .position(
                    LogPosition(timeline: 1, received: 806, applied: 806, unit: .transactions)
                )
            )
        )
    }

    @Test(
        "says what it could not read",
        arguments: [
            "", "hm", "version\tread_only", "version\tread_only\n10\t1\t1", "version\tx\n1\t2",
        ]
    )
    func rejectsNonsense(reply: String) {
        #expect(throws: ProbeError.self) { try probe.decode(reply) }
    }

    @Test("a position that is none is not read as a smaller one")
    func rejectsPositions() {
        for wrong in ["x", "0-1", "0-1--5", "0-1-99999999999999999999"] {
            #expect(throws: ProbeError.self) { try probe.decode(reply(received: wrong)) }
        }
    }

    @Test("takes what ends a working session as a break")
    func tellsBreaks() {
        let words = "ERROR 2013 (HY000) at line 2: Lost connection to server during query"
        #expect(probe.classify(output: words, wasConnected: true).kind == .broken)
        #expect(probe.classify(output: words, wasConnected: false).kind == .unreachable)
        #expect(probe.classify(output: "", wasConnected: true).kind == .broken)
        let late = "ERROR 2002 (HY000): Can't connect to server on 'db-1' (110)"
        #expect(probe.classify(output: late, wasConnected: false).kind == .timeout)
    }
}
