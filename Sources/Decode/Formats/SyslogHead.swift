internal import Atlas

/// The head of a line in a file that a syslog daemon wrote, in either of its usual forms.
///
///     Nov 23 07:00:25 lb-1 haproxy[3055]: Proxy be started.
///     2026-11-23T07:00:25.586123+00:00 lb-1 haproxy[3055]: Proxy be started.
///     └ time                           └ host └ tag   └ pid └ message
///
/// The first has neither year nor zone; a fraction of a second may follow (Pacemaker writes one).
/// A priority such as `<133>` may stand in front, and the host may be missing, as on the wire.
/// Sources: RFC 3164 section 4.1; rsyslog's templates RSYSLOG_TraditionalFileFormat and
/// RSYSLOG_FileFormat.
struct SyslogHead {
    let time: ParsedLine.Time
    /// A second where the time has no smaller parts.
    let step: Span
    /// Empty where the line has none.
    let host: Range<Int>
    /// The name of the program, without its process id.
    let tag: Range<Int>
    /// Empty where the line has none.
    let pid: Range<Int>
    let messageStart: Int

    /// Nil when the line begins otherwise.
    init?(_ line: borrowing RawSpan, _ times: inout TimeReader) {
        self.init(line, from: SyslogPriority.read(line)?.next ?? 0, &times)
    }

    /// The same, from the formats that were asked for this line before where they looked.
    static func read(_ line: borrowing RawSpan, _ fields: inout FieldList) -> SyslogHead? {
        if let head = fields.headOfLine { return head }
        return read(line, from: SyslogPriority.read(line)?.next ?? 0, &fields)
    }

    /// The same where it is known that its time is at `start`.
    @inline(__always)
    static func read(
        _ line: borrowing RawSpan,
        from start: Int,
        _ fields: inout FieldList
    ) -> SyslogHead? {
        if let head = fields.headOfLine { return head }
        let head = SyslogHead(line, from: start, &fields.times)
        if fields.isLineKept { fields.headOfLine = .some(head) }
        return head
    }

    /// Nil when no time is at `start`.
    @inline(__always)
    init?(_ line: borrowing RawSpan, from start: Int, _ times: inout TimeReader) {
        guard let head = Self.time(line, at: start, &times), line.has(" ", at: head.next) else {
            return nil
        }
        time = head.time
        step = head.step
        // nginx leaves an empty host, and so two blanks.
        let isHostEmpty = line.has(" ", at: head.next + 1)
        let first = head.next + (isHostEmpty ? 2 : 1)
        let firstEnd = Self.wordEnd(line, from: first)
        guard firstEnd > first else { return nil }
        if let tag = Tag(line, first..<firstEnd) {
            host = first..<first
            (self.tag, pid, messageStart) = (tag.name, tag.pid, tag.messageStart)
            return
        }
        guard line.has(" ", at: firstEnd) else { return nil }
        host = isHostEmpty ? first..<first : first..<firstEnd
        let second = isHostEmpty ? first : firstEnd + 1
        guard !isHostEmpty, let tag = Tag(line, second..<Self.wordEnd(line, from: second)) else {
            // A daemon's own line such as `-- MARK --` has no tag.
            (self.tag, pid, messageStart) = (second..<second, second..<second, second)
            return
        }
        (self.tag, pid, messageStart) = (tag.name, tag.pid, tag.messageStart)
    }

    /// `haproxy[3055]:`, `haproxy:` or `haproxy[3055]`, and where the message behind it begins.
    struct Tag {
        let name: Range<Int>
        let pid: Range<Int>
        let messageStart: Int

        /// Nil when a word is none.
        @inline(__always)
        init?(_ line: borrowing RawSpan, _ word: Range<Int>) {
            guard word.count > 1 else { return nil }
            let hasColon = line.has(":", at: word.upperBound - 1)
            var end = hasColon ? word.upperBound - 1 : word.upperBound
            var pid = end..<end
            // `su(pam_unix)[12]` has its own brackets, `a[b]c[12]` too: the first one ends a name.
            let first = line.end(of: 0x5B, in: word.lowerBound..<end)
            if first < end, line.has("]", at: end - 1) {
                var open = first
                while true {
                    let next = line.end(of: 0x5B, in: (open + 1)..<end)
                    guard next < end else { break }
                    open = next
                }
                pid = (open + 1)..<(end - 1)
                end = open
            }
            guard end > word.lowerBound || hasColon,
                hasColon || (line.isNumber(pid) && line.has(" ", at: word.upperBound))
            else { return nil }
            name = word.lowerBound..<first
            self.pid = pid
            messageStart = min(word.upperBound + 1, line.byteCount)
        }
    }

    @inline(__always)
    static func wordEnd(_ line: borrowing RawSpan, from start: Int) -> Int {
        max(start, line.next(0x20, from: start))
    }

    /// `Nov 23 07:00:25`, or as RFC 3339 has it, with a zone.
    @inline(__always)
    private static func time(
        _ line: borrowing RawSpan,
        at start: Int,
        _ times: inout TimeReader
    ) -> WrittenTime? {
        guard start < line.byteCount else { return nil }
        guard line.byte(start) &- 48 < 10 else { return times.syslog(line, at: start) }
        guard line.has("T", at: start + 10), let read = times.iso8601(line, at: start),
            case .exact = read.time
        else { return nil }
        return read
    }
}
