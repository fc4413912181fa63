import Atlas
import Evaluate
import Testing

@Suite("Values by the second")
struct PeriodTableTests {
    private let cpu = MetricSeries(.resource, "db1", "cpu", unit: "%")
    private let lag = MetricSeries(.link, "db1 → db2", "lag", unit: "s")

    @Test("are closed when their second is over, in order of time, then of the first values")
    func closed() {
        var table = PeriodTable()
        table.add(5, to: lag, at: Instant(nanoseconds: 3_900_000_000))
        table.add(1, to: cpu, at: Instant(nanoseconds: 2_100_000_000))
        table.add(3, to: cpu, at: Instant(nanoseconds: 2_999_999_999))
        table.add(7, to: cpu, at: Instant(nanoseconds: 3_000_000_000))
        #expect(table.close(before: Instant(nanoseconds: 2_999_999_999)).isEmpty)
        let first = table.close(before: Instant(seconds: 3))
        #expect(first.map(\.series) == [cpu])
        #expect(first.map(\.start) == [Instant(seconds: 2)])
        #expect(first.map(\.set.sum) == [4])
        let rest = table.close(before: Instant(seconds: 9))
        #expect(rest.map(\.series) == [lag, cpu])
        #expect(table.close(before: Instant(seconds: 99)).isEmpty)
    }

    @Test("of a second that was closed already come out once more, alone")
    func late() {
        var table = PeriodTable()
        table.add(1, to: cpu, at: Instant(seconds: 2))
        #expect(table.close(before: Instant(seconds: 5)).map(\.set.count) == [1])
        table.add(9, to: cpu, at: Instant(seconds: 2))
        #expect(table.close(before: Instant(seconds: 6)).map(\.set.sum) == [9])
    }

    @Test("of more series than there may be are counted")
    func bounded() {
        var table = PeriodTable(limit: 1)
        table.add(1, to: cpu, at: Instant(seconds: 1))
        table.add(1, to: lag, at: Instant(seconds: 1))
        table.add(2, to: cpu, at: Instant(seconds: 1))
        table.add(.nan, to: cpu, at: Instant(seconds: 1))
        #expect(table.refused == 1)
        #expect(table.close(before: Instant(seconds: 2)).map(\.set.count) == [2])
    }
}
