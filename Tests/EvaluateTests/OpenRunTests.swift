import Atlas
import Testing

@testable import Evaluate

@Suite("A run that is open")
struct OpenRunTests {
    private let service = Service(name: "orders", members: ["a", "b"], rto: .seconds(60))
    private let canary = Canary.writing(to: "orders")

    @Test("an outage after which the same member serves is no failover")
    func outageOnly() throws {
        var tracker = FailoverTracker(service, canary: canary)
        for index in 0..<40 {
            let attempt = CanaryTry.sample(index, isGood: index < 10 || index >= 20)
            tracker.take(attempt, target: "a", links: [])
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
        var states: [FailoverRun.State?] = []
        for index in 0..<60 {
            let attempt = CanaryTry.sample(
                index,
                isGood: index < 10 || index > 30 || index % 2 == 0
            )
            tracker.take(attempt, target: "a", links: [])
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
        for (index, outcome) in ("ooxxxxx" + "oo" + "xooooooooooooo").enumerated() {
            let attempt = CanaryTry.sample(index, isGood: outcome == "o")
            tracker.take(attempt, target: "a", links: [])
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
        for (index, outcome) in ("ooxxx" + "oooooo" + "xxooooooooooooo").enumerated() {
            let attempt = CanaryTry.sample(index, isGood: outcome == "o")
            tracker.take(attempt, target: "a", links: [])
        }
        #expect(tracker.runs.map(\.firstBad) == [.at(200), .at(1_100)])
        #expect(tracker.runs.map(\.firstGood) == [.at(505), .at(1_305)])
        #expect(tracker.runs.allSatisfy { $0.state == .verified })
    }

    @Test("a note shortly before dates the fault")
    func fault() throws {
        var tracker = FailoverTracker(service, canary: canary)
        tracker.mark("pulled the plug", at: .at(900))
        for index in 0..<20 {
            let attempt = CanaryTry.sample(index, isGood: index < 10)
            tracker.take(attempt, target: "a", links: [])
        }
        #expect(try #require(tracker.runs.first).fault == .at(900))
    }
}
