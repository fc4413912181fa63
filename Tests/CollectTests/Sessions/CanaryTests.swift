import Atlas
import Collect
import Testing

@Suite("A canary", .serialized)
struct CanaryTests {
    private let probe = ScriptProbe()
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(
        _ addresses: [String],
        into inbox: Inbox,
        every: Span = .milliseconds(40),
        timeout: Span = .milliseconds(500)
    ) throws -> ProbeRunner {
        let canary = Canary(
            name: "c",
            service: "s",
            probe: probe.name,
            mode: .write,
            table: "t",
            targets: addresses.map { Canary.Target(resource: "r", address: $0) },
            every: every,
            timeout: timeout
        )
        return try ProbeRunner(
            targets: [],
            canaries: [canary],
            into: inbox.mailbox,
            probes: [probe]
        )
    }

    @Test("stays with the target that answers, and tries the next one after a bad try")
    func movesOn() throws {
        try folder.append("", to: "a")
        var inbox = try Inbox()
        let runner = try run(
            ["when \(folder.file("a"))", "when \(folder.file("b"))"],
            into: inbox
        )
        defer { runner.stop() }
        try inbox.wait(for: "good tries at the first") { Inbox.tries($0).count >= 5 }
        #expect(inbox.tries.allSatisfy { $0.target == 0 && $0.failure == nil })
        try folder.remove("a")
        try inbox.wait(for: "bad tries at both") { inputs in
            Inbox.tries(inputs).count { $0.failure != nil } >= 4
        }
        try folder.append("", to: "b")
        try inbox.wait(for: "good tries at the second") { inputs in
            Inbox.tries(inputs).count { $0.target == 1 && $0.failure == nil } >= 5
        }
        let tries = inbox.tries
        for (this, next) in zip(tries, tries.dropFirst()) {
            #expect(next.number == this.number + 1)
            #expect(next.target == (this.failure == nil ? this.target : 1 - this.target))
        }
        let bad = tries.compactMap(\.failure)
        #expect(bad.allSatisfy { $0 == ProbeFailure(kind: .refused, detail: "not now") })
    }

    @Test("starts its numbers at the milliseconds since 1970")
    func numbersTries() throws {
        var inbox = try Inbox()
        let before = LiveClock().now()
        let runner = try run(["good"], into: inbox)
        defer { runner.stop() }
        try inbox.wait(for: "a try") { !$0.isEmpty }
        let number = try #require(inbox.tries.first?.number)
        #expect(number >= before.nanoseconds / 1_000_000)
        #expect(number <= LiveClock().now().nanoseconds / 1_000_000)
    }

    @Test("calls a try bad that outlasts its timeout, and kills its session")
    func timesOut() throws {
        var inbox = try Inbox()
        let runner = try run(
            ["hang", "good"],
            into: inbox,
            every: .milliseconds(50),
            timeout: .milliseconds(120)
        )
        defer { runner.stop() }
        try inbox.wait(for: "a good try") { inputs in
            Inbox.tries(inputs).contains { $0.failure == nil }
        }
        let first = try #require(inbox.tries.first)
        #expect(
            first.failure == ProbeFailure(kind: .timeout, detail: "no answer within 120 ms")
        )
        #expect(first.ended - first.started >= .milliseconds(120))
        #expect(inbox.tries.dropFirst().allSatisfy { $0.target == 1 && $0.failure == nil })
        #expect(runner.statistics.alive <= 2)
    }

    @Test("follows a try that outlasts its period with the next at once")
    func triesAtOnce() throws {
        var inbox = try Inbox()
        let runner = try run(["slow 0.13"], into: inbox, every: .milliseconds(100))
        defer { runner.stop() }
        try inbox.wait(for: "8 tries") { Inbox.tries($0).count >= 8 }
        let tries = inbox.tries.prefix(8)
        let pauses = zip(tries, tries.dropFirst()).map { $1.started - $0.ended }
        #expect(pauses.allSatisfy { $0 >= .zero })
        // The next moment of the grid would be at least 70 ms away.
        #expect(try #require(pauses.min()) < .milliseconds(60))
        #expect(runner.statistics.skipped >= 1, "three tries take more than three periods")
    }

    @Test("whose session breaks between two tries has lost none")
    func forgivesIdleBreak() throws {
        var inbox = try Inbox()
        let runner = try run(["dies-idle"], into: inbox, every: .milliseconds(100))
        defer { runner.stop() }
        try inbox.wait(for: "4 tries") { Inbox.tries($0).count >= 4 }
        #expect(inbox.tries.allSatisfy { $0.failure == nil })
        #expect(runner.statistics.started >= 4)
    }

    @Test("answers the question for its writes beside its tries, or says why it cannot")
    func answersQuestions() throws {
        var inbox = try Inbox()
        let runner = try run(["when \(folder.file("a"))"], into: inbox)
        defer { runner.stop() }
        let question = ProbeReply.Question.writes(canary: 0, first: 1, last: 9)
        try inbox.wait(for: "a bad try") { !Inbox.tries($0).isEmpty }
        #expect(runner.ask(question))
        try inbox.wait(for: "an answer") { !Inbox.replies($0).isEmpty }
        try folder.append("", to: "a")
        try inbox.wait(for: "a good try") { inputs in
            Inbox.tries(inputs).last?.failure == nil
        }
        #expect(runner.ask(question))
        try inbox.wait(for: "a better answer") { Inbox.replies($0).count == 2 }
        #expect(inbox.replies.allSatisfy { $0.question == question && $0.target == nil })
        #expect(inbox.replies[0].failure?.kind == .unreachable)
        #expect(inbox.replies[1].text == "fine \(folder.file("a"))")
        runner.stop()
        #expect(!runner.ask(question))
        #expect(try probe.survivors(after: .seconds(5)) == 0)
    }
}
