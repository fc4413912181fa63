package import Atlas
package import Decode
package import Evaluate

/// Counts the lines of logs by what they tell, run of lines by run of lines.
///
/// A record counts; a line that goes on with the record before it does not, and a line of another
/// shape is told apart.
package struct LineCount: ~Copyable {
    /// What was seen beside what was counted.
    package struct Tally: Hashable, Sendable {
        package var lines = 0
        package var records = 0
        /// Of another shape than the format's; in no group.
        package var unparsed = 0
        /// Records that state no time, where groups have one.
        package var timeless = 0
        /// Records whose field to be summed is there and no number.
        package var unsummed = 0
    }

    package let question: CountQuestion
    package private(set) var tally = Tally()
    private var decoder: SourceDecoder
    private let beginning: SourceDecoder
    private var readings: ReadingBuffer
    private var groups: GroupTable
    private let steps: [Step]
    /// Of each line of a run, as far as its columns were looked at.
    private var series: [UInt32] = []
    /// Instead of a series that had no room, or where none is wanted.
    private static let noRoom = UInt32.max
    /// Among the picked fields.
    private let sumPick: Int?
    private let width: Int64?
    /// Of the bucket that the line before was in, and what it takes to be in it.
    private var bucket: Int64 = 1
    private var bucketEnd: Int64 = 0

    /// A column of a series: a picked field, or the level.
    private enum Step: Sendable {
        case pick(Int)
        case level
    }

    package init(_ question: CountQuestion, decoder: SourceDecoder) {
        self.question = question
        self.decoder = decoder
        beginning = decoder
        var names: [String] = []
        var steps: [Step] = []
        for part in question.parts {
            switch part {
            case .time: continue
            case .level: steps.append(.level)
            case .field(let name):
                steps.append(.pick(names.count))
                names.append(name)
            }
        }
        if let sum = question.sum {
            sumPick = names.count
            names.append(sum)
        } else {
            sumPick = nil
        }
        self.steps = steps
        width = question.width?.nanoseconds
        readings = ReadingBuffer(picking: names, levels: question.parts.contains(.level))
        groups = GroupTable(columns: steps.count, limit: question.limit)
    }

    /// The next lines are those of another file: what the last one left open is over.
    package mutating func beginFile() {
        decoder = beginning
    }

    /// Counts the lines of a run, as `SourceDecoder` reads them.
    package mutating func take(
        _ bytes: UnsafeRawBufferPointer,
        ends: UnsafeBufferPointer<UInt32>,
        spacing: LineSpacing,
        arrival: Instant
    ) {
        decoder.read(
            bytes.bytes,
            ends: ends.span,
            spacing: spacing,
            arrival: arrival,
            into: &readings
        )
        tally.lines += readings.count
        tally.unparsed += readings.unparsed
        findSeries(in: bytes)
        addUp(bytes)
    }

    // MARK: - Of a run of lines

    /// Finds the series of each record, column by column.
    private mutating func findSeries(in bytes: UnsafeRawBufferPointer) {
        let marks = readings.marks
        series.removeAll(keepingCapacity: true)
        series.append(contentsOf: marks.lazy.map { $0.isRecord ? 0 : Self.noRoom })
        for (column, step) in steps.enumerated() {
            switch step {
            case .pick(let pick):
                let places = readings.places(pick: pick)
                for index in series.indices where series[index] != Self.noRoom {
                    let place = places[index]
                    let next =
                        place.isAbsent
                        ? groups.series(series[index], column: column, nil)
                        : groups.series(
                            series[index],
                            column: column,
                            in: bytes,
                            from: Int(place.start),
                            count: Int(place.count)
                        )
                    series[index] = next ?? Self.noRoom
                }
            case .level:
                let levels = readings.levels
                for index in series.indices where series[index] != Self.noRoom {
                    let next = Self.withName(of: levels[index]) {
                        groups.series(series[index], column: column, $0)
                    }
                    series[index] = next ?? Self.noRoom
                }
            }
        }
    }

    /// Adds each record to its group.
    private mutating func addUp(_ bytes: UnsafeRawBufferPointer) {
        let (times, marks) = (readings.times, readings.marks)
        let sums = sumPick.map { readings.places(pick: $0) }
        for index in 0..<readings.count where marks[index].isRecord {
            tally.records &+= 1
            var number: FixedNumber?
            if let place = sums?[index], !place.isAbsent {
                number = FixedNumber(in: bytes, from: Int(place.start), count: Int(place.count))
                if number == nil { tally.unsummed &+= 1 }
            }
            let series = series[index]
            groups.add(
                bucket: bucket(of: times[index], marks[index]),
                series: series == Self.noRoom ? nil : series,
                number: number
            )
        }
    }

    @inline(__always)
    private mutating func bucket(of time: Instant, _ mark: LineMark) -> Int64 {
        guard let width else { return GroupTable.noBucket }
        guard mark.hasTime else {
            tally.timeless &+= 1
            return GroupTable.noBucket
        }
        if time.nanoseconds < bucket || time.nanoseconds >= bucketEnd {
            bucket = time.floor(to: Span(nanoseconds: width)).nanoseconds
            bucketEnd = bucket &+ width
        }
        return bucket
    }

    /// All groups, by time and then by their values.
    package var rows: [GroupTable.Row] { groups.result }
    /// Lines of groups beyond the limit; nil where there are none.
    package var rest: GroupTable.Row? { groups.rest }

    /// Fields that were asked for, and that no line had.
    package var missingFields: [String] {
        var asked: [String] = []
        for case .field(let name) in question.parts { asked.append(name) }
        if let sum = question.sum { asked.append(sum) }
        return asked.enumerated().filter { !readings.wasFound(pick: $0.offset) }.map(\.element)
    }

    private static func withName<Result>(
        of level: Level,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let name: StaticString =
            switch level {
            case .trace: "trace"
            case .debug: "debug"
            case .info: "info"
            case .notice: "notice"
            case .warn: "warn"
            case .error: "error"
            case .fatal: "fatal"
            }
        return body(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
}
