import Atlas
import Testing

@testable import Evaluate

@Suite("A failover as a run of measured phases")
struct FailoverTrackerTests {
    private let service = Service(name: "orders", members: ["a", "b"], rto: .seconds(60))
    private let canary = Canary.writing(to: "orders")

    /// Good until 1.0 s at `a`, bad until 2.9 s, good from 3.0 s at `b`; lines are read late.
    private func run(
        late: Bool = false,
        outcome: (Int) -> Bool = { $0 < 10 || $0 >= 30 }
    ) -> FailoverTracker {
        var tracker = FailoverTracker(service, canary: canary)
        let lines: [Trace] = [
            .line(1_005, "b", .detect, .begin, .successor, "could not receive"),
            .line(2_600, "b", .switch, .begin, .successor, "received promote request"),
            .line(2_800, "b", .switch, .end, .successor, "archive recovery complete"),
            .line(2_800, "b", .restart, .begin, .successor, "archive recovery complete"),
            .line(2_850, "b", .restart, .end, .successor, "ready"),
        ]
        for index in 0..<60 {
            let good = outcome(index)
            let attempt = CanaryTry.sample(index, isGood: good, target: index < 10 ? 0 : 1)
            tracker.take(attempt, target: index < 10 ? "a" : "b", links: [])
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

    @Test("good tries at one member open nothing, nor does a log line of detection alone")
    func healthy() {
        var tracker = FailoverTracker(service, canary: canary)
        for index in 0..<60 {
            let attempt = CanaryTry.sample(index, isGood: true)
            tracker.take(attempt, target: "a", links: [])
        }
        tracker.take(.line(6_000, "b", .detect, .begin, .successor), links: [], at: .at(6_000))
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
        tracker.take(.line(0, "b", .switch, .begin, .successor), links: [], at: .at(120_000))
        #expect(tracker.runs.isEmpty)
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
        tracker.sawPrimary("a")
        let end = "terminating walreceiver process due to administrator command"
        let trace = Trace.line(0, "b", .switch, .point, .successor, end)
        tracker.take(trace, links: [], at: .at(10))
        #expect(tracker.runs.isEmpty)
    }

    @Test("a sentinel's line alone, which makes nobody the successor")
    func sentinelAlone() {
        var tracker = FailoverTracker(Service(name: "cache", members: ["a", "s"]), canary: nil)
        tracker.sawPrimary("a")
        let elected = "+elected-leader master mymaster 127.0.0.1 26431"
        tracker.take(.line(0, "s", .switch, .begin, .any, elected), links: [], at: .at(10))
        #expect(tracker.runs.isEmpty)
    }
}
