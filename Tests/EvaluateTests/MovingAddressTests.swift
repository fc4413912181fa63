import Atlas
import Testing

@testable import Evaluate

@Suite("An address that moves from member to member")
struct MovingAddressTests {
    /// What a member that takes over at a time writes.
    private func takeover(_ at: Int64, by member: String) -> [Trace] {
        [
            .line(at, member, .detect, .point, .successor, "timeout"),
            .line(at, member, .switch, .begin, .successor, "timeout"),
            .line(at, member, .switch, .end, .successor, "master"),
            .line(at, member, .address, .begin, .successor, "set"),
            .line(at + 5, member, .address, .end, .successor, "announced"),
        ]
    }

    private func tracker(_ traces: [Trace]) -> FailoverTracker {
        var tracker = FailoverTracker(Service(name: "web", members: ["a", "b"]), canary: nil)
        tracker.sawPrimary("a")
        for trace in traces { tracker.take(trace, links: [], at: trace.at + .milliseconds(50)) }
        return tracker
    }

    @Test("is announced again, which makes no phase longer")
    func announcedAgain() throws {
        let again = Trace.line(6_005, "b", .address, .end, .successor, "announced")
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
        tracker.sawPrimary("a")
        #expect(tracker.serving == "b")
        tracker.roleChanged("b", to: .standby, seen: .at(30_000), links: [])
        tracker.sawPrimary("a")
        #expect(tracker.serving == "a")
        tracker.tick(at: .at(40_000))
        for trace in takeover(60_000, by: "b") { tracker.take(trace, links: [], at: trace.at) }
        #expect(tracker.runs.map(\.to) == ["b", "b"])
    }

    @Test("its new holder's own start is no sign that the old one stopped")
    func otherSide() throws {
        let start = Trace.line(200, "b", .stop, .end, .predecessor, "removing")
        let old = Trace.line(300, "a", .address, .end, .successor, "announced")
        let run = try #require(tracker([start, old] + takeover(1_000, by: "b")).runs.first)
        #expect(run.steps[1].state == .absent)
        #expect(run.started == .at(1_000) && run.steps[4].took == .milliseconds(5))
    }

    @Test("an old holder that stops by itself does not end the detection")
    func stopsByItself() throws {
        let stop = Trace.line(100, "a", .stop, .end, .predecessor, "removing")
        let detected = Trace.line(90, "a", .detect, .begin, .predecessor, "down")
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
        tracker.sawPrimary("a")
        for index in 0..<40 {
            let attempt = CanaryTry.sample(index, isGood: index < 10 || index >= 20)
            tracker.take(attempt, target: "a", links: [])
        }
        tracker.roleChanged("b", to: .primary, seen: .at(2_800), links: [])
        let run = try #require(tracker.runs.first)
        #expect(tracker.runs.count == 1)
        #expect(run.kind == .failover && run.from == "a" && run.to == "b")
        #expect(tracker.serving == "b")
        #expect(run.evidence.contains { $0.text == "first good try" }, "its target says nothing")
        for trace in takeover(9_000, by: "a") { tracker.take(trace, links: [], at: trace.at) }
        #expect(tracker.runs.last?.started == .at(9_000), "what users felt before is of before")
    }
}
