import Atlas
import Testing

@testable import Evaluate

@Suite("A replication link")
struct LinkTrackerTests {
    private let link = ReplicationLink(
        name: "orders",
        from: "a",
        to: "b",
        kind: "async",
        rpo: .seconds(5)
    )

    /// A link of which both ends are asked once a second; `bytes` a second are written.
    private struct Pair {
        var tracker: LinkTracker
        var a = ResourceFacts(name: "a", every: .seconds(1))
        var b = ResourceFacts(name: "b", every: .seconds(1))

        mutating func tell(
            _ second: Int64,
            primary: Int64?,
            standby: (received: Int64, applied: Int64)?,
            upstream: String? = "a"
        ) {
            let at = Instant.at(second * 1_000)
            if let primary {
                let position = LogPosition(timeline: 1, received: primary, applied: primary)
                a.take([.role(.primary), .position(position)], asked: at, answered: at)
            } else {
                a.take(ProbeFailure(kind: .unreachable, detail: "refused"), at: at)
            }
            if let standby {
                let position = LogPosition(
                    timeline: 1,
                    received: standby.received,
                    applied: standby.applied
                )
                b.take(
                    [.role(.standby), .position(position), .upstream(upstream)],
                    asked: at,
                    answered: at
                )
            }
            tracker.update(from: a, to: b, alias: ("a", "b"), at: at)
        }
    }

    private func pair() -> Pair { Pair(tracker: LinkTracker(link, at: .at(0))) }

    @Test("that keeps up would lose nothing, also while nothing is written")
    func idle() {
        var pair = pair()
        for second in 0...30 as ClosedRange<Int64> {
            pair.tell(second, primary: 1_000, standby: (1_000, 1_000))
        }
        #expect(pair.tracker.current.loss?.span == .zero)
        #expect(pair.tracker.current.health == .ok)
    }

    @Test("whose target stands still loses what was written since, in bytes and in time")
    func behind() {
        var pair = pair()
        for second in 0...10 as ClosedRange<Int64> {
            let received = min(second, 4) * 1_000
            pair.tell(second, primary: second * 1_000, standby: (received, received))
        }
        #expect(pair.tracker.current.loss?.amount == 6_000)
        #expect(pair.tracker.current.loss?.span == .seconds(6))
        #expect(pair.tracker.current.health == .down, "past its RPO of 5 s")
    }

    @Test("whose ends are asked one after the other does not lag by the time between")
    func interleaved() {
        var pair = pair()
        var worst = Span.zero
        for second in 1...30 as ClosedRange<Int64> {
            pair.tell(second, primary: second * 1_000, standby: nil)
            worst = max(worst, pair.tracker.current.loss?.span ?? .zero)
            let later = Instant.at(second * 1_000 + 400)
            let received = second * 1_000 + 400
            let position = LogPosition(timeline: 1, received: received, applied: received)
            pair.b.take(
                [.role(.standby), .position(position), .upstream("a")],
                asked: later,
                answered: later
            )
            pair.tracker.update(from: pair.a, to: pair.b, alias: ("a", "b"), at: later)
            worst = max(worst, pair.tracker.current.loss?.span ?? .zero)
        }
        #expect(worst == .zero)
        #expect(pair.tracker.current.loss?.amount == 0)
    }

    @Test("whose source is gone keeps its last figure, as a lower bound")
    func sourceGone() {
        var pair = pair()
        for second in 0...10 as ClosedRange<Int64> {
            let received = min(second, 7) * 1_000
            pair.tell(second, primary: second * 1_000, standby: (received, received))
        }
        for second in 11...60 as ClosedRange<Int64> {
            pair.tell(second, primary: nil, standby: (7_000, 7_000))
        }
        let loss = pair.tracker.current.loss
        #expect(loss?.isSourceGone == true)
        #expect(loss?.span == .seconds(3))
        #expect(loss?.asOf == .at(10_000))
    }

    @Test("that receives and does not apply loses nothing, and says how far it is behind")
    func paused() {
        var pair = pair()
        for second in 0...20 as ClosedRange<Int64> {
            let position = second * 1_000
            pair.tell(second, primary: position, standby: (position, min(position, 2_000)))
        }
        #expect(pair.tracker.current.loss?.span == .zero)
        #expect(pair.tracker.current.replayLag == .seconds(18))
        #expect(pair.tracker.current.health == .warn)
    }

    @Test("is not said to have two writers while the old one was only missed once")
    func missedOnce() {
        var pair = pair()
        pair.tell(1, primary: 1_000, standby: (1_000, 1_000))
        pair.tell(2, primary: nil, standby: nil)
        let at = Instant.at(2_500)
        let position = LogPosition(timeline: 2, received: 2_000, applied: 2_000)
        pair.b.take([.role(.primary), .position(position)], asked: at, answered: at)
        pair.tracker.update(from: pair.a, to: pair.b, alias: ("a", "b"), at: at)
        #expect(pair.tracker.current.reason != "both ends take writes")
        let back = Instant.at(3_000)
        pair.a.take([.role(.primary), .position(position)], asked: back, answered: back)
        pair.tracker.update(from: pair.a, to: pair.b, alias: ("a", "b"), at: back)
        #expect(pair.tracker.current.reason != "both ends take writes", "it may have moved back")
        let later = Instant.at(3_500)
        pair.b.take([.role(.primary), .position(position)], asked: later, answered: later)
        pair.tracker.update(from: pair.a, to: pair.b, alias: ("a", "b"), at: later)
        #expect(pair.tracker.current.reason == "both ends take writes")
    }

    @Test("counts in the unit of its source's log")
    func countsTransactions() {
        var pair = pair()
        let at = Instant.at(1_000)
        func position(_ number: Int64) -> Observation {
            .position(
                LogPosition(timeline: 1, received: number, applied: number, unit: .transactions)
            )
        }
        pair.a.take([.role(.primary), position(12)], asked: at, answered: at)
        pair.b.take([.role(.standby), position(9)], asked: at, answered: at)
        pair.tracker.update(from: pair.a, to: pair.b, alias: ("a", "b"), at: at)
        #expect(pair.tracker.current.loss?.amount == 3)
        #expect(pair.tracker.current.loss?.unit == .transactions)
    }

    @Test("turns round when the other end takes over")
    func reversed() {
        var pair = pair()
        pair.tell(1, primary: 1_000, standby: (1_000, 1_000))
        pair.tell(2, primary: nil, standby: nil)
        pair.tell(3, primary: nil, standby: nil)
        let at = Instant.at(4_000)
        let position = LogPosition(timeline: 2, received: 2_000, applied: 2_000)
        pair.b.take([.role(.primary), .position(position)], asked: at, answered: at)
        pair.tracker.update(from: pair.a, to: pair.b, alias: ("a", "b"), at: at)
        #expect(pair.tracker.current.from == "b")
        #expect(pair.tracker.current.to == "a")
        #expect(pair.tracker.current.health == .down, "its new target does not answer")
    }
}
