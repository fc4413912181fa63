import Atlas
import Testing

@testable import Evaluate

@Suite("Users who stay with an old primary that was cut off")
struct SplitBrainTests {
    private let canary = Canary.writing(to: "cache")

    /// `b` takes over at 1.0 s while the canary is served by `a` until 40 s, then by `b` after
    /// `bad` bad tries; a sentinel's lines are read, too.
    private func run(bad: Int) -> FailoverTracker {
        var tracker = FailoverTracker(
            Service(name: "cache", members: ["a", "b", "s"]),
            canary: canary
        )
        for index in 0..<450 {
            let isGood = !(400..<(400 + bad)).contains(index)
            let target = index < 400 ? 0 : 1
            let attempt = CanaryTry.sample(index, isGood: isGood, target: target)
            tracker.take(attempt, target: target == 0 ? "a" : "b", links: [])
            if index == 10 { takeOver(&tracker) }
            tracker.tick(at: attempt.ended)
            #expect(index < 400 + bad ? tracker.uncounted == nil : tracker.uncounted != nil)
        }
        return tracker
    }

    private func takeOver(_ tracker: inout FailoverTracker) {
        let lines: [Trace] = [
            .line(1_000, "s", .switch, .begin, .any), .line(1_100, "b", .switch, .end, .successor),
            .line(1_200, "s", .address, .begin, .any), .line(1_250, "s", .address, .end, .any),
        ]
        for line in lines { tracker.take(line, links: [], at: .at(1_300)) }
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
}
