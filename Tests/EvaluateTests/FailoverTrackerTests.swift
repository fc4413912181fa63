import Atlas
import Testing

@testable import Evaluate

@Suite("A failover as a run of measured phases")
struct FailoverTrackerTests {
    private let service = Service(name: "orders", members: ["a", "b"], rto: .seconds(60))
    private let canary = Canary(
        name: "orders-write",
        service: "orders",
        probe: "postgresql",
        mode: .write,
        table: "t",
        targets: [.init(resource: "a", address: ""), .init(resource: "b", address: "")],
        every: .milliseconds(100)
    )

    private func trace(
        _ milliseconds: Int64,
        _ phase: FailoverPhase,
        _ edge: Signature.Edge,
        _ text: String = "line"
    ) -> Trace {
        Trace(
            Evidence(
                at: .at(milliseconds),
                phase: phase,
                eye: .log,
                subject: "b",
                text: text,
                health: .ok,
                line: 1
            ),
            edge: edge,
            side: .successor
        )
    }

    /// Good until 1.0 s at `a`, bad until 2.9 s, good from 3.0 s at `b`; lines are read late.
    private func run(
        late: Bool = false,
        outcome: (Int) -> Bool = { $0 < 10 || $0 >= 30 }
    ) -> FailoverTracker {
        var tracker = FailoverTracker(service, canary: canary)
        var detector = OutageDetector()
        let lines = [
            trace(1_005, .detect, .begin, "could not receive"),
            trace(2_600, .switch, .begin, "received promote request"),
            trace(2_800, .switch, .end, "archive recovery complete"),
            trace(2_800, .restart, .begin, "archive recovery complete"),
            trace(2_850, .restart, .end, "ready"),
        ]
        for index in 0..<60 {
            let good = outcome(index)
            let attempt = CanaryTry.sample(index, isGood: good, target: index < 10 ? 0 : 1)
            let change = detector.take(attempt)
            tracker.take(
                attempt,
                change: change,
                target: index < 10 ? "a" : "b",
                links: [],
                at: attempt.ended
            )
            let readAt = late ? 45 : 28
            if index == readAt {
                for line in lines { tracker.take(line, links: [], at: attempt.ended) }
            }
        }
        return tracker
    }

    @Test("outage, direction and phases in order; what left no evidence is absent")
    func phases() throws {
        let failover = try #require(run().runs.first)
        #expect(failover.kind == .failover)
        #expect(failover.from == "a")
        #expect(failover.to == "b")
        #expect(failover.firstBad == .at(1_000))
        #expect(failover.firstGood == .at(3_005))
        #expect(failover.state == .verified)
        let spans = failover.steps.map(\.took)
        #expect(spans[0] == .milliseconds(1_600))
        #expect(failover.steps[1].state == .absent)
        #expect(spans[2] == .milliseconds(200))
        #expect(spans[3] == .milliseconds(50))
        #expect(failover.steps[4].state == .absent)
        #expect(failover.clusterClaim == .milliseconds(1_845))
    }

    @Test("evidence that is read after the users are served again gives the same phases")
    func lateEvidence() throws {
        let early = try #require(run().runs.first)
        let late = try #require(run(late: true).runs.first)
        #expect(early.steps == late.steps)
        #expect(early.evidence == late.evidence)
    }

    @Test("an outage after which the same member serves is no failover")
    func outageOnly() throws {
        var tracker = FailoverTracker(service, canary: canary)
        var detector = OutageDetector()
        for index in 0..<40 {
            let attempt = CanaryTry.sample(index, isGood: index < 10 || index >= 20)
            let change = detector.take(attempt)
            tracker.take(attempt, change: change, target: "a", links: [], at: attempt.ended)
        }
        let outage = try #require(tracker.runs.first)
        #expect(outage.kind == .outage)
        #expect(outage.to == nil)
        #expect(outage.state == .verified)
    }

    @Test(
        "users who are served only now and then have one outage, over when they are served for 1 s"
    )
    func onAndOff() throws {
        var tracker = FailoverTracker(service, canary: canary)
        var detector = OutageDetector()
        var states: [FailoverRun.State?] = []
        for index in 0..<60 {
            let attempt = CanaryTry.sample(
                index,
                isGood: index < 10 || index > 30 || index % 2 == 0
            )
            let change = detector.take(attempt)
            tracker.take(attempt, change: change, target: "a", links: [], at: attempt.ended)
            states.append(tracker.current?.state)
        }
        #expect(tracker.runs.count == 1)
        let outage = try #require(tracker.runs.first)
        #expect(outage.firstBad == .at(1_100) && outage.firstGood == .at(3_005))
        #expect(outage.state == .verified)
        #expect(states[13..<40].allSatisfy { $0 == .running })
        #expect(outage.evidence.count { $0.text.hasPrefix("first good try") } == 1)
    }

