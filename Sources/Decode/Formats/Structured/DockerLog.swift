internal import Atlas

/// What Docker's json-file driver writes of a container's output.
///
///     {"log":"text of the container\n","stream":"stderr","time":"2026-11-23T07:00:25.586123456Z"}
///              └ message, as JSON writes it └ lane         └ when it was read
///
/// Fields are the members. The level is that of the text: where it is a JSON object itself, of its
/// keys, else of its words as in `SyslogLog`. Docker cuts lines at 16 KiB: one without `\n` goes on in
/// the next of its stream. Source: daemon/logger/jsonfilelog/jsonlog/jsonlog.go of moby.
package struct DockerLog: LogFormat {
    package let name = "docker"
    package let summary = "files of Docker's json-file driver"

    /// Of a JSON object inside, whose level is near its beginning.
    private static let seen = 1_024

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard line.has("{", at: 0), var members = JSONMembers(line, at: 0) else {
            return ParsedLine(shape: .unknown)
        }
        var parsed = ParsedLine(shape: .unknown)
        var log: Range<Int>?
        fields.keys.begin(.json)
        var step = members.next(line, &fields.keys)
        while step == .member {
            let (key, value, kind) = (members.key, members.value, members.kind)
            if fields.isWanted { fields.add(named: key, value, kind) }
            if kind == .json { take(line, key, value, &log, &parsed, &fields.times) }
            step = members.next(line, &fields.keys)
        }
        guard step == .end, members.index >= line.countWithoutReturn, let log, parsed.lane > 0,
            parsed.time != .none
        else {
            fields.removeAll()
            return ParsedLine(shape: .unknown)
        }
        parsed.shape = .record
        var end = log.upperBound
        // As JSON writes LF; an even number of backslashes in front would be a text that ends in n.
        if log.count >= 2, line.hasPrefix("\\n", at: end - 2),
            Self.backslashes(line, before: end - 1, from: log.lowerBound) % 2 == 1
        {
            end -= 2
            if end - log.lowerBound >= 2, line.hasPrefix("\\r", at: end - 2) { end -= 2 }
        } else {
            parsed.isPartial = true
        }
        parsed.messageStart = log.lowerBound
        parsed.messageEnd = end
        parsed.messageKind = .json
        if fields.isLevelWanted { parsed.level = Self.level(line, log.lowerBound..<end) }
        return parsed
    }

    private func take(
        _ line: borrowing RawSpan,
        _ key: Range<Int>,
        _ value: Range<Int>,
        _ log: inout Range<Int>?,
        _ parsed: inout ParsedLine,
        _ times: inout TimeReader
    ) {
        if key.count == 3, line.hasPrefix("log", at: key.lowerBound) {
            log = value
        } else if key.count == 6, line.hasPrefix("stream", at: key.lowerBound) {
            parsed.lane = CRILog.lane(line, value)
        } else if key.count == 4, line.hasPrefix("time", at: key.lowerBound),
            let read = times.read(line, value)
        {
            (parsed.time, parsed.step) = read
        }
    }

    private static func backslashes(
        _ line: borrowing RawSpan,
        before end: Int,
        from start: Int
    ) -> Int {
        var index = end
        while index > start, line.byte(index &- 1) == 0x5C { index &-= 1 }
        return end &- index
    }

    private static func level(_ line: borrowing RawSpan, _ message: Range<Int>) -> Level? {
        guard line.has("{", at: message.lowerBound), !message.isEmpty else {
            return SaidLevel.level(line, from: message.lowerBound)
        }
        return line.withUnsafeBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[message].prefix(seen))
            return withUnsafeTemporaryAllocation(byteCount: seen, alignment: 1) { memory in
                var sink = FixedSink(memory)
                FieldText.unescape(part, isJSON: true, &sink)
                var none = FieldList(isWanted: false)
                return JSONLog.parse(sink.bytes.bytes, from: 0, into: &none).level
            }
        }
    }
}
