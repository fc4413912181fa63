import Atlas
import Collect
import Probes
import Testing

@Suite("With a real PostgreSQL", .serialized, .enabled(if: PostgresServer.binaries != nil))
struct PostgresTests {
    private let probe = PostgreSQL()

    private func canary(_ servers: [PostgresServer], every: Span) -> Canary {
        Canary(
            name: "writes",
            service: "db",
            probe: probe.name,
            mode: .write,
            table: "azimuth_canary",
            targets: servers.map { Canary.Target(resource: "r", address: $0.address) },
            every: every
        )
    }

    private func makeTable(_ server: PostgresServer) throws {
        try server.sql("create table azimuth_canary(seq bigint, at timestamptz)")
    }

    @Test("the probe sees it live, die and come back")
    func seesDeath() throws {
        let server = try PostgresServer.primary()
        var inbox = try Inbox()
        let target = ProbeTarget(
            probe: probe.name,
            resource: "db-1",
            address: server.address,
            every: .milliseconds(100)
        )
        let runner = try ProbeRunner(targets: [target], into: inbox.mailbox)
        defer { runner.stop() }
        try inbox.wait(for: "answers") { Inbox.replies($0).count >= 5 }
        for reply in inbox.replies {
            let text = try #require(reply.text)
            #expect(try probe.decode(text).contains(.role(.primary)))
        }
        #expect(runner.statistics.started == 1)
        try server.killAll()
        try inbox.wait(for: "refused connections") { inputs in
            Inbox.replies(inputs).last?.failure?.kind == .unreachable
        }
        let kinds = inbox.replies.compactMap(\.failure?.kind)
        #expect(kinds.first == .broken)
        #expect(kinds.dropFirst().allSatisfy { $0 == .unreachable })
        try server.start()
        try inbox.wait(for: "answers again") { Inbox.replies($0).last?.text != nil }
    }

    @Test("the canary moves to the promoted standby, and its question finds what was lost")
    func followsFailover() throws {
        let primary = try PostgresServer.primary()
        try makeTable(primary)
        let standby = try primary.standby()
        var inbox = try Inbox()
        let runner = try ProbeRunner(
            targets: [],
            canaries: [canary([primary, standby], every: .milliseconds(50))],
            into: inbox.mailbox
        )
        defer { runner.stop() }
        try inbox.wait(for: "good tries") { inputs in
            Inbox.tries(inputs).count { $0.failure == nil } >= 20
        }
        // What is written from here on does not reach the standby.
        try standby.sql("alter system set primary_conninfo = ''")
        try standby.sql("select pg_reload_conf()")
        let before = inbox.tries.count
        try inbox.wait(for: "writes that get lost") { Inbox.tries($0).count >= before + 20 }
        try primary.killAll()
        try inbox.wait(for: "the standby's refusal") { inputs in
            Inbox.tries(inputs).contains { $0.failure?.detail.contains("read-only") == true }
        }
        try standby.promote()
        try inbox.wait(for: "good tries at the new primary") { inputs in
            Inbox.tries(inputs).count { $0.target == 1 && $0.failure == nil } >= 5
        }
        let tries = inbox.tries
        let kinds = tries.compactMap(\.failure?.kind)
        #expect(kinds.first == .broken)
        #expect(Set(kinds).isSubset(of: [.broken, .unreachable, .refused]))

        let acknowledged = tries.filter { $0.failure == nil }.map(\.number)
        let first = try #require(acknowledged.first)
        let last = try #require(acknowledged.last)
        #expect(runner.ask(.writes(canary: 0, first: first, last: last)))
        try inbox.wait(for: "the answer") { !Inbox.replies($0).isEmpty }
        let reply = try #require(inbox.replies.first?.text)
        let islands = try PostgreSQLCanary().decodeWrites(reply)
        let lost = acknowledged.filter { number in !islands.contains { $0.contains(number) } }
        #expect(lost.count >= 10)
        let there = try standby.sql(
            "select count(distinct seq) from azimuth_canary where seq between \(first) and \(last)"
        )
        #expect(there == "\(acknowledged.count - lost.count)")
    }

    @Test("the canary reads where it is told not to write, over one session")
    func readsOnly() throws {
        let server = try PostgresServer.primary()
        var inbox = try Inbox()
        var reading = canary([server], every: .milliseconds(50))
        reading.mode = .read
        let runner = try ProbeRunner(targets: [], canaries: [reading], into: inbox.mailbox)
        defer { runner.stop() }
        try inbox.wait(for: "good tries") { Inbox.tries($0).count >= 10 }
        #expect(inbox.tries.allSatisfy { $0.failure == nil })
        #expect(runner.statistics.started == 1)
    }

    @Test("old rows of the canary are removed, and nobody else's")
    func prunes() throws {
        let server = try PostgresServer.primary()
        try makeTable(server)
        try server.sql("insert into azimuth_canary values (5, now()), (1000000000001, now())")
        var inbox = try Inbox()
        let runner = try ProbeRunner(
            targets: [],
            canaries: [canary([server], every: .milliseconds(5))],
            into: inbox.mailbox
        )
        defer { runner.stop() }
        try inbox.wait(for: "600 tries") { Inbox.tries($0).count >= 600 }
        let deadline = Monotonic.now() + .seconds(20)
        let old = "select string_agg(seq::text, ' ') from azimuth_canary where seq < 1100000000000"
        while try server.sql(old) != "5", Monotonic.now() < deadline { try awaitMoment() }
        #expect(try server.sql(old) == "5")
        #expect(runner.statistics.pruneFailures == 0)
        #expect(inbox.tries.allSatisfy { $0.failure == nil })
    }
}