    @Test(
        "users served for a moment take an outage back to running, with its lost writes uncounted"
    )
    func takenBack() throws {
        var tracker = FailoverTracker(service, canary: canary)
        var detector = OutageDetector()
        for (index, outcome) in ("ooxxxxx" + "oo" + "xooooooooooooo").enumerated() {
            let attempt = CanaryTry.sample(index, isGood: outcome == "o")
            let change = detector.take(attempt)
            tracker.take(attempt, change: change, target: "a", links: [], at: attempt.ended)
            switch index {
            case 8:
                #expect(tracker.current?.state == .verified)
                let id = try #require(tracker.uncounted?.id)
                tracker.settle(LostWrites(state: .counted, acknowledged: 2), run: id)
            case 9...19:
                #expect(tracker.current?.state == .running && tracker.uncounted == nil)
                #expect(tracker.current?.lostWrites?.state == .pending)
            default: break
            }
        }
        #expect(tracker.runs.count == 1)
        let outage = try #require(tracker.uncounted)
        #expect(outage.firstBad == .at(200) && outage.firstGood == .at(1_005))
    }

    @Test("an outage that follows soon, but not at once, is another one")
    func soonAgain() {
        var tracker = FailoverTracker(service, canary: canary)
        var detector = OutageDetector()
        for (index, outcome) in ("ooxxx" + "oooooo" + "xxooooooooooooo").enumerated() {
            let attempt = CanaryTry.sample(index, isGood: outcome == "o")
            let change = detector.take(attempt)
            tracker.take(attempt, change: change, target: "a", links: [], at: attempt.ended)
        }
        #expect(tracker.runs.map(\.firstBad) == [.at(200), .at(1_100)])
        #expect(tracker.runs.map(\.firstGood) == [.at(505), .at(1_305)])
        #expect(tracker.runs.allSatisfy { $0.state == .verified })
    }

    @Test("good tries at one member open nothing, nor does a log line of detection alone")
    func healthy() {
        var tracker = FailoverTracker(service, canary: canary)
        for index in 0..<60 {
            let attempt = CanaryTry.sample(index, isGood: true)
            tracker.take(attempt, change: nil, target: "a", links: [], at: attempt.ended)
        }
        tracker.take(trace(6_000, .detect, .begin), links: [], at: .at(6_000))
        #expect(tracker.runs.isEmpty)
    }

    @Test("a switchover that users do not feel is a failover without an outage")
    func unfelt() throws {
        let failover = try #require(run(outcome: { _ in true }).runs.first)
        #expect(failover.kind == .failover)
        #expect(failover.to == "b")
        #expect(failover.firstBad == nil)
        #expect(failover.state == .verified)
    }

    @Test("a line of long ago, read now, is no evidence")
    func oldLines() {
        var tracker = FailoverTracker(service, canary: canary)
        tracker.take(trace(0, .switch, .begin), links: [], at: .at(120_000))
        #expect(tracker.runs.isEmpty)
    }

    @Test("a mark shortly before dates the fault")
    func fault() throws {
        var tracker = FailoverTracker(service, canary: canary)
        tracker.mark("pulled the plug", at: .at(900))
        var detector = OutageDetector()
        for index in 0..<20 {
            let attempt = CanaryTry.sample(index, isGood: index < 10)
            let change = detector.take(attempt)
            tracker.take(attempt, change: change, target: "a", links: [], at: attempt.ended)
        }
        #expect(try #require(tracker.runs.first).fault == .at(900))
    }
}

@Suite("Users who stay with an old primary that was cut off")
struct SplitBrainTests {
    private let canary = Canary(
        name: "cache-write",
        service: "cache",
        probe: "redis",
        mode: .write,
        table: "t",
        targets: [.init(resource: "a", address: ""), .init(resource: "b", address: "")],
        every: .milliseconds(100)
    )

    /// `b` takes over at 1.0 s while the canary is served by `a` until 40 s, then by `b` after
    /// `bad` bad tries; a sentinel's lines are read, too.
    private func run(bad: Int) -> FailoverTracker {
        var tracker = FailoverTracker(
            Service(name: "cache", members: ["a", "b", "s"]),
            canary: canary
        )
        var detector = OutageDetector()
        for index in 0..<450 {
            let isGood = !(400..<(400 + bad)).contains(index)
            let target = index < 400 ? 0 : 1
            let attempt = CanaryTry.sample(index, isGood: isGood, target: target)
            let change = detector.take(attempt)
            tracker.take(
                attempt,
                change: change,
                target: target == 0 ? "a" : "b",
                links: [],
                at: attempt.ended
            )
            if index == 10 { takeOver(&tracker) }
            tracker.tick(at: attempt.ended)
            #expect(index < 400 + bad ? tracker.uncounted == nil : tracker.uncounted != nil)
        }
        return tracker
    }

