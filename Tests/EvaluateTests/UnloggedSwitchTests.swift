import Atlas
import Testing

@testable import Evaluate

@Suite("A switch whose end no log tells of")
struct UnloggedSwitchTests {
    private let service = Service(name: "orders", members: ["a", "b"])

    private func takeOver(_ tracker: inout FailoverTracker, seen: Int64) {
        for trace: Trace in [
            .line(1_000, "b", .detect, .begin, .successor, "detect begin"),
            .line(2_000, "b", .switch, .point, .successor, "switch point"),
        ] {
            tracker.take(trace, links: [], at: trace.at)
        }
        tracker.roleChanged("b", to: .primary, seen: .at(seen), links: [])
    }

    @Test("ends where a probe saw the new role, and the run with it where no canary looks")
    func endsAtTheRole() throws {
        var tracker = FailoverTracker(service, canary: nil)
        tracker.sawPrimary("a")
        takeOver(&tracker, seen: 2_600)
        let run = try #require(tracker.runs.first)
        #expect(run.state == .verified)
        #expect(run.steps[2].start == .at(2_000) && run.steps[2].end == .at(2_600))
        #expect(tracker.serving == "b")
    }

    @Test("ends no later than users are served again")
    func endsWithUsers() throws {
        let canary = Canary.writing(to: "orders")
        var tracker = FailoverTracker(service, canary: canary)
        for index in 0..<40 {
            let target = index < 10 ? 0 : 1
            let attempt = CanaryTry.sample(index, isGood: index < 10 || index >= 24, target: target)
            tracker.take(attempt, target: ["a", "b"][target], links: [])
        }
        takeOver(&tracker, seen: 2_600)
        let run = try #require(tracker.runs.first)
        #expect(run.steps[2].start == .at(2_000) && run.steps[2].end == run.firstGood)
    }

    @Test("takes nothing from the old primary's start, which is no restart at the new place")
    func oldPrimaryStarts() throws {
        var tracker = FailoverTracker(service, canary: nil)
        tracker.sawPrimary("a")
        takeOver(&tracker, seen: 2_600)
        for trace: Trace in [
            .line(6_000, "a", .restart, .begin, .any, "restart begin"),
            .line(7_000, "a", .restart, .end, .any, "restart end"),
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
        for index in 0..<40 {
            let attempt = CanaryTry.sample(index, isGood: index < 10 || index >= 24)
            tracker.take(attempt, target: "a", links: [])
        }
        for trace: Trace in [
            .line(1_800, "a", .restart, .begin, .any, "restart begin"),
            .line(2_300, "a", .restart, .end, .any, "restart end"),
        ] {
            tracker.take(trace, links: [], at: .at(4_000))
        }
        let run = try #require(tracker.runs.first)
        #expect(run.kind == .outage && run.steps[3].took == .milliseconds(500))
    }
}
