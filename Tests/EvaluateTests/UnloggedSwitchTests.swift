import Atlas
import Testing

@testable import Evaluate

@Suite("A switch whose end no log tells of")
struct UnloggedSwitchTests {
    private let service = Service(name: "orders", members: ["a", "b"])

    private func line(
        _ at: Int64,
        _ member: String,
        _ phase: FailoverPhase,
        _ edge: Signature.Edge,
        _ side: Signature.Side
    ) -> Trace {
        let evidence = Evidence(
            at: .at(at),
            phase: phase,
            eye: .log,
            subject: member,
            text: "\(phase) \(edge)",
            health: .ok
        )
        return Trace(evidence, edge: edge, side: side)
    }

    private func takeOver(_ tracker: inout FailoverTracker, seen: Int64) {
        for trace in [
            line(1_000, "b", .detect, .begin, .successor),
            line(2_000, "b", .switch, .point, .successor),
        ] {
            tracker.take(trace, links: [], at: trace.at)
        }
        tracker.roleChanged("b", to: .primary, seen: .at(seen), links: [], at: .at(seen))
    }

    @Test("ends where a probe saw the new role, and the run with it where no canary looks")
    func endsAtTheRole() throws {
        var tracker = FailoverTracker(service, canary: nil)
        tracker.isPrimary("a")
        takeOver(&tracker, seen: 2_600)
        let run = try #require(tracker.runs.first)
        #expect(run.state == .verified)
        #expect(run.steps[2].start == .at(2_000) && run.steps[2].end == .at(2_600))
        #expect(tracker.serving == "b")
    }

    @Test("ends no later than users are served again")
    func endsWithUsers() throws {
        let canary = Canary(
            name: "orders-write",
            service: "orders",
            probe: "mariadb",
            mode: .write,
            table: "t",
            targets: [.init(resource: "a", address: ""), .init(resource: "b", address: "")],
            every: .milliseconds(100)
        )
        var tracker = FailoverTracker(service, canary: canary)
        var detector = OutageDetector()
        for index in 0..<40 {
            let target = index < 10 ? 0 : 1
            let attempt = CanaryTry.sample(index, isGood: index < 10 || index >= 24, target: target)
            let change = detector.take(attempt)
            tracker.take(
                attempt,
                change: change,
                target: ["a", "b"][target],
                links: [],
                at: attempt.ended
            )
        }
        takeOver(&tracker, seen: 2_600)
        let run = try #require(tracker.runs.first)
        #expect(run.steps[2].start == .at(2_000) && run.steps[2].end == run.firstGood)
    }

    @Test("takes nothing from the old primary's start, which is no restart at the new place")
    func oldPrimaryStarts() throws {
        var tracker = FailoverTracker(service, canary: nil)
        tracker.isPrimary("a")
        takeOver(&tracker, seen: 2_600)
        for trace in [
            line(6_000, "a", .restart, .begin, .any), line(7_000, "a", .restart, .end, .any),
        ] {
            tracker.take(trace, links: [], at: trace.at)
        }
        let run = try #require(tracker.runs.first)
        #expect(tracker.runs.count == 1)
        #expect(run.steps.map(\.state) == [.done, .absent, .done, .absent, .absent])
        #expect(run.steps[2].end == .at(2_600))
        #expect(run.clusterClaim == nil)
    }

    @Test("a server that starts again where it was has a restart phase")
    func restartInPlace() throws {
        let canary = Canary(
            name: "orders-write",
            service: "orders",
            probe: "mariadb",
            mode: .write,
            table: "t",
            targets: [.init(resource: "a", address: "")],
            every: .milliseconds(100)
        )
        var tracker = FailoverTracker(service, canary: canary)
        var detector = OutageDetector()
        for index in 0..<40 {
            let attempt = CanaryTry.sample(index, isGood: index < 10 || index >= 24)
            let change = detector.take(attempt)
            tracker.take(attempt, change: change, target: "a", links: [], at: attempt.ended)
        }
        for trace in [
            line(1_800, "a", .restart, .begin, .any), line(2_300, "a", .restart, .end, .any),
        ] {
            tracker.take(trace, links: [], at: .at(4_000))
        }
        let run = try #require(tracker.runs.first)
        #expect(run.kind == .outage && run.steps[3].took == .milliseconds(500))
    }
}
