package import Atlas

/// Reads the lines of one source in order: what one line leaves open, the lines before it tell.
package struct SourceDecoder: Sendable {
    private let format: any LogFormat
    private var state: StreamState

    /// `zone` is the log's, where it is known before a line is.
    package init(format: any LogFormat, zone: Span? = nil) {
        self.format = format
        state = StreamState(zone: zone)
    }

    /// One line with all that is known of it.
    package struct Reading: Hashable, Sendable {
        package var time: Instant
        package var level: Level
        package var messageStart: Int
        package var shape: ParsedLine.Shape
        /// False where its time is that of its arrival, or of the line before.
        package var hasTime: Bool
        /// False where its level is that of the line before, or the usual one.
        package var hasLevel: Bool

        package var isParsed: Bool { shape != .unknown }
    }

    /// Reads the next line.
    package mutating func read(_ line: RawSpan, arrival: Instant) -> Reading {
        var none = FieldList(isWanted: false)
        return read(line, into: &none, arrival: arrival)
    }

    /// Reads the next line and its fields; the list is emptied before.
    package mutating func read(
        _ line: RawSpan,
        into fields: inout FieldList,
        arrival: Instant
    ) -> Reading {
        fields.removeAll()
        let parsed = format.parse(line, &state, into: &fields)
        let settled = state.settle(parsed, arrival: arrival)
        return Reading(
            time: settled.time,
            level: settled.level,
            messageStart: settled.messageStart,
            shape: settled.shape,
            hasTime: parsed.time != .none,
            hasLevel: parsed.shape != .continuation && parsed.level != nil
        )
    }

    /// Reads the next lines, which came together.
    ///
    /// - Parameters:
    ///   - bytes: the lines.
    ///   - ends: where each ends in the bytes, rising.
    ///   - spacing: what is between them.
    ///   - arrival: of all of them.
    ///   - readings: what was in it before is gone.
    package mutating func read(
        _ bytes: borrowing RawSpan,
        ends: borrowing Swift.Span<UInt32>,
        spacing: LineSpacing = .none,
        arrival: Instant,
        into readings: inout ReadingBuffer
    ) {
        readings.prepare(for: ends.count, names: format.fieldNames)
        format.read(
            bytes,
            ends: ends,
            spacing: spacing,
            arrival: arrival,
            &state,
            into: &readings
        )
    }
}
