package import Atlas

/// A time as it stands in a line.
package struct WrittenTime: Sendable {
    package var time: ParsedLine.Time
    /// It has parts of a second.
    package var isFine: Bool
    /// Just behind it.
    package var next: Int

    /// Within which step it happened: a second where it tells none smaller.
    package var step: Span { isFine ? .zero : .seconds(1) }
}

/// Reads times of the usual forms; that of the second of the line before costs a comparison.
///
/// A log has many lines a second, and turning a date into an instant is the dear part.
package struct TimeReader: Sendable {
    /// The bytes of a date and time of day, and what they mean.
    private struct Known: Sendable {
        var words = SIMD4<UInt64>(repeating: 0)
        /// `none` before the first one.
        var time = ParsedLine.Time.none

        @inline(__always)
        func isOf(_ words: SIMD4<UInt64>) -> Bool {
            if self.words != words { return false }
            if case .none = time { return false }
            return true
        }
    }

    /// Read as if it were UTC.
    private var full = Known()
    private var access = Known()
    private var short = Known()

    package init() {}

    /// `2026-11-23T07:00:25.586123+00:00`: RFC 3339 with what is usual beside it.
    ///
    /// A blank or `_` for the T, a comma for the point, no fraction; `Z`, `+09:00`, `+0900`, `+09`
    /// or, behind a blank, `UTC`, `GMT`, `+09:00` and `+0900`. Without a zone the time is `zoneUnknown`. Nil for
    /// another form and for a day that does not exist. Up to nine digits of a second count.
    package mutating func iso8601(_ line: borrowing RawSpan, at start: Int) -> WrittenTime? {
        guard start >= 0, start &+ 19 <= line.byteCount else { return nil }
        let words = SIMD4(
            line.word(at: start),
            line.word(at: start &+ 8),
            line.word(at: start &+ 11),
            0
        )
        if !full.isOf(words) {
            guard let second = Self.isoSecond(line, at: start) else { return nil }
            full = Known(words: words, time: .zoneUnknown(second))
        }
        guard case .zoneUnknown(var instant) = full.time else { return nil }
        var next = start &+ 19
        let fraction = Self.fraction(line, at: &next)
        instant.nanoseconds &+= fraction ?? 0
        guard let offset = Self.zone(line, at: &next) else {
            return WrittenTime(time: .zoneUnknown(instant), isFine: fraction != nil, next: next)
        }
        instant.nanoseconds &-= offset
        return WrittenTime(time: .exact(instant), isFine: fraction != nil, next: next)
    }

    /// `10/Oct/2000:13:55:36 -0700`, the time of access logs, without its brackets.
    package mutating func access(_ line: borrowing RawSpan, at start: Int) -> WrittenTime? {
        guard let instant = accessInstant(line, at: start) else { return nil }
        return WrittenTime(time: .exact(instant), isFine: false, next: start &+ Self.accessLength)
    }

    /// Of a time of access logs.
    static let accessLength = 26

    /// The same for those who know how long it is.
    @inline(__always)
    mutating func accessInstant(_ line: borrowing RawSpan, at start: Int) -> Instant? {
        guard start >= 0, start &+ 26 <= line.byteCount else { return nil }
        let words = SIMD4(
            line.word(at: start),
            line.word(at: start &+ 8),
            line.word(at: start &+ 16),
            line.word(at: start &+ 18)
        )
        if !access.isOf(words) {
            guard let second = Self.accessSecond(line, at: start) else { return nil }
            access = Known(words: words, time: .exact(second))
        }
        guard case .exact(let instant) = access.time else { return nil }
        return instant
    }

    /// `Nov 23 07:00:25`, the day padded with a blank or a zero, with or without a fraction.
    ///
    /// Neither year nor zone: RFC 3164 section 4.1.2.
    @inline(__always)
    package mutating func syslog(_ line: borrowing RawSpan, at start: Int) -> WrittenTime? {
        guard start >= 0, start &+ 15 <= line.byteCount else { return nil }
        let words = SIMD4(line.word(at: start), line.word(at: start &+ 7), 0, 0)
        if !short.isOf(words) {
            guard let civil = Self.syslogSecond(line, at: start) else { return nil }
            short = Known(words: words, time: .yearUnknown(civil, offset: nil))
        }
        var next = start &+ 15
        guard line.has(".", at: next), case .yearUnknown(var civil, let offset) = short.time,
            let fraction = Self.fraction(line, at: &next)
        else { return WrittenTime(time: short.time, isFine: false, next: next) }
        civil.nanosecond = Int(fraction)
        let time = ParsedLine.Time.yearUnknown(civil, offset: offset)
        return WrittenTime(time: time, isFine: true, next: next)
    }

    // MARK: - Of a second that is new

    private static func isoSecond(_ line: borrowing RawSpan, at start: Int) -> Instant? {
        guard let year = line.number(at: start, digits: 4), line.has("-", at: start + 4),
            let month = line.number(at: start + 5, digits: 2), line.has("-", at: start + 7),
            let day = line.number(at: start + 8, digits: 2),
            isBetween(line.byte(start + 10)),
            let (hour, minute, second) = line.clock(at: start + 11)
        else { return nil }
        return instant(year, month, day, hour, minute, second)
    }

    /// T, t, a blank or _.
    private static func isBetween(_ byte: UInt8) -> Bool {
        byte | 0x20 == 0x74 || byte == 0x20 || byte == 0x5F
    }

    private static func accessSecond(_ line: borrowing RawSpan, at start: Int) -> Instant? {
        guard let day = line.number(at: start, digits: 2), line.has("/", at: start + 2),
            let month = line.month(at: start + 3), line.has("/", at: start + 6),
            let year = line.number(at: start + 7, digits: 4), line.has(":", at: start + 11),
            let (hour, minute, second) = line.clock(at: start + 12), line.has(" ", at: start + 20),
            let local = instant(year, month, day, hour, minute, second)
        else { return nil }
        var next = start + 21
        guard let offset = zone(line, at: &next), next == start + 26 else { return nil }
        return Instant(nanoseconds: local.nanoseconds &- offset)
    }

    /// In a leap year, which has every day.
    private static func syslogSecond(_ line: borrowing RawSpan, at start: Int) -> Civil? {
        guard let month = line.month(at: start), line.has(" ", at: start + 3),
            let day = line.has(" ", at: start + 4)
                ? line.number(at: start + 5, digits: 1) : line.number(at: start + 4, digits: 2),
            line.has(" ", at: start + 6), let (hour, minute, second) = line.clock(at: start + 7)
        else { return nil }
        let civil = Civil(
            year: 2_000,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second
        )
        return civil.isReal ? civil : nil
    }

    private static func instant(
        _ year: Int,
        _ month: Int,
        _ day: Int,
        _ hour: Int,
        _ minute: Int,
        _ second: Int
    ) -> Instant? {
        let civil = Civil(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second
        )
        return civil.isReal ? Instant(civil) : nil
    }

    // MARK: - Pieces

    /// Nanoseconds of `.586123` or `,586`, and moves behind it; nil where none is.
    @inline(__always)
    package static func fraction(_ line: borrowing RawSpan, at next: inout Int) -> Int64? {
        guard next &+ 1 < line.byteCount, line.byte(next) == 0x2E || line.byte(next) == 0x2C,
            line.byte(next &+ 1) &- 48 < 10
        else { return nil }
        if let short = shortFraction(line, at: next &+ 1) {
            next &+= 1 &+ short.count
            return short.value
        }
        var index = next &+ 1
        var value: Int64 = 0
        var unit: Int64 = 100_000_000
        while index < line.byteCount {
            let digit = line.byte(index) &- 48
            guard digit < 10 else { break }
            value &+= Int64(digit) &* unit
            unit /= 10
            index &+= 1
        }
        next = index
        return value
    }

    /// Nanoseconds that at most seven digits are; nil where there are none, or more.
    @inline(__always)
    private static func shortFraction(
        _ line: borrowing RawSpan,
        at start: Int
    ) -> (value: Int64, count: Int)? {
        let word = line.word(at: start)
        let count = RawSpan.digitCount(word)
        guard count > 0, count < 8 else { return nil }
        // Zeros behind them, to eight digits.
        let mask = UInt64.max &>> UInt64(64 &- 8 &* count)
        let digits = word & mask | 0x3030_3030_3030_3030 & ~mask
        guard let value = RawSpan.eightDigits(digits) else { return nil }
        return (value &* 10, count)
    }

    /// Nanoseconds by which a zone is ahead of UTC, and moves behind it; nil where none is told.
    @inline(__always)
    package static func zone(_ line: borrowing RawSpan, at next: inout Int) -> Int64? {
        guard next < line.byteCount else { return nil }
        if line.byte(next) | 0x20 == 0x7A {
            next &+= 1
            return 0
        }
        return writtenZone(line, at: &next)
    }

    private static func writtenZone(_ line: borrowing RawSpan, at next: inout Int) -> Int64? {
        let start = line.has(" ", at: next) ? next + 1 : next
        if line.hasPrefix("UTC", at: start) || line.hasPrefix("GMT", at: start) {
            next = start + 3
            return 0
        }
        let isEast = line.has("+", at: start)
        guard isEast || line.has("-", at: start),
            let hours = line.number(at: start + 1, digits: 2), hours < 24
        else { return nil }
        let colon = line.has(":", at: start + 3) ? 1 : 0
        let minutes = line.number(at: start + 3 + colon, digits: 2)
        // Behind a blank two digits can be anything.
        guard minutes ?? 0 < 60, minutes != nil || start == next else { return nil }
        next = start + 3 + (minutes == nil ? 0 : 2 + colon)
        let seconds = Int64(hours * 3_600 + (minutes ?? 0) * 60)
        return (isEast ? seconds : -seconds) * 1_000_000_000
    }
}