    private func takeOver(_ tracker: inout FailoverTracker) {
        let lines: [(Int64, FailoverPhase, Signature.Edge, String, Signature.Side)] = [
            (1_000, .switch, .begin, "s", .any), (1_100, .switch, .end, "b", .successor),
            (1_200, .address, .begin, "s", .any), (1_250, .address, .end, "s", .any),
        ]
        for (at, phase, edge, subject, side) in lines {
            let evidence = Evidence(
                at: .at(at),
                phase: phase,
                eye: .log,
                subject: subject,
                text: "line",
                health: .ok
            )
            tracker.take(Trace(evidence, edge: edge, side: side), links: [], at: .at(1_300))
        }
    }

    @Test("are followed by one failover, whose lost writes are asked for when they move")
    func moveUnfelt() throws {
        let tracker = run(bad: 1)
        #expect(tracker.runs.count == 1)
        let failover = try #require(tracker.runs.first)
        #expect(failover.kind == .failover)
        #expect(failover.from == "a")
        #expect(failover.to == "b")
        #expect(failover.steps[4].took == .milliseconds(50))
        #expect(failover.evidence.last?.text == "first good try, at b")
        #expect(tracker.uncounted?.id == failover.id)
    }

    @Test("feel a second outage when they are moved, which is no failover of its own")
    func moveFelt() throws {
        let tracker = run(bad: 5)
        #expect(tracker.runs.map(\.kind) == [.failover, .outage])
        let second = try #require(tracker.runs.last)
        #expect(second.outage(at: .at(0)) == .milliseconds(505))
        #expect(second.lostWrites == nil, "the failover counts them")
        #expect(tracker.runs.first?.secondOutage == .milliseconds(505))
        #expect(tracker.uncounted?.id == tracker.runs.first?.id)
    }

    @Test("a sentinel's line alone makes nobody the successor")
    func sentinelAlone() {
        var tracker = FailoverTracker(Service(name: "cache", members: ["a", "s"]), canary: nil)
        tracker.isPrimary("a")
        let evidence = Evidence(
            at: .at(0),
            phase: .switch,
            eye: .log,
            subject: "s",
            text: "+elected-leader master mymaster 127.0.0.1 26431",
            health: .ok
        )
        tracker.take(Trace(evidence, edge: .begin, side: .any), links: [], at: .at(10))
        #expect(tracker.runs.isEmpty)
    }
}

@Suite("The ledger of acknowledged writes")
struct WriteLedgerTests {
    @Test("counts what is missing between the islands, and when")
    func losses() throws {
        var ledger = WriteLedger()
        for number in 1...100 { ledger.acknowledge(Int64(number), at: .at(Int64(number) * 100)) }
        let losses = ledger.losses(present: [1...40, 45...99], window: 1...100)
        #expect(losses.acknowledged == 100)
        #expect(losses.lost == 5)
        #expect(losses.firstLost == .at(4_100))
        #expect(losses.lastLost == .at(10_000))
    }

    @Test("a row that is there and was never acknowledged is not counted")
    func unacknowledged() {
        var ledger = WriteLedger()
        ledger.acknowledge(1, at: .at(0))
        ledger.acknowledge(3, at: .at(200))
        #expect(ledger.losses(present: [1...3], window: 1...3).lost == 0)
    }

    @Test("numbers that fall, as in a damaged recording, never make a window that ends before it")
    func falling() throws {
        var ledger = WriteLedger()
        for number in [5, 9, 2, 9, 10] as [Int64] { ledger.acknowledge(number, at: .at(number)) }
        let window = try #require(ledger.window(since: .at(0)))
        #expect(window == (5, 10))
    }
}

@Suite("An address that moves from member to member")
struct MovingAddressTests {
    private func trace(
        _ at: Int64,
        _ member: String,
        _ phase: FailoverPhase,
        _ edge: Signature.Edge,
        _ side: Signature.Side,
        _ text: String
    ) -> Trace {
        let evidence = Evidence(
            at: .at(at),
            phase: phase,
            eye: .log,
            subject: member,
            text: text,
            health: .ok
        )
        return Trace(evidence, edge: edge, side: side)
    }

    /// What a member that takes over at a time writes.
    private func takeover(_ at: Int64, by member: String) -> [Trace] {
        [
            trace(at, member, .detect, .point, .successor, "timeout"),
            trace(at, member, .switch, .begin, .successor, "timeout"),
            trace(at, member, .switch, .end, .successor, "master"),
            trace(at, member, .address, .begin, .successor, "set"),
            trace(at + 5, member, .address, .end, .successor, "announced"),
        ]
    }

