import Atlas
import Testing

@Suite("A statistic set")
struct StatisticSetTests {
    private func set(_ values: [Double]) throws -> StatisticSet {
        var set = try #require(StatisticSet(values[0]))
        for value in values.dropFirst() { set.merge(try #require(StatisticSet(value))) }
        return set
    }

    @Test("has count, sum, mean, least and most of its values, and no buckets while they are equal")
    func figures() throws {
        let equal = try set([2.5, 2.5, 2.5])
        #expect(equal.buckets.isEmpty)
        #expect((equal.count, equal.sum, equal.quantile(0.5)) == (3, 7.5, 2.5))
        let several = try set([3, -1, 0, 8])
        #expect((several.least, several.most, several.sum) == (-1, 8, 10))
        #expect(several.average == 2.5)
        #expect(several.buckets.map(\.count) == [1, 1, 1, 1])
    }

    @Test("takes no value that is no number, or beyond 2^360, and what is next to zero as zero")
    func refused() {
        for value in [Double.nan, .infinity, -.infinity, 0x1p361, -0x1p361] {
            #expect(StatisticSet(value) == nil)
        }
        #expect(StatisticSet(0x1p360) != nil)
        #expect(StatisticSet(-0x1p-361)?.sum == 0)
        #expect(StatisticSet(-0.0)?.least.sign == .plus)
    }

    @Test("has percentiles within 1.6 % at every magnitude and sign")
    func percentiles() throws {
        for scale in [1e-100, 1e-9, 1, 3e7, 1e100] {
            for sign in [1.0, -1.0] {
                let values = (1...1_000).map { sign * scale * (1 + Double($0 * $0) / 777) }
                let set = try set(values)
                let sorted = values.sorted()
                for percent in [0.0, 1, 25, 50, 90, 99, 99.9, 100] {
                    let rank = max(1, Int((percent / 100 * 1_000).rounded(.up)))
                    let (found, exact) = (
                        MetricStatistic.percentile(percent).value(of: set), sorted[rank - 1]
                    )
                    #expect(abs(found - exact) <= abs(exact) * 0.016, "\(percent) of \(scale)")
                }
            }
        }
    }

    @Test("is the same whichever way its parts are merged")
    func merged() throws {
        let values = (0..<200).map { Double(($0 * 7_919) % 401 - 200) }
        let whole = try set(values)
        for size in [1, 3, 50, 199] {
            var parts = try stride(from: 0, to: values.count, by: size).map {
                try set(Array(values[$0..<min(values.count, $0 + size)]))
            }
            var merged = parts.removeLast()
            for part in parts { merged.merge(part) }
            #expect(merged == whole)
        }
    }

    @Test("that cannot be is not made")
    func impossible() {
        let bucket = StatisticSet.Bucket(index: 3, count: 2)
        #expect(StatisticSet(count: 0, sum: 0, least: 0, most: 0, buckets: []) == nil)
        #expect(StatisticSet(count: 2, sum: 3, least: 1, most: 2, buckets: []) == nil)
        #expect(StatisticSet(count: 3, sum: 3, least: 1, most: 2, buckets: [bucket]) == nil)
        #expect(
            StatisticSet(count: 4, sum: 3, least: 1, most: 2, buckets: [bucket, bucket]) == nil
        )
        #expect(StatisticSet(count: 1, sum: .nan, least: 1, most: 1, buckets: []) == nil)
        #expect(StatisticSet(count: 2, sum: 3, least: 1, most: 2, buckets: [bucket]) != nil)
    }

    @Test("is asked for by the names of its statistics")
    func names() {
        for name in ["n", "sum", "avg", "min", "max", "p50", "p99.9", "p100", "p0"] {
            #expect(MetricStatistic(name)?.description == name)
        }
        for name in ["", "p", "p101", "p-1", "p1e1", "pinf", "mean", "P99", "p9.9.9"] {
            #expect(MetricStatistic(name) == nil)
        }
    }
}
