package import Atlas

/// How the lines of a run lie in their bytes.
package enum LineSpacing: Sendable {
    /// One right after the other, as in a `LineBatch`.
    case none
    /// As in a file: an LF behind each, a CR before it no part of the line.
    case lineEnds
}

extension LogFormat {
    /// The loop over a run of lines, as a witness of each format: made for that format alone, so
    /// that what one line costs is its parsing.
    package func read(
        _ bytes: borrowing RawSpan,
        ends: borrowing Swift.Span<UInt32>,
        spacing: LineSpacing,
        arrival: Instant,
        _ state: inout StreamState,
        into readings: inout ReadingBuffer
    ) {
        if readings.fields.isWanted {
            // Of a whole run it costs less than of each line.
            readings.fields.mayHoldBackslash = bytes.far(0x5C, from: 0) < bytes.byteCount
        }
        var start = 0
        for index in ends.indices {
            let next = Int(ends[index])
            var end = next
            if spacing == .lineEnds, end > start, bytes.byte(end &- 1) == 13 { end &-= 1 }
            let line = bytes.extracting(start..<end)
            readings.fields.removeAll()
            let parsed = parse(line, &state, into: &readings.fields)
            readings.append(state.settle(parsed, arrival: arrival))
            readings.pick(line, base: start)
            start = spacing == .lineEnds ? next &+ 1 : next
        }
    }
}