    private func tracker(_ traces: [Trace]) -> FailoverTracker {
        var tracker = FailoverTracker(Service(name: "web", members: ["a", "b"]), canary: nil)
        tracker.isPrimary("a")
        for trace in traces { tracker.take(trace, links: [], at: trace.at + .milliseconds(50)) }
        return tracker
    }

    @Test("is announced again, which makes no phase longer")
    func announcedAgain() throws {
        let again = trace(6_005, "b", .address, .end, .successor, "announced")
        let run = try #require(tracker(takeover(1_000, by: "b") + [again]).runs.first)
        #expect(run.steps[4].took == .milliseconds(5))
        #expect(run.evidence.filter { $0.text == "announced" }.count == 1)
    }

    @Test("moves back soon: a failover of its own, after which the first member serves")
    func backSoon() {
        let tracker = tracker(takeover(1_000, by: "b") + takeover(8_000, by: "a"))
        #expect(tracker.runs.map(\.to) == ["b", "a"])
        #expect(tracker.runs.map(\.from) == ["a", "b"])
        #expect(tracker.serving == "a")
        #expect(tracker.runs.map(\.started) == [.at(1_000), .at(8_000)])
    }

    @Test("two hold it: when the new one gives way, the old one serves, and can be taken over from")
    func givesWay() {
        var tracker = tracker(takeover(1_000, by: "b"))
        tracker.isPrimary("a")
        #expect(tracker.serving == "b")
        tracker.roleChanged("b", to: .standby, seen: .at(30_000), links: [], at: .at(30_000))
        tracker.isPrimary("a")
        #expect(tracker.serving == "a")
        tracker.tick(at: .at(40_000))
        for trace in takeover(60_000, by: "b") { tracker.take(trace, links: [], at: trace.at) }
        #expect(tracker.runs.map(\.to) == ["b", "b"])
    }

    @Test("its new holder's own start is no sign that the old one stopped")
    func otherSide() throws {
        let start = trace(200, "b", .stop, .end, .predecessor, "removing")
        let old = trace(300, "a", .address, .end, .successor, "announced")
        let run = try #require(tracker([start, old] + takeover(1_000, by: "b")).runs.first)
        #expect(run.steps[1].state == .absent)
        #expect(run.started == .at(1_000) && run.steps[4].took == .milliseconds(5))
    }

    @Test("an old holder that stops by itself does not end the detection")
    func stopsByItself() throws {
        let stop = trace(100, "a", .stop, .end, .predecessor, "removing")
        let detected = trace(90, "a", .detect, .begin, .predecessor, "down")
        let run = try #require(tracker([detected, stop] + takeover(1_000, by: "b")).runs.first)
        #expect(run.steps[0].start == .at(90) && run.steps[0].end == .at(1_000))
        #expect(run.steps[1].end == .at(100))
    }

    @Test("is known to be elsewhere, though its role is seen only after users are served again")
    func seenLate() throws {
        let canary = Canary(
            name: "web-read",
            service: "web",
            probe: "tcp",
            mode: .read,
            targets: [.init(resource: "a", address: "")],
            every: .milliseconds(100)
        )
        var tracker = FailoverTracker(
            Service(name: "web", members: ["a", "b"]),
            canary: canary
        )
        tracker.isPrimary("a")
        var detector = OutageDetector()
        for index in 0..<40 {
            let attempt = CanaryTry.sample(index, isGood: index < 10 || index >= 20)
            let change = detector.take(attempt)
            tracker.take(attempt, change: change, target: "a", links: [], at: attempt.ended)
        }
        tracker.roleChanged("b", to: .primary, seen: .at(2_800), links: [], at: .at(2_800))
        let run = try #require(tracker.runs.first)
        #expect(tracker.runs.count == 1)
        #expect(run.kind == .failover && run.from == "a" && run.to == "b")
        #expect(tracker.serving == "b")
        #expect(run.evidence.contains { $0.text == "first good try" }, "its target says nothing")
        for trace in takeover(9_000, by: "a") { tracker.take(trace, links: [], at: trace.at) }
        #expect(tracker.runs.last?.started == .at(9_000), "what users felt before is of before")
    }
}

@Suite("What opens no failover")
struct NoFailoverTests {
    @Test("a standby that is stopped, and says that its receiver ends")
    func stoppedStandby() {
        var tracker = FailoverTracker(
            Service(name: "orders", members: ["a", "b"]),
            canary: nil
        )
        tracker.isPrimary("a")
        let evidence = Evidence(
            at: .at(0),
            phase: .switch,
            eye: .log,
            subject: "b",
            text: "terminating walreceiver process due to administrator command",
            health: .ok
        )
        tracker.take(
            Trace(evidence, edge: .point, side: .successor),
            links: [],
            at: .at(10)
        )
        #expect(tracker.runs.isEmpty)
    }
}
