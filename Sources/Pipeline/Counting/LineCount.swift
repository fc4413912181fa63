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
        readings = ReadingBuffer(picking: names)
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
        for index in 0..<readings.count where readings.shape(index) == .record {
            add(index, bytes)
        }
    }

    private mutating func add(_ index: Int, _ bytes: UnsafeRawBufferPointer) {
        tally.records &+= 1
        var series: UInt32? = 0
        for column in 0..<steps.count {
            guard let known = series else { break }
            switch steps[column] {
            case .pick(let pick):
                let value = readings.place(pick: pick, line: index).map {
                    UnsafeRawBufferPointer(rebasing: bytes[$0])
                }
                series = groups.series(known, column: column, value)
            case .level:
                series = Self.withName(of: readings.levels[index]) {
                    groups.series(known, column: column, $0)
                }
            }
        }
        groups.add(bucket: bucket(of: index), series: series, number: number(of: index, bytes))
    }

    private mutating func number(
        of index: Int,
        _ bytes: UnsafeRawBufferPointer
    ) -> FixedNumber? {
        guard let sumPick, let place = readings.place(pick: sumPick, line: index) else {
            return nil
        }
        let number = FixedNumber(UnsafeRawBufferPointer(rebasing: bytes[place]))
        if number == nil { tally.unsummed += 1 }
        return number
    }

    private mutating func bucket(of index: Int) -> Int64 {
        guard let width else { return GroupTable.noBucket }
        guard readings.hasTime(index) else {
            tally.timeless += 1
            return GroupTable.noBucket
        }
        let time = readings.times[index]
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
