import Atlas
import Testing

@testable import Evaluate

@Suite("Rates from counters")
struct CounterRatesTests {
    private func counter(
        _ total: Double,
        whole: Double? = nil,
        limit: Double? = nil
    ) -> CounterSample {
        CounterSample(
            name: "c",
            total: total,
            unit: "B/s",
            whole: whole,
            limit: limit.map { .init(from: $0, reason: "too much") }
        )
    }

    /// The rate after each of some readings (seconds, total), asked every two seconds.
    private func rates(_ readings: [(Double, Double)]) -> [Double?] {
        var rates = CounterRates()
        return readings.map { seconds, total in
            rates.take(
                [counter(total)],
                asked: .at(Int64(seconds * 1_000)),
                every: .seconds(2)
            ).first?.value
        }
    }

    @Test("two readings make a rate by the time between the questions")
    func twoReadings() {
        #expect(rates([(0, 1_000), (2, 1_400), (4, 1_400)]) == [nil, 200, 100])
    }

    @Test("the mean of ten seconds is told, and what is older is forgotten")
    func window() {
        let burst = rates([(0, 0), (2, 100), (4, 100), (6, 100), (8, 100), (10, 100), (12, 100)])
        #expect(burst == [nil, 50, 25, 100.0 / 6, 12.5, 10, 0])
    }

    @Test("what is less than a tenth off is told as before")
    func steadiness() {
        #expect(
            rates([(0, 0), (2, 200), (4, 410), (6, 600), (8, 960), (10, 1_200)])
                == [nil, 100, 100, 100, 120, 120]
        )
    }

    @Test("a total that fell begins anew, as after a restart")
    func reset() {
        #expect(rates([(0, 1_000), (2, 1_200), (4, 10), (6, 30)]) == [nil, 100, nil, 10])
    }

    @Test("a clock that was set back or far on makes no rate")
    func clocks() {
        #expect(rates([(100, 0), (102, 20), (50, 40), (52, 60)]) == [nil, 10, nil, 10])
        #expect(rates([(100, 0), (102, 20), (3_702, 40), (3_704, 60)]) == [nil, 10, nil, 10])
        // Set back so little that the time still rises: the rate would be many times too high.
        #expect(rates([(100, 0), (100.1, 20), (102.1, 40)]) == [nil, nil, 10])
    }

    @Test("an answer that was missed is no gap, five of them are")
    func gaps() {
        #expect(rates([(0, 0), (6, 60)]) == [nil, 10])
        #expect(rates([(0, 0), (11, 60), (13, 80)]) == [nil, nil, 10])
    }

    @Test("a share of another total needs no clock, and is nothing where nothing was done")
    func shares() {
        var rates = CounterRates()
        func share(_ part: Double, of whole: Double, at seconds: Int64) -> Double? {
            rates.take(
                [counter(part * 100, whole: whole)],
                asked: .at(seconds * 1_000),
                every: .seconds(2)
            ).first?.value
        }
        #expect(share(10, of: 100, at: 0) == nil)
        #expect(share(20, of: 140, at: 2) == 25)
        #expect(share(20, of: 140, at: -900) == 25)
        var idle = CounterRates()
        let same = [counter(5, whole: 9)]
        _ = idle.take(same, asked: .at(0), every: .seconds(2))
        #expect(idle.take(same, asked: .at(2_000), every: .seconds(2)).first?.value == 0)
    }

    @Test("one over its limit warns with its figure, and stops when it is over")
    func limits() {
        var facts = ResourceFacts(name: "a", every: .seconds(2))
        func health(_ total: Double, at seconds: Int64) -> (Health, String) {
            facts.take(
                [.health(.ok, reason: ""), .counter(counter(total, limit: 10))],
                asked: .at(seconds * 1_000),
                answered: .at(seconds * 1_000)
            )
            let told = facts.health(at: .at(seconds * 1_000))
            return (told.0, told.reason)
        }
        #expect(health(0, at: 0) == (.ok, ""))
        #expect(health(2_468, at: 2) == (.warn, "too much, 1200 B/s"))
        #expect(facts.metrics.map(\.name) == ["c"])
        for seconds in stride(from: Int64(4), through: 10, by: 2) {
            #expect(health(2_468, at: seconds).0 == .warn)
        }
        #expect(health(2_468, at: 12) == (.ok, ""))
    }

    @Test("totals that are no numbers, and a name that comes twice, make no trouble")
    func nonsense() {
        var rates = CounterRates()
        for second in 0..<100 {
            let counters = [counter(.nan), counter(.infinity), counter(1e300), counter(2)]
            let metrics = rates.take(counters, asked: .at(Int64(second) * 10), every: .zero)
            #expect(metrics.allSatisfy(\.value.isFinite) && metrics.count <= 1)
        }
    }
}

@Suite("Lines a second that were there before")
struct OldLinesTests {
    @Test("what was written long before it arrived counts when it was written")
    func late() {
        var counter = RateCounter()
        let now = Instant.at(3_600_000)
        counter.count(.error, arrival: now, time: now - .seconds(600))
        counter.count(.warn, arrival: now, time: now - .seconds(5))
        counter.count(.info, arrival: now, time: now - .seconds(7_200))
        counter.count(.info, arrival: now, time: now + .seconds(7_200))
        let rates = counter.rates
        #expect(rates.errors.count == 61)
        #expect(rates.start == now - .seconds(600))
        #expect(rates.errors.first == 1 && rates.errors.reduce(0, +) == 1)
        #expect(rates.warnings.last == 1)
        #expect(rates.others.reduce(0, +) == 1 && rates.others.last == 1)
    }

    @Test("the window never holds more than an hour, however lines come")
    func bounded() {
        var counter = RateCounter()
        for step in 0..<2_000 {
            let arrival = Instant.at(Int64(step) * 9_000)
            counter.count(.info, arrival: arrival, time: arrival - .seconds(Int64(step)))
            #expect(counter.rates.others.count <= LogRates.capacity)
            #expect(counter.rates.errors.count == counter.rates.others.count)
        }
    }
}
