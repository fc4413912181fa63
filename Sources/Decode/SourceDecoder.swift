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
        package var isParsed: Bool
    }

    /// Reads the next line.
    package mutating func read(_ line: RawSpan, arrival: Instant) -> Reading {
        let settled = state.settle(format.parse(line), arrival: arrival)
        return Reading(
            time: settled.time,
            level: settled.level,
            messageStart: settled.messageStart,
            isParsed: settled.shape != .unknown
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
        readings.prepare(for: ends.count)
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
