import Atlas
import Testing

@testable import Evaluate

@Suite("The runs of a service")
struct RunHistoryTests {
    private func run(
        _ milliseconds: Int64,
        _ kind: FailoverRun.Kind,
        change: (inout FailoverRun) -> Void = { _ in }
    ) -> OpenRun {
        let start = Instant.at(milliseconds)
        var run = FailoverRun(id: "s@\(start)", service: "s", kind: kind, started: start)
        change(&run)
        let tries = FeltSeries(width: .milliseconds(500), capacity: 20, isRing: true)
        return OpenRun(run, traces: [], tries: tries, links: [])
    }

    private func outage(_ first: Int64, _ last: Int64) -> OpenRun {
        run(first, .outage) { run in
            run.firstBad = .at(first)
            run.firstGood = .at(last)
        }
    }

    @Test("are at most 200, and the oldest goes first")
    func limit() {
        var history = RunHistory()
        for index in 0..<201 {
            history.begin(run(Int64(index), .outage))
            history.close()
        }
        #expect(history.all.count == 200 && history.all.first?.started == .at(1))
    }

    @Test(
        "an outage within five minutes after a failover is noted there, too",
        arguments: [(301_000, 500), (301_001, nil)] as [(Int64, Int64?)]
    )
    func secondOutage(begins: Int64, noted: Int64?) {
        var history = RunHistory()
        history.begin(run(0, .failover) { $0.firstGood = .at(1_000) })
        history.close()
        history.begin(outage(begins, begins + 500))
        history.noteSecondOutage()
        #expect(history.all.first?.secondOutage == noted.map { .milliseconds($0) })
    }

    @Test("an unfelt failover is asked for its writes once the canary is served by its successor")
    func uncounted() {
        var history = RunHistory()
        let unfelt = run(0, .failover) { run in
            run.to = "b"
            run.state = .verified
            run.lostWrites = LostWrites()
        }
        history.begin(unfelt)
        history.close()
        #expect(history.uncounted(used: "a") == nil)
        #expect(history.uncounted(used: "b") != nil)
        #expect(history.isFollowed(byMoveTo: "b", from: "a"))
        #expect(!history.isFollowed(byMoveTo: "c", from: "a"))
        history.settle(LostWrites(state: .counted), run: unfelt.run.id)
        #expect(history.uncounted(used: "b") == nil)
        #expect(!history.isFollowed(byMoveTo: "b", from: "a"))
    }

    @Test("two writers belong to the open run, else to the last one")
    func twoWriters() {
        var history = RunHistory()
        history.noteTwoWriters()
        history.begin(run(0, .outage))
        history.close()
        history.noteTwoWriters()
        history.begin(run(1, .outage))
        #expect(history.all.map(\.hasTwoWriters) == [true, false])
        history.noteTwoWriters()
        #expect(history.all.map(\.hasTwoWriters) == [true, true])
    }
}
