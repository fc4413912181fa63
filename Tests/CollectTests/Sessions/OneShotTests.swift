import Atlas
import Foundation
import Probes
import Testing

@testable import Collect

@Suite("Questions that begin anew each time", .serialized)
struct OneShotTests {
    /// On the command line of each command, so that survivors can be found.
    private let script = ScriptProbe()

    private func target(
        _ probe: String,
        _ address: String,
        every: Span = .milliseconds(50),
        timeout: Span = .seconds(9)
    ) -> ProbeTarget {
        ProbeTarget(probe: probe, resource: "r", address: address, every: every, timeout: timeout)
    }

    private func shell(_ body: String) -> String {
        "/bin/sh -c '\(body.replacing("'", with: #"'\''"#))' \(script.tag)"
    }

    private func run(_ targets: [ProbeTarget], into inbox: Inbox) throws -> ProbeRunner {
        try ProbeRunner(targets: targets, into: inbox.mailbox)
    }

    /// The first reply of each target, once each has so many.
    private func replies(_ targets: [ProbeTarget], each count: Int = 2) throws -> [ProbeReply] {
        var inbox = try Inbox()
        let runner = try run(targets, into: inbox)
        defer { runner.stop() }
        try inbox.wait(for: "replies of each target") { inputs in
            let replies = Inbox.replies(inputs)
            return targets.indices.allSatisfy { index in
                replies.count { $0.target == index } >= count
            }
        }
        runner.stop()
        #expect(runner.statistics.alive == 0)
        return try targets.indices.map { index in
            try #require(inbox.replies.first { $0.target == index })
        }
    }

    @Test("each kind of bad command is told apart, delays no other, and leaves nobody behind")
    func commands() throws {
        let short = Span.milliseconds(300)
        let targets = [
            target("nagios", shell("echo fine; exit 0")),
            target("nagios", shell("echo bad >&2; exit 2")),
            target("nagios", shell("kill -9 $$")),
            target("nagios", shell("exec sleep 1000"), timeout: short),
            target("nagios", shell("trap \"\" TERM; sleep 1000 & wait"), timeout: short),
            target("nagios", shell("while :; do cat /dev/zero; done")),
            target("nagios", shell("read -r line || echo \"no input\"")),
            target("nagios", shell("exec >&- 2>&-; exec sleep 1000"), timeout: short),
            target("nagios", shell("exec >&- 2>&-; exit 1")),
            target("nagios", "azimuth-no-such-plugin"),
            target("nagios", "ls | wc"),
            target("exec", shell("sleep 1000 >/dev/null 2>&1 & echo \"{}\"")),
        ]
        let replies = try replies(targets)
        func reply(_ index: Int) -> OneShotReply? {
            replies[index].text.flatMap { OneShotReply($0) }
        }
        #expect(reply(0)?.ending == .exit(0) && reply(0)?.body == "fine\n")
        #expect(reply(1)?.ending == .exit(2) && reply(1)?.body == "bad\n")
        #expect(reply(2)?.ending == .signal(9))
        for index in [3, 4, 7] { #expect(replies[index].failure?.kind == .timeout) }
        #expect(replies[3].ended - replies[3].started >= short)
        #expect(replies[5].failure?.kind == .tooLarge)
        #expect(reply(6)?.body == "no input\n")
        #expect(reply(8)?.ending == .exit(1) && reply(8)?.body == "")
        #expect(replies[9].failure?.kind == .noClient)
        #expect(replies[10].failure?.detail.contains("outside of quotes") == true)
        #expect(reply(11)?.body == "{}\n")
        #expect(try script.survivors(after: .seconds(5)) == 0)
    }

    @Test("a command whose child keeps its output open is out of time, and both are killed")
    func heldOutput() throws {
        let held = target("nagios", shell("sleep 1000 & echo fine"), timeout: .milliseconds(300))
        #expect(try replies([held])[0].failure?.kind == .timeout)
        #expect(try script.survivors(after: .seconds(5)) == 0)
    }

    @Test("stopping kills a command at work, and whoever it started")
    func stops() throws {
        var inbox = try Inbox()
        let runner = try run(
            [
                target("nagios", shell("trap \"\" TERM HUP; sleep 1000 & sleep 1000")),
                target("nagios", shell("echo fine")),
            ],
            into: inbox
        )
        try inbox.wait(for: "a reply of the other") { !$0.isEmpty }
        #expect(script.survivors() > 0)
        runner.stop()
        #expect(try script.survivors(after: .seconds(5)) == 0)
    }

    @Test("each kind of bad server is told apart, and delays no other")
    func connections() throws {
        let good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let behaviours: [Listener.Behaviour] = [
            .says(good), .saysAndStays(good), .saysAndStays("HTTP/1.1 200 OK\r\n"),
            .floods(good, String(repeating: "x", count: 8_192)),
            .floods("HTTP/1.1 200 OK\r\n", "X-Filler: \(String(repeating: "x", count: 4_096))\r\n"),
            .drips(good), .resets, .says(""), .says("SSH-2.0-OpenSSH_9.2p1\r\n"),
        ]
        let listeners = try behaviours.map { try Listener($0) }
        let unused = try Listener.unusedPort()
        var targets = zip(listeners, behaviours).map { listener, behaviour in
            let address = "http://127.0.0.1:\(listener.port)/ contains=ok"
            return target("http", address, timeout: .milliseconds(1_500))
        }
        targets.append(target("http", "http://127.0.0.1:\(unused)/"))
        targets.append(target("tcp", "127.0.0.1:\(listeners[2].port)"))
        targets.append(target("tcp", "localhost:\(listeners[0].port)"))
        targets.append(target("tcp", "127.0.0.1:\(unused)"))
        targets.append(target("http", "ftp://127.0.0.1/"))
        targets.append(target("tcp", "no-such-name.invalid:22", timeout: .seconds(20)))
        let replies = try replies(targets)
        func health(_ index: Int) throws -> Observation? {
            try replies[index].text.flatMap { try HTTP().decode($0).first }
        }
        let ok = Observation.health(.ok, reason: "HTTP 200 OK")
        #expect(try health(0) == ok && health(1) == ok && health(5) == ok)
        #expect(replies[2].failure?.kind == .timeout)
        #expect(try health(3) == ok)
        #expect(replies[4].text.map(\.utf8.count).map { $0 < OneShotReply.limit + 200 } == true)
        #expect(throws: ProbeError.self) { try health(4) }
        #expect(replies[6].failure?.kind == .broken)
        #expect(replies[7].failure?.kind == .broken)
        #expect(throws: ProbeError.self) { try health(8) }
        #expect(
            replies[9].failure == ProbeFailure(kind: .unreachable, detail: "Connection refused")
        )
        for index in [10, 11] { #expect(replies[index].text?.contains("connected") == true) }
        #expect(replies[12].failure?.kind == .unreachable)
        #expect(replies[13].failure?.detail.contains("no http URL") == true)
        #expect(replies[14].failure?.kind == .unreachable)
    }

    @Test("fifty targets that hang leave a good one at its own pace")
    func hangingDelaysNobody() throws {
        let silent = try Listener(.saysAndStays(""))
        let hanging = (0..<25).flatMap { _ in
            [
                target("http", "http://127.0.0.1:\(silent.port)/", every: .milliseconds(500)),
                target("nagios", shell("exec sleep 1000"), every: .milliseconds(500)),
            ]
        }
        var inbox = try Inbox()
        let open = try Listener(.says(""))
        let good = target("tcp", "127.0.0.1:\(open.port)", every: .milliseconds(100))
        let runner = try run(hanging + [good], into: inbox)
        try inbox.wait(for: "20 replies of the good one") { Inbox.replies($0).count >= 20 }
        #expect(inbox.replies.allSatisfy { $0.target == 50 && $0.text != nil })
        let slowest = inbox.replies.map { $0.ended - $0.started }.max() ?? .zero
        #expect(slowest < .seconds(1), "\(slowest)")
        runner.stop()
        #expect(try script.survivors(after: .seconds(5)) == 0)
    }

    @Test("asking again and again leaves no descriptor open and no child unwaited for")
    func leaksNothing() throws {
        func descriptors() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        }
        let listener = try Listener(.says("HTTP/1.1 200 OK\r\n\r\n"))
        var inbox = try Inbox()
        let before = try descriptors()
        let runner = try run(
            [
                target("http", "http://127.0.0.1:\(listener.port)/", every: .milliseconds(2)),
                target("tcp", "localhost:\(listener.port)", every: .milliseconds(2)),
                target("nagios", shell("echo fine"), every: .milliseconds(2)),
            ],
            into: inbox
        )
        try inbox.wait(for: "200 replies") { Inbox.replies($0).count >= 200 }
        #expect(runner.statistics.alive <= 20)
        runner.stop()
        // Other suites hold some meanwhile; two hundred that leaked would be two hundred.
        #expect(try descriptors() < before + 100)
        #expect(try script.survivors(after: .seconds(5)) == 0)
    }

