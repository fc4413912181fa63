package import Atlas

/// What was read out of the lines of one batch: a column each, an element a line.
///
/// Made once and filled by batch after batch; its columns are valid until it is filled again.
package struct ReadingBuffer: ~Copyable {
    private static let lineBytes = 14

    package private(set) var count = 0
    /// Lines of another shape than their format's.
    package private(set) var unparsed = 0
    var fields: FieldList
    private var picks: FieldPicks
    private var capacity = 0
    private var block: UnsafeMutableRawPointer?
    private var timeColumn: UnsafeMutablePointer<Instant>?
    private var startColumn: UnsafeMutablePointer<UInt32>?
    private var levelColumn: UnsafeMutablePointer<Level>?
    private var markColumn: UnsafeMutablePointer<LineMark>?

    /// Fields of these names are found in each line; none need be looked for without any.
    /// Without `levels` some lines have the usual one where their message would tell another.
    package init(picking names: [String] = [], levels: Bool = true) {
        fields = FieldList(isWanted: !names.isEmpty, isLevelWanted: levels)
        picks = FieldPicks(names)
    }

    deinit { block?.deallocate() }

    /// The line's own time, or its arrival when it states none.
    package var times: UnsafeBufferPointer<Instant> { .init(start: timeColumn, count: count) }
    package var levels: UnsafeBufferPointer<Level> { .init(start: levelColumn, count: count) }
    /// Where the message begins inside the line.
    package var messageStarts: UnsafeBufferPointer<UInt32> {
        .init(start: startColumn, count: count)
    }

    package var marks: UnsafeBufferPointer<LineMark> { .init(start: markColumn, count: count) }

    /// Where the values of a picked field stand in the bytes of the batch.
    package func places(pick: Int) -> UnsafeBufferPointer<FieldPlace> {
        picks.places(pick, count: count)
    }

    /// Some line, of this batch or one before, had the picked field.
    package func wasFound(pick: Int) -> Bool { picks.wasFound(pick) }

    /// Empties it, and makes room for so many lines.
    ///
    /// `names` are the format's own.
    mutating func prepare(for lines: Int, names: [String] = []) {
        count = 0
        unparsed = 0
        picks.prepare(for: lines, names: names)
        guard lines > capacity else { return }
        block?.deallocate()
        capacity = max(lines, 2 * capacity)
        let made = UnsafeMutableRawPointer.allocate(
            byteCount: capacity * Self.lineBytes,
            alignment: 16
        )
        block = made
        timeColumn = made.bindMemory(to: Instant.self, capacity: capacity)
        startColumn = (made + 8 * capacity).bindMemory(to: UInt32.self, capacity: capacity)
        levelColumn = (made + 12 * capacity).bindMemory(to: Level.self, capacity: capacity)
        markColumn = (made + 13 * capacity).bindMemory(to: LineMark.self, capacity: capacity)
    }

    @inline(__always)
    mutating func append(_ settled: StreamState.Settled) {
        guard count < capacity, let timeColumn, let startColumn, let levelColumn, let markColumn
        else { return }
        timeColumn[count] = settled.time
        startColumn[count] = UInt32(truncatingIfNeeded: settled.messageStart)
        levelColumn[count] = settled.level
        if settled.shape == .unknown { unparsed &+= 1 }
        markColumn[count] = LineMark(settled.shape, hasTime: settled.hasTime)
        count &+= 1
    }

    /// Notes the picked fields of the line that was appended last, which begins at `base`.
    @inline(__always)
    mutating func pick(_ line: borrowing RawSpan, base: Int) {
        if fields.isWanted { picks.take(line, base: base, fields, index: count &- 1) }
    }
}

/// What a line is beside its values, in a byte.
package struct LineMark: Hashable, Sendable {
    @usableFromInline var bits: UInt8

    @inline(__always)
    init(_ shape: ParsedLine.Shape, hasTime: Bool) {
        bits =
            switch shape {
            case .record: 0
            case .continuation: 1
            case .unknown: 2
            }
        if hasTime { bits |= 4 }
    }

    package var shape: ParsedLine.Shape {
        switch bits & 3 {
        case 0: .record
        case 1: .continuation
        default: .unknown
        }
    }

    @inlinable @inline(__always) package var isRecord: Bool { bits & 3 == 0 }
    /// False where the time of the line is that of its arrival, since it states none.
    @inlinable @inline(__always) package var hasTime: Bool { bits & 4 != 0 }
}

/// Where the value of a field stands in the bytes of a batch.
package struct FieldPlace: Hashable, Sendable {
    /// Of a field that a line does not have.
    static let absent = FieldPlace(start: .max, count: 0)

    package var start: UInt32
    package var count: UInt32

    @inlinable @inline(__always) package var isAbsent: Bool { start == .max }

    /// Nil for a field that a line does not have.
    package var range: Range<Int>? {
        isAbsent ? nil : Int(start)..<Int(start) + Int(count)
    }
}
