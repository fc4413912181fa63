package import Atlas

/// Counts lines, and sums a number of theirs, by bucket of time and values.
///
/// Each combination of values is a series with a number, each series has a row in a bucket. In the
/// bucket of the line before a row is found by its series alone; a table leads to the others. What
/// would need more rows than allowed goes to one row for all of it.
package struct GroupTable: Sendable {
    /// One count of the result.
    package struct Row: Hashable, Sendable {
        /// Start of its bucket; nil for lines without a time, or where nobody asked for buckets.
        package var start: Instant?
        /// In the order of the columns; nil where a line has no such value.
        package var values: [[UInt8]?]
        package var count: Int
        /// Lines whose number could be read.
        package var numbers: Int
        package var sum: FixedNumber
    }

    private struct Cell: Sendable {
        var bucket: Int64
        var series: UInt32
        var count = 0
        var numbers = 0
        var sum = FixedNumber.zero

        mutating func add(_ number: FixedNumber?) {
            count &+= 1
            guard let number else { return }
            numbers &+= 1
            sum = sum + number
        }
    }

    /// Of lines without a time.
    package static let noBucket = Int64.min

    private let limit: Int
    private var values: [ValueTable]
    /// What a series of one column less, or none, is with a value more.
    private var pairs: [PairTable]
    private var cells: [Cell] = []
    private var buckets: PairTable
    private var rows: PairTable
    /// Of each series the row in `bucket`, counted from 1, and in which stay there it was found.
    private var near: [SIMD2<UInt32>] = []
    private var bucket: Int64?
    /// Its number; nil where there was no room for it.
    private var bucketNumber: UInt32?
    private var stay: UInt32 = 0
    private var other = Cell(bucket: Self.noBucket, series: 0)

    /// - Parameters:
    ///   - columns: how many values make a series.
    ///   - limit: rows at most, and values of each column.
    package init(columns: Int, limit: Int) {
        self.limit = limit
        values = Array(repeating: ValueTable(limit: limit), count: columns)
        pairs = Array(repeating: PairTable(limit: limit), count: max(0, columns - 1))
        buckets = PairTable(limit: limit)
        rows = PairTable(limit: limit)
    }

    /// The series that one has become with the next column's value; nil where there is no room.
    ///
    /// The first column goes on from 0. A value that a line does not have is nil.
    package mutating func series(
        _ series: UInt32,
        column: Int,
        _ value: UnsafeRawBufferPointer?
    ) -> UInt32? {
        guard let value else { return self.series(series, column: column, number: 0) }
        guard let number = values[column].number(of: value) else { return nil }
        return self.series(series, column: column, number: number)
    }

    /// The same for a value that is a part of some bytes.
    package mutating func series(
        _ series: UInt32,
        column: Int,
        in bytes: UnsafeRawBufferPointer,
        from start: Int,
        count: Int
    ) -> UInt32? {
        let short = ShortText(bytes, from: start, count: count)
        let value = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
        guard let number = values[column].number(of: short, value) else { return nil }
        return self.series(series, column: column, number: number)
    }

    @inline(__always)
    private mutating func series(_ series: UInt32, column: Int, number: UInt32) -> UInt32? {
        guard column > 0 else { return number }
        return pairs[column - 1].number(of: UInt64(series) << 32 | UInt64(number))
    }

    /// Counts a line; `series` is nil where it had no room, `number` where it has none.
    package mutating func add(bucket: Int64, series: UInt32?, number: FixedNumber?) {
        if let series, let row = row(bucket, series) {
            cells[row].add(number)
        } else {
            other.add(number)
        }
    }

    private mutating func row(_ bucket: Int64, _ series: UInt32) -> Int? {
        if bucket != self.bucket {
            self.bucket = bucket
            bucketNumber = buckets.number(of: UInt64(bitPattern: bucket))
            stay &+= 1
        }
        let index = Int(series)
        if index < near.count, near[index][1] == stay { return Int(near[index][0]) - 1 }
        return newRow(bucket, series)
    }

    private mutating func newRow(_ bucket: Int64, _ series: UInt32) -> Int? {
        guard let bucketNumber,
            let number = rows.number(of: UInt64(bucketNumber) << 32 | UInt64(series))
        else { return nil }
        if Int(number) > cells.count { cells.append(Cell(bucket: bucket, series: series)) }
        while near.count <= Int(series) { near.append(SIMD2(0, 0)) }
        near[Int(series)] = SIMD2(number, stay)
        return Int(number) - 1
    }

    /// All rows, by time and then by their values: numbers by size, texts by their bytes.
    package var result: [Row] {
        cells.map { cell in
            Row(
                start: cell.bucket == Self.noBucket ? nil : Instant(nanoseconds: cell.bucket),
                values: values(of: cell.series),
                count: cell.count,
                numbers: cell.numbers,
                sum: cell.sum
            )
        }
        .sorted { left, right in
            if left.start != right.start {
                return left.start ?? .distantPast < right.start ?? .distantPast
            }
            for (one, two) in zip(left.values, right.values) where one != two {
                return Self.isBefore(one, two)
            }
            return false
        }
    }

    /// What had no room; nil when all had.
    package var rest: Row? {
        guard other.count > 0 else { return nil }
        return Row(
            start: nil,
            values: values.map { _ in nil },
            count: other.count,
            numbers: other.numbers,
            sum: other.sum
        )
    }

    private func values(of series: UInt32) -> [[UInt8]?] {
        var series = series
        var found: [[UInt8]?] = []
        for column in values.indices.reversed() {
            guard column > 0 else {
                found.append(values[0].value(of: series))
                break
            }
            let key = pairs[column - 1].key(of: series)
            found.append(values[column].value(of: UInt32(truncatingIfNeeded: key)))
            series = UInt32(truncatingIfNeeded: key >> 32)
        }
        return found.reversed()
    }

    private static func isBefore(_ left: [UInt8]?, _ right: [UInt8]?) -> Bool {
        guard let left, let right else { return left == nil && right != nil }
        let numbers = (
            left.withUnsafeBytes(FixedNumber.init), right.withUnsafeBytes(FixedNumber.init)
        )
        switch numbers {
        case (let one?, let two?) where one != two: return one < two
        case (.some, nil): return true
        case (nil, .some): return false
        default: return left.lexicographicallyPrecedes(right)
        }
    }
}
