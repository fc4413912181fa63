import Atlas
import Probes
import Testing

@testable import Collect

@Suite("The probe runner", .serialized)
struct ProbeRunnerTests {
    private let probe = ScriptProbe()

    private func target(
        _ address: String,
        every: Span = .milliseconds(50),
        timeout: Span = .milliseconds(400)
    ) -> ProbeTarget {
        ProbeTarget(
            probe: probe.name,
            resource: "r",
            address: address,
            every: every,
            timeout: timeout
        )
    }

    @Test("says how each kind of bad client failed, and a good one waits for none of them")
    func outlivesBadClients() throws {
        let addresses = [
            "good", "hang", "flood", "dies", "endless", "garbage", "deaf", "refuse", "nobody",
        ]
        var inbox = try Inbox()
        let runner = try ProbeRunner(
            targets: addresses.map {
                target($0, timeout: $0 == "hang" || $0 == "deaf" ? .milliseconds(300) : .seconds(9))
            },
            into: inbox.mailbox,
            probes: [probe]
        )
        defer { runner.stop() }
        try inbox.wait(for: "two replies of each target") { inputs in
            let replies = Inbox.replies(inputs)
            return addresses.indices.allSatisfy { index in
                replies.count { $0.target == index } >= 2
            }
        }
        func first(_ address: String) -> ProbeReply? {
            inbox.replies.first { $0.target == addresses.firstIndex(of: address) }
        }
        #expect(first("good")?.text == "fine good")
        #expect(first("hang")?.failure?.kind == .timeout)
        #expect(first("flood")?.failure?.kind == .tooLarge)
        #expect(first("endless")?.failure?.kind == .tooLarge)
        #expect(first("dies")?.failure == ProbeFailure(kind: .unreachable, detail: "out of luck"))
        #expect(first("garbage")?.text == "\u{FFFD}\0\u{1B}[2J\n@@ 0 yes")
        #expect(first("deaf")?.failure?.kind == .timeout)
        #expect(first("refuse")?.failure == ProbeFailure(kind: .refused, detail: "not me"))
        #expect(
            first("nobody")?.failure
                == ProbeFailure(
                    kind: .noClient,
                    detail: "starting azimuth-no-such-client failed: No such file or directory"
                )
        )
        let good = inbox.replies.filter { $0.target == 0 }
        #expect(good.allSatisfy { $0.text == "fine good" })
        runner.stop()
        #expect(runner.statistics.alive == 0)
        #expect(try probe.survivors(after: .seconds(5)) == 0)
    }

    @Test("asks on a fixed grid: what is late does not shift what follows")
    func keepsTheGrid() throws {
        var inbox = try Inbox()
        let runner = try ProbeRunner(
            targets: [target("slow 0.03", every: .milliseconds(100))],
            into: inbox.mailbox,
            probes: [probe]
        )
        defer { runner.stop() }
        try inbox.wait(for: "20 replies") { Inbox.replies($0).count >= 20 }
        // A pause of 100 ms after each answer would be six periods late by now.
        let starts = inbox.replies.map(\.started)
        let passed = (starts[19] - starts[0]).milliseconds / 100
        let skipped = Double(runner.statistics.skipped)
        #expect(passed > 18 && passed < 20 + skipped, "\(passed) periods, \(skipped) skipped")
        #expect(zip(inbox.inputs, inbox.replies).allSatisfy { $0.at == $1.ended })
    }

    @Test("reports a session that breaks while nothing is asked, and opens another")
    func reportsIdleBreak() throws {
        var inbox = try Inbox()
        let runner = try ProbeRunner(
            targets: [target("dies-idle", every: .milliseconds(500))],
            into: inbox.mailbox,
            probes: [probe]
        )
        defer { runner.stop() }
        try inbox.wait(for: "a second answer") { Inbox.replies($0).count { $0.text != nil } == 2 }
        let replies = inbox.replies
        #expect(replies[0].text == "fine")
        #expect(replies[1].failure == ProbeFailure(kind: .broken, detail: "gone away"))
        #expect(replies[1].ended < replies[0].started + .milliseconds(450))
        #expect(replies[2].text == "fine")
    }

    @Test("keeps one client for many questions")
    func keepsSession() throws {
        var inbox = try Inbox()
        let runner = try ProbeRunner(
            targets: [target("good", every: .milliseconds(5))],
            into: inbox.mailbox,
            probes: [probe]
        )
        defer { runner.stop() }
        try inbox.wait(for: "50 replies") { Inbox.replies($0).count >= 50 }
        #expect(runner.statistics.started == 1)
    }

    @Test("kills a client that will not end, with all its children")
    func killsGroups() throws {
        var inbox = try Inbox()
        let runner = try ProbeRunner(
            targets: [target("clogged")],
            into: inbox.mailbox,
            probes: [probe]
        )
        try inbox.wait(for: "a reply") { !$0.isEmpty }
        #expect(probe.survivors() > 0)
        runner.stop()
        #expect(try probe.survivors(after: .seconds(5)) == 0)
    }

    @Test("asks nothing more while nobody takes what comes, and goes on afterwards")
    func feelsBackPressure() throws {
        var inbox = try Inbox(capacity: 10)
        let runner = try ProbeRunner(
            targets: [target("good", every: .milliseconds(1))],
            into: inbox.mailbox,
            probes: [probe]
        )
        defer { runner.stop() }
        let deadline = Monotonic.now() + .seconds(30)
        while runner.statistics.skipped < 100, Monotonic.now() < deadline {
            try awaitMoment()
        }
        #expect(runner.statistics.skipped >= 100)
        try inbox.wait(for: "what had been held back") { Inbox.replies($0).count >= 1_100 }
    }

    @Test("asks once, for a person who waits")
    func asksOnce() throws {
        #expect(try ProbeRunner.askOnce(target("good"), probe: probe).text == "fine good")
        let failed = try ProbeRunner.askOnce(target("dies"), probe: probe)
        #expect(failed.failure?.detail == "out of luck")
        #expect(try probe.survivors(after: .seconds(5)) == 0)
    }

    @Test("does not start with a probe that is not there")
    func rejectsUnknown() throws {
        let mailbox = try Mailbox<Input>(capacity: 1)
        #expect(throws: CollectError.unknownProbe("script")) {
            try ProbeRunner(targets: [target("good")], into: mailbox)
        }
    }

    @Test("gives a client little of our environment, and never a password")
    func hidesEnvironment() throws {
        let ours = [
            "HOME": "/h", "PATH": "/p", "PGHOST": "db", "PGPASSWORD": "secret", "PGAPPNAME": "x",
            "AWS_SECRET_ACCESS_KEY": "secret", "LANG": "ja_JP.UTF-8",
        ]
        let command = SessionCommand(
            arguments: ["psql"],
            environment: ["PGAPPNAME=azimuth"],
            inherited: ["PG*"],
            withheld: ["PGPASSWORD"]
        )
        #expect(
            ClientEnvironment(ours).entries(for: command) == [
                "HOME=/h", "LANG=C", "LC_ALL=C", "PATH=/p", "PGAPPNAME=azimuth", "PGHOST=db",
            ]
        )
    }
}

/// Waits for nothing, a few milliseconds long, in the kernel.
func awaitMoment() throws {
    let never = try Mailbox<Int>(capacity: 1)
    _ = never.waitUntil(Monotonic.now() + .milliseconds(5))
}
