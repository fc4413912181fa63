internal import Atlas

/// What container runtimes of Kubernetes write (CRI logging format).
///
///     2016-10-06T00:17:09.669794202Z stdout F text of the container
///     └ when it was read             └ lane └ F: the whole, or the end; P: goes on in the next
///
/// Where the text is a JSON object, its members are fields, too, and tell the level and the message;
/// else the level is that of its words as in `SyslogLog`. Source: CRI design, kubelet-cri-logging.
package struct CRILog: LogFormat {
    package let name = "cri"
    package let summary = "files of Kubernetes' container runtimes (containerd, CRI-O)"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard line.byteCount > 28, line.byte(4) == 0x2D,
            let time = fields.times.iso8601(line, at: 0), line.has(" ", at: time.next)
        else { return ParsedLine(shape: .unknown) }
        let stream = (time.next + 1)..<min(time.next + 7, line.byteCount)
        let lane = Self.lane(line, stream)
        let tag = stream.upperBound + 1
        guard lane > 0, line.has(" ", at: stream.upperBound),
            line.has("F", at: tag) || line.has("P", at: tag)
        else { return ParsedLine(shape: .unknown) }
        // Further tags stand behind colons.
        let tagEnd = line.next(0x20, from: tag)
        guard tagEnd == tag + 1 || line.has(":", at: tag + 1) else {
            return ParsedLine(shape: .unknown)
        }
        let start = min(tagEnd + 1, line.byteCount)
        if fields.isWanted { fields.add(.stream, stream) }
        var parsed = text(line, from: start, stream, into: &fields)
        parsed.time = time.time
        parsed.step = time.step
        parsed.isPartial = line.has("P", at: tag)
        parsed.lane = lane
        return parsed
    }

    private func text(
        _ line: borrowing RawSpan,
        from start: Int,
        _ stream: Range<Int>,
        into fields: inout FieldList
    ) -> ParsedLine {
        if line.has("{", at: start) {
            let parsed = JSONLog.parse(line, from: start, into: &fields)
            if parsed.shape == .record {
                guard parsed.messageEnd == nil else { return parsed }
                return ParsedLine(shape: .record, level: parsed.level, messageStart: start)
            }
            fields.removeAll()
            if fields.isWanted { fields.add(.stream, stream) }
        }
        let level = fields.isLevelWanted ? SaidLevel.level(line, from: start) : nil
        return ParsedLine(shape: .record, level: level, messageStart: start)
    }

    /// 1 for `stdout`, 2 for `stderr`, else 0.
    static func lane(_ line: borrowing RawSpan, _ stream: Range<Int>) -> UInt8 {
        guard stream.count == 6 else { return 0 }
        if line.hasPrefix("stdout", at: stream.lowerBound) { return 1 }
        return line.hasPrefix("stderr", at: stream.lowerBound) ? 2 : 0
    }
}
