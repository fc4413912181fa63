internal import Atlas

/// A message as RFC 5424 has it, from behind its priority.
///
///     1 2026-11-23T06:54:38.5+00:00 vm azi 12 ID47 [meta sequenceId="1" t="a\"b"] text
///     │ └ time                      │  └ name │ └ message id  └ parameter         └ message
///     └ version, 1 to 999      host ┘     pid ┘ [ element, its name first
///
/// A hyphen stands for what is not there. Structured data that is broken belongs to the message,
/// which is kept whole. Source: RFC 5424 section 6.
enum Syslog5424 {
    /// Nil when what is there is no version, time and host.
    static func parse(
        _ line: RawSpan,
        from start: Int,
        _ level: Level,
        into fields: inout FieldList
    ) -> ParsedLine? {
        let versionEnd = line.endOfDigits(from: start)
        guard (1...3).contains(versionEnd - start), line.byte(start) != 0x30,
            line.has(" ", at: versionEnd),
            let (stamp, timeEnd) = time(line, at: versionEnd + 1)
        else { return nil }
        let host = timeEnd + 1
        let hostEnd = SyslogHead.wordEnd(line, from: host)
        let program = hostEnd + 1
        let programEnd = SyslogHead.wordEnd(line, from: program)
        let pid = programEnd + 1
        let pidEnd = SyslogHead.wordEnd(line, from: pid)
        let identity = pidEnd + 1
        let identityEnd = SyslogHead.wordEnd(line, from: identity)
        // Torn before its message: a record without one.
        let end = line.byteCount
        if fields.isWanted {
            add(.host, line, host..<hostEnd, to: &fields)
            add(.program, line, program..<programEnd, to: &fields)
            add(.pid, line, pid..<pidEnd, to: &fields)
            add(.messageID, line, identity..<identityEnd, to: &fields)
        }
        let data = min(identityEnd + 1, end)
        let message = data + structuredData(line, from: data, to: &fields)
        return ParsedLine(
            shape: .record,
            time: stamp?.time ?? .none,
            level: level,
            messageStart: messageStart(line, from: message),
            step: stamp?.step ?? .zero
        )
    }

    private static func time(_ line: borrowing RawSpan, at start: Int) -> (Stamp?, next: Int)? {
        if line.hasPrefix("- ", at: start) { return (nil, start + 1) }
        guard line.has("T", at: start + 10), let stamp = line.stamp(at: start), stamp.offset != nil,
            line.has(" ", at: stamp.next)
        else { return nil }
        return (stamp, stamp.next)
    }

    private static func add(
        _ name: KnownField,
        _ line: borrowing RawSpan,
        _ range: Range<Int>,
        to fields: inout FieldList
    ) {
        guard !range.isEmpty, range.upperBound <= line.byteCount,
            !(range.count == 1 && line.byte(range.lowerBound) == 0x2D)
        else { return }
        fields.add(name, range)
    }

    /// Its length: one byte for none (a hyphen), zero when it is broken.
    private static func structuredData(
        _ line: borrowing RawSpan,
        from start: Int,
        to fields: inout FieldList
    ) -> Int {
        if line.has("-", at: start), start + 1 == line.byteCount || line.has(" ", at: start + 1) {
            return 1
        }
        guard let end = dataEnd(line, from: start), end > start else { return 0 }
        guard fields.isWanted else { return end - start }
        fields.add(.structuredData, start..<end)
        addParameters(line, start..<end, to: &fields)
        return end - start
    }

    /// The end of well-formed elements, one behind the other; nil when they are broken.
    ///
    /// Each byte is looked at once: a broken one costs no more than a good one.
    private static func dataEnd(_ line: borrowing RawSpan, from start: Int) -> Int? {
        var index = start
        while line.has("[", at: index) {
            let name = index + 1
            index = nameEnd(line, from: name)
            guard index > name else { return nil }
            while line.has(" ", at: index) {
                let parameter = index + 1
                index = nameEnd(line, from: parameter)
                guard index > parameter, line.hasPrefix("=\"", at: index),
                    let close = line.closingQuote(from: index + 2)?.end
                else { return nil }
                index = close + 1
            }
            guard line.has("]", at: index) else { return nil }
            index += 1
        }
        guard index == line.byteCount || line.has(" ", at: index) else { return nil }
        return index
    }

    /// Of a name: printable ASCII but for `=`, `"`, `]` and blanks.
    private static func nameEnd(_ line: borrowing RawSpan, from start: Int) -> Int {
        var index = start
        while index < line.byteCount {
            let byte = line.byte(index)
            guard (0x21...0x7E).contains(byte), byte != 0x3D, byte != 0x22, byte != 0x5D else {
                break
            }
            index += 1
        }
        return index
    }

    /// Of data that is well-formed.
    private static func addParameters(
        _ line: borrowing RawSpan,
        _ data: Range<Int>,
        to fields: inout FieldList
    ) {
        var index = data.lowerBound
        while index < data.upperBound {
            // Behind `[NAME` or a value: a blank and a parameter, or the end of the element.
            guard line.byte(index) == 0x20 else {
                index = line.byte(index) == 0x5B ? nameEnd(line, from: index + 1) : index + 1
                continue
            }
            let equals = nameEnd(line, from: index + 1)
            guard let close = line.closingQuote(from: equals + 2)?.end else { return }
            let value = (equals + 2)..<close
            let isPlain = !hasEscape(line, value)
            fields.add(named: (index + 1)..<equals, value, isPlain ? .text : .backslashed)
            index = close + 1
        }
    }

    /// Only these three are escapes; another backslash is one (section 6.3.3).
    private static func hasEscape(_ line: borrowing RawSpan, _ value: Range<Int>) -> Bool {
        var index = line.end(of: 0x5C, in: value)
        while index + 1 < value.upperBound {
            let next = line.byte(index + 1)
            if next == 0x22 || next == 0x5C || next == 0x5D { return true }
            index = line.end(of: 0x5C, in: (index + 1)..<value.upperBound)
        }
        return false
    }

    /// Behind one blank, a second one that rsyslog writes, and the mark of UTF-8.
    private static func messageStart(_ line: borrowing RawSpan, from start: Int) -> Int {
        var index = start
        if line.has(" ", at: index) { index += 1 }
        if line.has(" ", at: index) { index += 1 }
        if line.has("\u{EF}", at: index), line.has("\u{BB}", at: index + 1),
            line.has("\u{BF}", at: index + 2)
        {
            index += 3
        }
        return min(index, line.byteCount)
    }
}
