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
    /// The name of the program, without its process id.
    let tag: Range<Int>
    let messageStart: Int

    /// Nil when the line begins otherwise.
    init?(_ line: borrowing RawSpan) {
        let start = Self.behindPriority(line)
        guard let (time, next) = Self.civilTime(line, at: start) ?? Self.fullTime(line, at: start),
            line.has(" ", at: next)
        else { return nil }
        let first = next + 1
        let firstEnd = Self.wordEnd(line, from: first)
        guard firstEnd > first else { return nil }
        self.time = time
        if let (tag, message) = Self.tag(line, first..<firstEnd) {
            (self.tag, messageStart) = (tag, message)
            return
        }
        guard line.has(" ", at: firstEnd) else { return nil }
        let second = firstEnd + 1
        guard let (tag, message) = Self.tag(line, second..<Self.wordEnd(line, from: second)) else {
            // A daemon's own line such as `-- MARK --` has no tag.
            (self.tag, messageStart) = (second..<second, second)
            return
        }
        (self.tag, messageStart) = (tag, message)
    }

    /// `<133>`: one to three digits.
    private static func behindPriority(_ line: borrowing RawSpan) -> Int {
        guard line.has("<", at: 0) else { return 0 }
        for end in 2...4 where line.has(">", at: end) {
            return line.number(at: 1, digits: end - 1) == nil ? 0 : end + 1
        }
        return 0
    }

    private static func wordEnd(_ line: borrowing RawSpan, from start: Int) -> Int {
        var end = start
        while end < line.byteCount, line.byte(end) != 0x20 { end += 1 }
        return end
    }

    /// `haproxy[3055]:` or `haproxy:`, and where the message behind it begins.
    private static func tag(
        _ line: borrowing RawSpan,
        _ word: Range<Int>
    ) -> (Range<Int>, message: Int)? {
        guard word.count > 1, line.has(":", at: word.upperBound - 1) else { return nil }
        var end = word.lowerBound
        while end < word.upperBound - 1, line.byte(end) != 0x5B { end += 1 }
        return (word.lowerBound..<end, min(word.upperBound + 1, line.byteCount))
    }

    /// `Nov 23 07:00:25`, the day padded with a blank.
    private static func civilTime(
        _ line: borrowing RawSpan,
        at start: Int
    ) -> (ParsedLine.Time, next: Int)? {
        guard let month = line.month(at: start), line.has(" ", at: start + 3),
            let day = line.has(" ", at: start + 4)
                ? line.number(at: start + 5, digits: 1) : line.number(at: start + 4, digits: 2),
            line.has(" ", at: start + 6),
            let time = clock(line, at: start + 7, year: ParsedLine.yearOfNone, month, day)
        else { return nil }
        return (.yearUnknown(time.asUTC.civil(), offset: nil), time.next)
    }

    /// `2026-11-23T07:00:25.586123+00:00`, or with `Z`.
    private static func fullTime(
        _ line: borrowing RawSpan,
        at start: Int
    ) -> (ParsedLine.Time, next: Int)? {
        guard let year = line.number(at: start, digits: 4), line.has("-", at: start + 4),
            let month = line.number(at: start + 5, digits: 2), line.has("-", at: start + 7),
            let day = line.number(at: start + 8, digits: 2), line.has("T", at: start + 10),
            let time = clock(line, at: start + 11, year: year, month, day)
        else { return nil }
        if line.has("Z", at: time.next) { return (.exact(time.asUTC), time.next + 1) }
        let isEast = line.has("+", at: time.next)
        guard isEast || line.has("-", at: time.next),
            let hours = line.number(at: time.next + 1, digits: 2), line.has(":", at: time.next + 3),
            let minutes = line.number(at: time.next + 4, digits: 2)
        else { return nil }
        let offset = Span.seconds(Int64(hours * 3_600 + minutes * 60))
        return (.exact(isEast ? time.asUTC - offset : time.asUTC + offset), time.next + 6)
    }

    /// `07:00:25`, and up to nine digits of a second.
    private static func clock(
        _ line: borrowing RawSpan,
        at start: Int,
        year: Int,
        _ month: Int,
        _ day: Int
    ) -> (asUTC: Instant, next: Int)? {
        guard let hour = line.number(at: start, digits: 2), line.has(":", at: start + 2),
            let minute = line.number(at: start + 3, digits: 2), line.has(":", at: start + 5),
            let second = line.number(at: start + 6, digits: 2)
        else { return nil }
        var next = start + 8
        var nanosecond = 0
        if line.has(".", at: next) {
            next += 1
            var unit = 100_000_000
            while let digit = line.number(at: next, digits: 1) {
                nanosecond += digit * unit
                unit /= 10
                next += 1
            }
        }
        let civil = Civil(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            nanosecond: nanosecond
        )
        return Instant(civil).map { ($0, next) }
    }
}
