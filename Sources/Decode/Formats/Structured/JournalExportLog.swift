internal import Atlas

/// One record of the systemd journal in its export format, without the empty line behind it.
///
///     __REALTIME_TIMESTAMP=1795452241000123        text: NAME=value LF
///     PRIORITY=3
///     MESSAGE                                      any bytes: NAME LF,
///     │ 0b 00 00 00 00 00 00 00 │ two LF lines │   length (64 bits, little-endian), value, LF
///
/// The time is the sender's where the journal trusts it (_SOURCE_REALTIME_TIMESTAMP), otherwise that
/// of its reception, in microseconds; PRIORITY is a severity of syslog. Fields have their own names,
/// except the program (SYSLOG_IDENTIFIER), its pid (_PID), and the host (_HOSTNAME). A record that is
/// cut is unknown, with the fields before.
///
/// A record that begins with its time is one of our own journal source: MESSAGE is its last field
/// and runs to its end. There a length may be untrue, since a secret was hidden in its value: the
/// fields from there to MESSAGE are passed over. Source: systemd, docs/JOURNAL_EXPORT_FORMATS.md;
/// systemd.journal-fields(7).
package struct JournalExportLog: LogFormat {
    package let name = "journal-export"
    package let summary = "records of the systemd journal in its export format"

    package init() {}

    package func parse(_ line: RawSpan, into fields: inout FieldList) -> ParsedLine {
        var parsed = ParsedLine(shape: .unknown)
        var index = 0
        let count = line.byteCount
        let isOwn = line.hasPrefix("__REALTIME_TIMESTAMP=", at: 0)
        while index < count {
            let nameEnd = line.next(0x3D, or: 0x0A, from: index)
            guard nameEnd < count, nameEnd > index else { return broken(parsed) }
            let name = index..<nameEnd
            let value: Range<Int>
            if line.byte(nameEnd) == 0x3D {
                let isLast = isOwn && name.count == 7 && line.hasPrefix("MESSAGE", at: index)
                value = (nameEnd + 1)..<(isLast ? count : line.next(0x0A, from: nameEnd + 1))
            } else if let measured = measured(line, at: nameEnd + 1) {
                value = measured
            } else {
                guard isOwn, let next = line.firstMessage(from: nameEnd) else {
                    return broken(parsed)
                }
                index = next
                continue
            }
            take(line, name, value, &parsed, &fields)
            index = value.upperBound + 1
        }
        return parsed
    }

    /// The value behind a length; nil where that is not true.
    private func measured(_ line: borrowing RawSpan, at index: Int) -> Range<Int>? {
        let (start, count) = (index + 8, line.byteCount)
        guard start <= count else { return nil }
        let length = line.word(at: index)
        guard length <= UInt64(count - start) else { return nil }
        let value = start..<(start + Int(length))
        guard value.upperBound == count || line.byte(value.upperBound) == 0x0A else { return nil }
        return value
    }

    private func broken(_ parsed: ParsedLine) -> ParsedLine {
        var parsed = parsed
        parsed.shape = .unknown
        return parsed
    }

    private func take(
        _ line: borrowing RawSpan,
        _ name: Range<Int>,
        _ value: Range<Int>,
        _ parsed: inout ParsedLine,
        _ fields: inout FieldList
    ) {
        let known: KnownField?
        switch name.count {
        case 4 where line.hasPrefix("_PID", at: name.lowerBound): known = .pid
        case 9 where line.hasPrefix("_HOSTNAME", at: name.lowerBound): known = .host
        case 17 where line.hasPrefix("SYSLOG_IDENTIFIER", at: name.lowerBound): known = .program
        case 7 where line.hasPrefix("MESSAGE", at: name.lowerBound):
            known = nil
            parsed.messageStart = value.lowerBound
            parsed.messageEnd = value.upperBound
        case 8 where line.hasPrefix("PRIORITY", at: name.lowerBound):
            known = nil
            parsed.level = line.decimal(value).flatMap(LevelWord.level(severity:))
        case 20 where line.hasPrefix("__REALTIME_TIMESTAMP", at: name.lowerBound):
            known = nil
            guard let time = time(line, value) else { break }
            if parsed.time == .none { parsed.time = time }
            parsed.shape = .record
        case 26 where line.hasPrefix("_SOURCE_REALTIME_TIMESTAMP", at: name.lowerBound):
            known = nil
            if let time = time(line, value) { parsed.time = time }
        default: known = nil
        }
        guard fields.isWanted else { return }
        if let known { fields.add(known, value) } else { fields.add(named: name, value) }
    }

    private func time(_ line: borrowing RawSpan, _ value: Range<Int>) -> ParsedLine.Time? {
        guard let microseconds = line.decimal(value), microseconds < Int64.max / 1_000
        else { return nil }
        return .exact(Instant(nanoseconds: Int64(microseconds) * 1_000))
    }
}

extension RawSpan {
    /// Where the next field MESSAGE of text begins, at the beginning of a line.
    fileprivate func firstMessage(from start: Int) -> Int? {
        var index = next(0x0A, from: start)
        while index < byteCount {
            if hasPrefix("MESSAGE=", at: index + 1) { return index + 1 }
            index = next(0x0A, from: index + 1)
        }
        return nil
    }
}
