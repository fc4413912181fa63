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
    private var markColumn: UnsafeMutablePointer<UInt8>?

    /// Fields of these names are found in each line; none need be looked for without any.
    package init(picking names: [String] = []) {
        fields = FieldList(isWanted: !names.isEmpty)
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

    package func shape(_ index: Int) -> ParsedLine.Shape {
        switch mark(index) & 3 {
        case 0: .record
        case 1: .continuation
        default: .unknown
        }
    }

    /// False where the time of a line is that of its arrival, since it states none.
    package func hasTime(_ index: Int) -> Bool { mark(index) & 4 != 0 }

    /// Where the value of a picked field stands in the bytes of the batch; nil where the line has
    /// none.
    package func place(pick: Int, line: Int) -> Range<Int>? {
        picks.place(pick: pick, line: line)
    }

    /// Some line, of this batch or one before, had the picked field.
    package func wasFound(pick: Int) -> Bool { picks.wasFound(pick) }

    private func mark(_ index: Int) -> UInt8 {
        guard let markColumn, index >= 0, index < count else {
            preconditionFailure("line \(index) of \(count)")
        }
        return markColumn[index]
    }

    /// Empties it, and makes room for so many lines.
    mutating func prepare(for lines: Int) {
        count = 0
        unparsed = 0
        picks.prepare(for: lines)
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
        markColumn = (made + 13 * capacity).bindMemory(to: UInt8.self, capacity: capacity)
    }

    @inline(__always)
    mutating func append(_ settled: StreamState.Settled) {
        guard count < capacity, let timeColumn, let startColumn, let levelColumn, let markColumn
        else { return }
        timeColumn[count] = settled.time
        startColumn[count] = UInt32(truncatingIfNeeded: settled.messageStart)
        levelColumn[count] = settled.level
        let shape: UInt8 =
            switch settled.shape {
            case .record: 0
            case .continuation: 1
            case .unknown: 2
            }
        if shape == 2 { unparsed &+= 1 }
        markColumn[count] = shape | (settled.hasTime ? 4 : 0)
        count &+= 1
    }

    /// Notes the picked fields of the line that was appended last, which begins at `base`.
    @inline(__always)
    mutating func pick(_ line: borrowing RawSpan, base: Int) {
        if fields.isWanted { picks.take(line, base: base, fields, index: count &- 1) }
    }
}
