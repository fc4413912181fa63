import Atlas
import Chance
import Testing

@testable import History
@testable import HistoryFormat

@Suite("Points as bytes")
struct MetricBlockTests {
    private func points(_ dice: inout Dice, _ count: Int, width: Int64) throws -> [MetricPoint] {
        var start: Int64 = 1_700_000_000 / width * width
        return try (0..<count).map { _ in
            start += width * Int64(dice.isLucky(80) ? 1 : dice.roll(1...500))
            let series = dice.pick(Dice.metricSeries)
            var set = try #require(StatisticSet(dice.value(of: series)))
            for _ in 0..<(dice.isLucky(50) ? 0 : dice.roll(1...40)) {
                set.merge(try #require(StatisticSet(dice.value(of: series))))
            }
            return MetricPoint(start: start, set: set)
        }
    }

    @Test("are read back as they were", arguments: 0..<40)
    func readBack(seed: Int) throws {
        var dice = Dice(seed)
        for width in MetricTier.allCases.map(\.width) {
            let points = try points(&dice, dice.roll(0...200), width: width)
            #expect(
                MetricBlock.decode(MetricBlock.encode(points, width: width), width: width) == points
            )
            let mixed = points.map { (series: Int64(dice.roll(1...9)), $0) }
            let read = try #require(MetricBlock.decodeMixed(MetricBlock.encode(mixed)))
            #expect(read.map(\.series) == mixed.map(\.series))
            if width == 1 { #expect(read.map(\.1) == points) }
        }
    }

    @Test("that are something else are said to be", arguments: 0..<20)
    func broken(seed: Int) throws {
        var dice = Dice(seed)
        let whole = MetricBlock.encode(try points(&dice, 30, width: 1), width: 1)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<dice.roll(1...3) {
                switch dice.roll(1...3) {
                case 1: bytes = Array(bytes.prefix(dice.roll(0...bytes.count)))
                case 2 where !bytes.isEmpty:
                    bytes[dice.roll(0...bytes.count - 1)] = UInt8(dice.roll(0...255))
                default: bytes.insert(UInt8(dice.roll(0...255)), at: dice.roll(0...bytes.count))
                }
            }
            // Nil, or other points: never a crash, and no set that cannot be.
            for point in MetricBlock.decode(bytes, width: 1) ?? [] { #expect(point.set.count > 0) }
            _ = MetricBlock.decodeMixed(bytes)
        }
        #expect(MetricBlock.decode(Array(whole.dropLast()), width: 1) == nil)
        #expect(MetricBlock.decode(whole + [0], width: 1) == nil)
    }

    @Test("take a byte or two where a gauge moves a little, and less where it stands still")
    func size() throws {
        var dice = Dice(5)
        var level = 400
        let gauge = try (0..<300).map { second in
            level += dice.roll(-3...3)
            let set = try #require(StatisticSet(Double(level) / 10))
            return MetricPoint(start: 1_700_000_100 + Int64(second), set: set)
        }
        #expect(MetricBlock.encode(gauge, width: 1).count < 300 * 2)
        let still = gauge.map { MetricPoint(start: $0.start, set: gauge[0].set) }
        #expect(MetricBlock.encode(still, width: 1).count < 40)
    }
}
