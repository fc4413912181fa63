import Atlas
import Testing

@testable import Evaluate

@Suite("The clock of a replicated log")
struct LogClockTests {
    @Test("answers between two samples by the straight line")
    func between() {
        var clock = LogClock()
        clock.add(1_000, at: .at(0))
        clock.add(2_000, at: .at(1_000))
        #expect(clock.instant(reaching: 1_500) == .at(500))
    }

    @Test("says how far the log was at a moment, and forgets nothing of the newest")
    func positions() {
        var clock = LogClock()
        clock.add(1_000, at: .at(0))
        clock.add(2_000, at: .at(1_000))
        #expect(clock.position(at: .at(250)) == 1_250)
        #expect(clock.position(at: .at(5_000)) == 2_000)
        #expect(clock.position(at: .at(-1)) == nil)
    }

    @Test("a position that stood still was last reached at the end of the standstill")
    func standstill() {
        var clock = LogClock()
        for second in 0...9 { clock.add(1_000, at: .at(Int64(second) * 1_000)) }
        clock.add(2_000, at: .at(10_000))
        #expect(clock.instant(reaching: 1_000) == .at(9_000))
    }

    @Test("a position ahead of the newest was never reached")
    func ahead() {
        var clock = LogClock()
        clock.add(1_000, at: .at(0))
        #expect(clock.instant(reaching: 1_001) == nil)
    }

    @Test("memory is bounded and the answer out of memory is the oldest sample")
    func bounded() {
        var clock = LogClock()
        for second in 0..<10_000 { clock.add(Int64(second), at: .at(Int64(second) * 1_000)) }
        #expect(clock.instant(reaching: 0).map { $0 > .at(5_000_000) } == true)
    }

    @Test("a log that runs backwards begins anew")
    func rewound() {
        var clock = LogClock()
        clock.add(5_000, at: .at(0))
        clock.add(1_000, at: .at(1_000))
        #expect(clock.latest?.position == 1_000)
        #expect(clock.instant(reaching: 5_000) == nil)
    }
}
