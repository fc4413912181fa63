import Atlas
import Canvas
import Testing

@testable import Screens

@Suite("A failover run in words")
struct RunWordsTests {
    private let now = SampleEstate.now

    private func text(_ runs: [FailoverRun], _ size: (Int, Int) = (120, 40)) -> String {
        var picture = SamplePicture.trouble()
        picture.failovers = runs
        return CanvasText.text(Sample(.failover, "", picture).canvas(size.0, size.1))
    }

    @Test(
        "how it went: two writers and a missed objective are down, losses and second outages warn"
    )
    func health() {
        var run = SampleRuns.finished()
        run.lostWrites = nil
        func health() -> Health { RunWords(run, now: now).health }
        #expect(health() == .ok)
        run.lostWrites = LostWrites(state: .counted, acknowledged: 9, lost: 1)
        #expect(health() == .warn)
        run.lostWrites = nil
        run.secondOutage = .seconds(3)
        #expect(health() == .warn)
        run.rto = .seconds(10)
        #expect(health() == .down)
        run.rto = nil
        run.hasTwoWriters = true
        #expect(health() == .down)
        #expect(RunWords(SampleRuns.running(), now: now).health == .moving)
        #expect(RunWords(SampleRuns.troubled()[0], now: now).health == .down)
    }

    @Test("an absent phase is told as absent, at every size that has room for phases")
    func absent() {
        for size in [(120, 40), (80, 24), (60, 20), (100, 30)] {
            let lines = text([SampleRuns.running()], size).split(separator: "\n")
            #expect(lines.contains { $0.contains("stop") && $0.contains("no evidence") }, "\(size)")
        }
    }

    @Test("lost writes are counted, awaited, or not known for a reason; never silently nothing")
    func lost() {
        var run = SampleRuns.finished()
        #expect(
            text([run]).contains("▲ 17 of 4,210 acknowledged writes lost, 12:03:24 to 12:03:25")
        )
        run.lostWrites = LostWrites(state: .counted, acknowledged: 4_210)
        #expect(text([run]).contains("0 of 4,210 acknowledged writes lost"))
        run.lostWrites = LostWrites(state: .pending)
        #expect(text([run]).contains("lost writes not counted yet"))
        run.lostWrites = LostWrites(state: .unknown, reason: "pg-1c did not answer")
        #expect(text([run]).contains("lost writes not known: pg-1c did not answer"))
        run.lostWrites = nil
        #expect(text([run]).contains("no write canary"))
    }

    @Test("the cluster's claim stands beside what users felt, with the difference")
    func claim() {
        let text = text([SampleRuns.finished()])
        #expect(text.contains("its logs say 43.3 s  difference 10.9 s"))
        #expect(text.contains("first bad 12:03:25.3, first good again 12:04:19.5"))
        #expect(text.contains("54.2 s of 120 s"))
    }

    @Test("an outage that nobody took over, two writers and a second outage are said aloud")
    func alarms() {
        let runs = SampleRuns.troubled()
        #expect(text([runs[0]]).contains("stock  pg-sng, nobody took over"))
        let second = text([runs[1]])
        #expect(second.contains("✖ two members took writes at once"))
        #expect(second.contains("▲ a second outage of 12.4 s within 5 min"))
    }

    @Test("a link whose source is gone tells its loss as a lower bound")
    func lowerBound() {
        let text = CanvasText.text(Sample(.overview, "", SamplePicture.trouble()).canvas(120, 40))
        #expect(text.contains("≥9.2 s"))
        #expect(text.contains("source gone: at least 9.2 s (1.2 MiB) lost, last heard 12:03:25"))
    }

    @Test("a run without a canary and without evidence is drawn all the same")
    func bare() {
        var run = FailoverRun(
            id: "x#1",
            service: "x",
            kind: .failover,
            started: now,
            isWatched: false
        )
        #expect(text([run]).contains("no canary watches this service"))
        run.state = .verified
        #expect(text([run]).contains("not measured: no canary watches it"))
    }

    @Test("a run that a canary watched and users did not feel is not said to be unwatched")
    func unfelt() {
        var run = FailoverRun(id: "x#1", service: "x", kind: .failover, started: now)
        run.state = .verified
        #expect(text([run]).contains("users felt no outage"))
        #expect(!text([run]).contains("no canary watches this service"))
        #expect(RunWords(run, now: now).length == "none")
    }

    @Test("the median of phases is of this service's finished failovers only")
    func statistics() {
        let runs = Array(
            (SampleRuns.past() + [SampleRuns.running()] + SampleRuns.troubled()).reversed()
        )
        let statistics = RunStatistics(of: "orders", among: runs)
        #expect(statistics.runs.map(\.id) == ["orders#5", "orders#3", "orders#2", "orders#1"])
        #expect(RunStatistics.median(statistics.spans(of: .detect)) == .milliseconds(8_000))
        #expect(RunStatistics.median([]) == nil)
    }

    @Test("bars start and end inside their lane", arguments: [1, 2, 7, 40])
    func lanes(width: Int) {
        let timeline = RunTimeline(SampleRuns.running(), now: now)
        for from in stride(from: -5, through: 60, by: 1) {
            for length in [0, 1, 30, 200] {
                let start = timeline.start + .seconds(Int64(from))
                let columns = timeline.columns(
                    from: start,
                    to: start + .seconds(Int64(length)),
                    width: width
                )
                #expect(!columns.isEmpty && columns.lowerBound >= 0 && columns.upperBound <= width)
            }
        }
    }
}
