internal import Atlas

/// A date and a time of day as many logs write them, and where it ends.
///
///     2026-11-23 06:58:17,081        2026-11-23T06:58:17.081234Z     2026/11/23 06:58:17 +0100
struct Stamp {
    /// As if it were UTC.
    var asUTC: Instant
    /// Nil when no zone is written.
    var offset: Span?
    /// It has parts of a second.
    var isFine: Bool
    var next: Int

    var time: ParsedLine.Time { offset.map { .exact(asUTC - $0) } ?? .zoneUnknown(asUTC) }
    var step: Span { isFine ? .zero : .seconds(1) }
}

extension RawSpan {
    /// Two decimal digits; 100 or more when there are none.
    func twoDigits(_ offset: Int) -> Int {
        let pair = UInt16(
            littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
        )
        let high = UInt8(truncatingIfNeeded: pair) &- 48
        let low = UInt8(truncatingIfNeeded: pair >> 8) &- 48
        return high < 10 && low < 10 ? Int(high) &* 10 &+ Int(low) : 100
    }

    /// A date of four, two and two digits, one blank or `T`, a time of day, digits of a second
    /// after a point or a comma, and a zone where one follows.
    func stamp(at start: Int, between: UInt8 = 0x2D) -> Stamp? {
        guard start >= 0, start + 19 <= byteCount, byte(start + 4) == between,
            byte(start + 7) == between, byte(start + 10) == 0x20 || byte(start + 10) == 0x54,
            let asUTC = instant(
                year: twoDigits(start) * 100 + twoDigits(start + 2),
                month: twoDigits(start + 5),
                day: twoDigits(start + 8),
                clock: start + 11
            )
        else { return nil }
        let (nanosecond, next) = fraction(at: start + 19)
        var stamp = Stamp(
            asUTC: asUTC + Span(nanoseconds: Int64(nanosecond)),
            isFine: next > start + 19,
            next: next
        )
        if let (offset, end) = zone(at: next) { (stamp.offset, stamp.next) = (offset, end) }
        return stamp
    }

    /// Of a date and a time of day such as `06:58:17` at `clock`; nil when there is no such time.
    func instant(year: Int, month: Int, day: Int, clock: Int) -> Instant? {
        guard clock + 8 <= byteCount, byte(clock + 2) == 0x3A, byte(clock + 5) == 0x3A,
            year < 10_000
        else { return nil }
        let civil = Civil(
            year: year,
            month: month,
            day: day,
            hour: twoDigits(clock),
            minute: twoDigits(clock + 3),
            second: twoDigits(clock + 6)
        )
        return civil.isReal ? Instant(civil) : nil
    }

    /// `.081234` or `,081` as nanoseconds; what is beyond nine digits is passed over.
    func fraction(at start: Int) -> (nanosecond: Int, next: Int) {
        guard start + 1 < byteCount, byte(start) == 0x2E || byte(start) == 0x2C,
            byte(start + 1) &- 48 < 10
        else { return (0, start) }
        var index = start + 1
        var value = 0
        var unit = 1_000_000_000
        while index < byteCount {
            let digit = byte(index) &- 48
            guard digit < 10 else { break }
            if unit > 1 {
                unit /= 10
                value &+= Int(digit) &* unit
            }
            index &+= 1
        }
        return (value, index)
    }

    /// `Z`, `+09:00`, `+0900` or `+09`, after a blank or none; or ` UTC`, ` GMT`.
    func zone(at start: Int) -> (offset: Span, next: Int)? {
        guard start < byteCount else { return nil }
        let isApart = byte(start) == 0x20
        let sign = isApart ? start + 1 : start
        guard sign < byteCount else { return nil }
        switch byte(sign) {
        case 0x5A where !isApart || isEnd(sign + 1):
            return (.zero, sign + 1)
        case 0x55 where hasPrefix("UTC", at: sign) && isEnd(sign + 3),
            0x47 where hasPrefix("GMT", at: sign) && isEnd(sign + 3):
            return (.zero, sign + 3)
        case 0x2B, 0x2D:
            guard sign + 3 <= byteCount, twoDigits(sign + 1) < 24 else { return nil }
            var next = sign + 3
            var minutes = 0
            let isColon = has(":", at: next)
            if let read = number(at: isColon ? next + 1 : next, digits: 2), read < 60 {
                minutes = read
                next += isColon ? 3 : 2
            } else if isApart {
                return nil
            }
            let seconds = Int64(twoDigits(sign + 1) * 3_600 + minutes * 60)
            return (.seconds(byte(sign) == 0x2B ? seconds : -seconds), next)
        default: return nil
        }
    }

    /// Neither a letter nor a digit is there.
    private func isEnd(_ offset: Int) -> Bool {
        guard offset < byteCount else { return true }
        let byte = byte(offset)
        return !(0x61...0x7A).contains(byte | 0x20) && byte &- 48 >= 10
    }
}
