internal import Atlas

/// Points as bytes.
///
///     count        varint
///     series       column of whole numbers: only where points of several are together
///     starts       column of whole numbers: each less the one before, in periods
///     counts       column of whole numbers: of values, less one
///     least        column of numbers
///     most, sum    columns of numbers: of those points that have several values
///     buckets      of those points whose values differ: how many, then the indices (the first less
///                  that of the point before, the others less the one before), then the counts
///
/// `MetricCodec` packs them.
package enum MetricBlock {
    /// As many points a row never has: one of a series has 300 at most.
    private static let mostOfSeries: UInt64 = 1 << 16
    private static let mostPoints: UInt64 = 4 << 20
    /// Points of several series for each byte: a series takes one at least.
    private static let mostOfByte: UInt64 = 4_096
    /// As many values no point has, and the sum of those of a row is a number still.
    private static let mostValues: Int64 = 1 << 40

    // MARK: - Of one series

    package static func encode(_ points: [MetricPoint], width: Int64) -> [UInt8] {
        var writer = VarintWriter()
        writer.put(UInt64(points.count))
        put(points, width, into: &writer)
        return writer.bytes
    }

    /// Nil means that the bytes are something else.
    package static func decode(_ bytes: [UInt8], width: Int64) -> [MetricPoint]? {
        var reader = VarintReader(bytes)
        guard let count = reader.next(), count <= mostOfSeries,
            let points = points(Int(count), width, &reader), reader.isAtEnd
        else { return nil }
        return points
    }

    // MARK: - Of several series

    package static func encode(_ points: [(series: Int64, MetricPoint)]) -> [UInt8] {
        var writer = VarintWriter()
        writer.put(UInt64(points.count))
        NumberColumn.put(points.map(\.series), into: &writer)
        put(points.map(\.1), 1, into: &writer)
        return writer.bytes
    }

    package static func decodeMixed(_ bytes: [UInt8]) -> [(series: Int64, MetricPoint)]? {
        var reader = VarintReader(bytes)
        guard let count = reader.next(),
            count <= min(mostPoints, UInt64(bytes.count) * mostOfByte),
            let series = NumberColumn.nextWhole(Int(count), &reader),
            let points = points(Int(count), 1, &reader), reader.isAtEnd
        else { return nil }
        return Array(zip(series, points))
    }

    // MARK: - Columns

    private static func put(
        _ points: [MetricPoint],
        _ width: Int64,
        into writer: inout VarintWriter
    ) {
        var before: Int64 = 0
        let steps = points.map { point in
            defer { before = point.start }
            return (point.start &- before) / width
        }
        NumberColumn.put(steps, into: &writer)
        NumberColumn.put(points.map { Int64($0.set.count) - 1 }, into: &writer)
        NumberColumn.put(points.map(\.set.least), into: &writer)
        let several = points.map(\.set).filter { $0.count > 1 }
        NumberColumn.put(several.map(\.most), into: &writer)
        NumberColumn.put(several.map(\.sum), into: &writer)
        let spread = several.map(\.buckets).filter { !$0.isEmpty }
        NumberColumn.put(spread.map { Int64($0.count) }, into: &writer)
        var first: Int64 = 0
        for buckets in spread {
            var last = first
            for bucket in buckets {
                writer.putSigned(Int64(bucket.index) - last)
                last = Int64(bucket.index)
            }
            first = Int64(buckets[0].index)
        }
        for buckets in spread {
            for bucket in buckets { writer.put(UInt64(bucket.count)) }
        }
    }

    private static func points(
        _ count: Int,
        _ width: Int64,
        _ reader: inout VarintReader
    ) -> [MetricPoint]? {
        guard let steps = NumberColumn.nextWhole(count, &reader),
            let counts = NumberColumn.nextWhole(count, &reader),
            let least = NumberColumn.next(count, &reader)
        else { return nil }
        let several = counts.count { $0 > 0 }
        guard let most = NumberColumn.next(several, &reader),
            let sums = NumberColumn.next(several, &reader)
        else { return nil }
        var differs: [Bool] = []
        var place = 0
        for index in 0..<count where counts[index] > 0 {
            differs.append(least[index] != most[place])
            place += 1
        }
        guard let buckets = buckets(differs.count(where: \.self), &reader) else { return nil }
        var points: [MetricPoint] = []
        points.reserveCapacity(count)
        var start: Int64 = 0
        var spread = buckets.makeIterator()
        place = 0
        for index in 0..<count {
            let (step, overflow) = steps[index].multipliedReportingOverflow(by: width)
            guard !overflow, 0..<mostValues ~= counts[index] else { return nil }
            start &+= step
            let isOne = counts[index] == 0
            let set = StatisticSet(
                count: Int(counts[index]) + 1,
                sum: isOne ? least[index] : sums[place],
                least: least[index],
                most: isOne ? least[index] : most[place],
                buckets: isOne || !differs[place] ? [] : spread.next() ?? []
            )
            guard let set else { return nil }
            points.append(MetricPoint(start: start, set: set))
            if !isOne { place += 1 }
        }
        return points
    }

    private static func buckets(
        _ count: Int,
        _ reader: inout VarintReader
    ) -> [[StatisticSet.Bucket]]? {
        guard let sizes = NumberColumn.nextWhole(count, &reader) else { return nil }
        var all: [[StatisticSet.Bucket]] = []
        var first: Int64 = 0
        for size in sizes {
            guard size > 0 else { return nil }
            var buckets: [StatisticSet.Bucket] = []
            var last = first
            for place in 0..<size {
                guard let step = reader.nextSigned() else { return nil }
                last &+= step
                guard let index = Int32(exactly: last) else { return nil }
                if place == 0 { first = last }
                buckets.append(StatisticSet.Bucket(index: index, count: 0))
            }
            all.append(buckets)
        }
        for row in all.indices {
            for place in all[row].indices {
                guard let count = reader.next().flatMap(Int.init(exactly:)) else { return nil }
                all[row][place].count = count
            }
        }
        return all
    }
}
