internal import Atlas

/// The logs of GlusterFS: glusterd, bricks, clients, self-heal.
///
///     [2026-11-23 07:13:19.029750 +0000] I [MSGID: 100030] [glusterfsd.c:2767:main] 0-glusterfs: …
///     └ UTC                              └ level └ id      └ file, line, function └ translator └ message
///     The message "I [MSGID: 106487] [a.c:1:f] 0-m: x" repeated 3 times between [2026-…] and [2026-…]
///
/// The number before a translator counts its graphs. A volume file that is shown, and a crash
/// report, go on with the line before. Source: libglusterfs/src/logging.c.
package struct GlusterLog: LogFormat {
    package let name = "gluster"
    package let summary = "the logs of GlusterFS"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        guard line.has("[", at: 0), let stamp = line.stamp(at: 1),
            line.hasPrefix("] ", at: stamp.next)
        else { return other(line, into: &fields) }
        guard let (level, message) = rest(line, from: stamp.next + 2, into: &fields) else {
            return ParsedLine(shape: .unknown)
        }
        // Without a zone it is UTC, too: until 2019 no other was written.
        return ParsedLine(
            shape: .record,
            time: .exact(stamp.asUTC - (stamp.offset ?? .zero)),
            level: level,
            messageStart: message,
            step: stamp.step
        )
    }

    /// From the letter of the level on; nil when it is none.
    private func rest(
        _ line: RawSpan,
        from start: Int,
        into fields: inout FieldList
    ) -> (Level, message: Int)? {
        guard start < line.byteCount, let level = level(line.byte(start)),
            line.hasPrefix(" ", at: start + 1)
        else { return nil }
        var index = start + 2
        if line.hasPrefix("[MSGID: ", at: index) {
            let end = line.endOfDigits(from: index + 8)
            guard line.hasPrefix("] ", at: end) else { return (level, index) }
            fields.add(.messageID, index + 8..<end, .number)
            index = end + 2
        }
        guard line.has("[", at: index) else { return (level, index) }
        let close = line.next(0x5D, from: index)
        guard line.has(" ", at: close + 1) else { return (level, index) }
        addPlace(line, index + 1..<close, to: &fields)
        index = close + 2
        let word = index..<SyslogHead.wordEnd(line, from: index)
        if word.count > 1, line.has(":", at: word.upperBound - 1) {
            fields.add(.component, word.lowerBound..<word.upperBound - 1)
        }
        return (level, index)
    }

    /// `glusterfsd.c:2767:main`.
    private func addPlace(_ line: RawSpan, _ range: Range<Int>, to fields: inout FieldList) {
        guard fields.isWanted else { return }
        let file = line.end(of: 0x3A, in: range)
        let number = line.endOfDigits(from: file + 1)
        guard number > file + 1, line.has(":", at: number), number < range.upperBound else {
            return
        }
        fields.add(.file, range.lowerBound..<file)
        fields.add(.line, file + 1..<number, .number)
        fields.add(.function, number + 1..<range.upperBound)
    }

    private func other(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        if line.hasPrefix("The message \"", at: 0) { return repeated(line, into: &fields) }
        return ParsedLine(shape: isContinuation(line) ? .continuation : .unknown)
    }

    /// Its time is that of the last of its repetitions.
    private func repeated(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        let close = line.byteCount - 1
        guard line.has("]", at: close),
            let open = line.lastIndex(of: 0x5B, in: 13..<max(13, close)),
            let stamp = line.stamp(at: open + 1), stamp.next == close,
            let (level, _) = rest(line, from: 13, into: &fields)
        else { return ParsedLine(shape: .unknown) }
        return ParsedLine(
            shape: .record,
            time: .exact(stamp.asUTC - (stamp.offset ?? .zero)),
            level: level,
            messageStart: 0,
            step: stamp.step
        )
    }

    /// `Final graph:`, its frame and its numbered lines, `pending frames:`, `frame : type(0) op(0)`.
    private func isContinuation(_ line: RawSpan) -> Bool {
        if line.has("\t", at: 0) || line.hasPrefix("+---", at: 0) { return true }
        if line.hasPrefix("Final graph:", at: 0) || line.hasPrefix("Given volfile:", at: 0)
            || line.hasPrefix("pending frames:", at: 0) || line.hasPrefix("frame : ", at: 0)
            || line.hasPrefix("signal received: ", at: 0) || line.hasPrefix("/lib", at: 0)
        {
            return true
        }
        let number = line.skipBlanks(from: 0)
        let end = line.endOfDigits(from: number)
        return number <= 3 && end > number && line.has(":", at: end)
    }

    private func level(_ letter: UInt8) -> Level? {
        switch letter {
        case 0x4D, 0x41, 0x43: .fatal  // M emergency, A alert, C critical
        case 0x45: .error
        case 0x57: .warn
        case 0x4E: .notice
        case 0x49: .info
        case 0x44: .debug
        case 0x54: .trace
        default: nil
        }
    }
}
