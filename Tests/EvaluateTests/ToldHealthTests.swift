import Atlas
import Testing

@testable import Evaluate

@Suite("What a resource says of itself")
struct ToldHealthTests {
    private func facts(_ observations: [Observation]) -> ResourceFacts {
        var facts = ResourceFacts(name: "a", every: .seconds(1))
        facts.take(observations, asked: .at(0), answered: .at(1))
        return facts
    }

    @Test(
        "is its health, and the reason is its own",
        arguments: [Health.ok, .maintenance, .noData, .warn, .down]
    )
    func told(health: Health) {
        let judged = facts([.health(health, reason: "so it says")]).health(at: .at(1))
        #expect(judged.0 == health)
        #expect(judged.reason == "so it says")
    }

    @Test("counts by its worst, the first of equals")
    func worst() {
        let judged = facts([
            .health(.ok, reason: "a"), .health(.warn, reason: "b"), .health(.warn, reason: "c"),
        ]).health(at: .at(1))
        #expect(judged.0 == .warn)
        #expect(judged.reason == "b")
    }

    @Test("cannot cover what is seen to be wrong")
    func covers() {
        var facts = facts([.role(.standby), .upstream(nil), .health(.ok, reason: "all is well")])
        #expect(facts.health(at: .at(1)).0 == .warn)
        facts.take(ProbeFailure(kind: .unreachable, detail: "refused"), at: .at(2))
        facts.take(ProbeFailure(kind: .unreachable, detail: "refused"), at: .at(3))
        #expect(facts.health(at: .at(3)).0 == .down)
    }

    @Test("is forgotten with the next reply, and silence is no data")
    func forgets() {
        var facts = facts([.health(.down, reason: "x")])
        #expect(facts.health(at: .at(9_000)).0 == .noData)
        facts.take(
            [.metric(MetricSample(name: "m", value: 1))],
            asked: .at(9_000),
            answered: .at(9_001)
        )
        #expect(facts.health(at: .at(9_001)).0 == .ok)
    }

    @Test("a link that an end tells of is taken as told, and held to its RPO")
    func link() {
        let link = ReplicationLink(
            name: "l",
            from: "a",
            to: "b",
            kind: "snapshots",
            rpo: .seconds(10)
        )
        var tracker = LinkTracker(link, at: .at(0))
        var b = ResourceFacts(name: "b", every: .seconds(1))
        func tell(_ health: Health, behind: Span?, at: Int64) {
            let report = LinkReport(
                name: "l",
                health: health,
                reason: "told",
                behind: behind,
                bytes: 7
            )
            b.take([.link(report)], asked: .at(at), answered: .at(at))
            tracker.update(from: facts([]), to: b, alias: ("a", "b"), at: .at(at))
        }
        tell(.ok, behind: .seconds(2), at: 1_000)
        #expect(tracker.current.health == .ok && tracker.current.loss?.amount == 7)
        tell(.ok, behind: .seconds(6), at: 2_000)
        #expect(tracker.current.health == .warn && tracker.current.reason == "over half of its RPO")
        tell(.ok, behind: .seconds(11), at: 3_000)
        #expect(tracker.current.health == .down && tracker.current.reason == "past its RPO")
        tell(.warn, behind: nil, at: 4_000)
        #expect(tracker.current.health == .warn && tracker.current.reason == "told")
        #expect(tracker.current.loss == nil)
        b.take(ProbeFailure(kind: .timeout, detail: "x"), at: .at(5_000))
        tracker.update(from: facts([]), to: b, alias: ("a", "b"), at: .at(5_000))
        #expect(tracker.current.health == .noData)
    }
}