    @Test("a canary over http or tcp feels an outage, and finds the other target")
    func canary() throws {
        let good = try Listener(.says("HTTP/1.1 200 OK\r\n\r\n"))
        let ill = try Listener(.says("HTTP/1.1 503 Gone Fishing\r\n\r\n"))
        var inbox = try Inbox()
        func canary(_ probe: String, _ targets: [String], _ mode: Canary.Mode = .read) -> Canary {
            Canary(
                name: probe,
                service: "s",
                probe: probe,
                mode: mode,
                targets: targets.map { Canary.Target(resource: "r", address: $0) },
                every: .milliseconds(40),
                timeout: .seconds(5)
            )
        }
        let unused = try Listener.unusedPort()
        let runner = try ProbeRunner(
            targets: [],
            canaries: [
                canary(
                    "http",
                    ["http://127.0.0.1:\(ill.port)/", "http://127.0.0.1:\(good.port)/"]
                ),
                canary("tcp", ["127.0.0.1:\(unused)", "127.0.0.1:\(good.port)"]),
            ],
            into: inbox.mailbox
        )
        defer { runner.stop() }
        try inbox.wait(for: "good tries of both") { inputs in
            (0...1).allSatisfy { index in
                Inbox.tries(inputs).count { $0.canary == index && $0.failure == nil } >= 3
            }
        }
        let first = (0...1).map { index in inbox.tries.first { $0.canary == index } }
        #expect(
            first[0]?.failure == ProbeFailure(kind: .refused, detail: "HTTP 503 Gone Fishing")
        )
        #expect(first[1]?.failure?.kind == .unreachable)
        #expect(inbox.tries.filter { $0.failure == nil }.allSatisfy { $0.target == 1 })
        #expect(throws: CollectError.noCanary("tcp", .write)) {
            try ProbeRunner(
                targets: [],
                canaries: [canary("tcp", ["127.0.0.1:1"], .write)],
                into: inbox.mailbox
            )
        }
    }
}
