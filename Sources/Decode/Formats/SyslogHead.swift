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
    /// The name of the program, without its process id.
    let tag: Range<Int>
    let messageStart: Int

    /// Nil when the line begins otherwise.
    init?(_ line: borrowing RawSpan) {
        let start = Self.behindPriority(line)
        guard let head = Self.civilTime(line, at: start) ?? Self.fullTime(line, at: start),
            line.has(" ", at: head.next)
        else { return nil }
        let first = head.next + 1
        let firstEnd = Self.wordEnd(line, from: first)
        guard firstEnd > first else { return nil }
        time = head.time
        step = head.isFine ? .zero : .seconds(1)
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

    private struct Stamp {
        var time: ParsedLine.Time
        /// It has parts of a second.
        var isFine: Bool
        var next: Int
    }

    /// `Nov 23 07:00:25`, the day padded with a blank; in a leap year, which has every day.
    private static func civilTime(_ line: borrowing RawSpan, at start: Int) -> Stamp? {
        guard let month = line.month(at: start), line.has(" ", at: start + 3),
            let day = line.has(" ", at: start + 4)
                ? line.number(at: start + 5, digits: 1) : line.number(at: start + 4, digits: 2),
            line.has(" ", at: start + 6),
            let clock = clock(line, at: start + 7, year: 2_000, month, day), clock.civil.isReal
        else { return nil }
        return Stamp(
            time: .yearUnknown(clock.civil, offset: nil),
            isFine: clock.isFine,
            next: clock.next
        )
    }

    /// `2026-11-23T07:00:25.586123+00:00`, or with `Z`.
    private static func fullTime(_ line: borrowing RawSpan, at start: Int) -> Stamp? {
        guard let year = line.number(at: start, digits: 4), line.has("-", at: start + 4),
            let month = line.number(at: start + 5, digits: 2), line.has("-", at: start + 7),
            let day = line.number(at: start + 8, digits: 2), line.has("T", at: start + 10),
            let clock = clock(line, at: start + 11, year: year, month, day),
            let (offset, next) = offset(line, at: clock.next),
            let time = Instant(clock.civil, offset: offset)
        else { return nil }
        return Stamp(time: .exact(time), isFine: clock.isFine, next: next)
    }

    private static func offset(_ line: borrowing RawSpan, at start: Int) -> (Span, next: Int)? {
        if line.has("Z", at: start) { return (.zero, start + 1) }
        let isEast = line.has("+", at: start)
        guard isEast || line.has("-", at: start),
            let hours = line.number(at: start + 1, digits: 2), line.has(":", at: start + 3),
            let minutes = line.number(at: start + 4, digits: 2)
        else { return nil }
        let seconds = Int64(hours * 3_600 + minutes * 60)
        return (.seconds(isEast ? seconds : -seconds), start + 6)
    }

    /// `07:00:25`, and up to nine digits of a second.
    private static func clock(
        _ line: borrowing RawSpan,
        at start: Int,
        year: Int,
        _ month: Int,
        _ day: Int
    ) -> (civil: Civil, isFine: Bool, next: Int)? {
        guard let (hour, minute, second) = line.clock(at: start) else { return nil }
        var next = start + 8
        var nanosecond = 0
        let isFine = line.has(".", at: next)
        if isFine {
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
        return (civil, isFine, next)
    }
}
