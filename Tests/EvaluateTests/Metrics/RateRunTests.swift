import Atlas
import Chance
import Testing

@testable import Evaluate

@Suite("Lines counted by runs")
struct RateRunTests {
    @Test("count as each alone does, old ones and ones before the window among them")
    func isTheSame() {
        var dice = Dice(3)
        for _ in 0..<200 {
            var (alone, together) = (RateCounter(), RateCounter())
            var now = 100_000
            for _ in 0..<20 {
                now += dice.roll(-8..<32)
                let arrival = Instant(seconds: Int64(now))
                let levels = (0..<dice.roll(0..<30)).map { _ in dice.pick(Level.allCases) }
                let times = levels.map { _ in
                    let age = dice.isLucky(33) ? dice.roll(0..<6_000) : dice.roll(0..<70)
                    return Instant(seconds: Int64(now - age))
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
