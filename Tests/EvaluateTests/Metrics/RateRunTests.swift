import Atlas
import Testing

@testable import Evaluate

@Suite("Lines counted by runs")
struct RateRunTests {
    @Test("count as each alone does, old ones and ones before the window among them")
    func isTheSame() {
        var state: UInt64 = 3
        func roll(_ below: Int64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(state >> 33) % below
        }
        for _ in 0..<200 {
            var (alone, together) = (RateCounter(), RateCounter())
            var now: Int64 = 100_000
            for _ in 0..<20 {
                now += roll(40) - 8
                let arrival = Instant(seconds: now)
                let levels = (0..<roll(30)).map { _ in Level.allCases[Int(roll(7))] }
                let times = levels.map { _ in
                    Instant(seconds: now - (roll(3) == 0 ? roll(6_000) : roll(70)))
                }
                for (level, time) in zip(levels, times) {
                    alone.count(level, arrival: arrival, time: time)
                }
                _ = levels.withUnsafeBufferPointer { levels in
                    times.withUnsafeBufferPointer { times in
                        together.count(levels, times: times, arrival: arrival)
                    }
                }
                #expect(alone.rates == together.rates)
            }
        }
    }
}
