/// A civil date and time of day, without a zone.
///
/// Sixteen bytes: every line that is read is told with one. A number beyond what a part can hold is
/// kept as the nearest that it can, which is out of its range as well.
package struct Civil: Hashable, Sendable {
    private var years: Int32
    private var nanoseconds: Int32
    private var months: Int8
    private var days: Int8
    private var hours: Int8
    private var minutes: Int8
    private var seconds: Int8

    package var year: Int {
        get { Int(years) }
        set { years = Int32(clamping: newValue) }
    }
    /// 1 to 12.
    package var month: Int {
        get { Int(months) }
        set { months = Int8(clamping: newValue) }
    }
    /// 1 to 31.
    package var day: Int {
        get { Int(days) }
        set { days = Int8(clamping: newValue) }
    }
    package var hour: Int {
        get { Int(hours) }
        set { hours = Int8(clamping: newValue) }
    }
    package var minute: Int {
        get { Int(minutes) }
        set { minutes = Int8(clamping: newValue) }
    }
    package var second: Int {
        get { Int(seconds) }
        set { seconds = Int8(clamping: newValue) }
    }
    /// 0 to 999,999,999.
    package var nanosecond: Int {
        get { Int(nanoseconds) }
        set { nanoseconds = Int32(clamping: newValue) }
    }

    package init(
        year: Int,
        month: Int,
        day: Int,
        hour: Int = 0,
        minute: Int = 0,
        second: Int = 0,
        nanosecond: Int = 0
    ) {
        years = Int32(clamping: year)
        months = Int8(clamping: month)
        days = Int8(clamping: day)
        hours = Int8(clamping: hour)
        minutes = Int8(clamping: minute)
        seconds = Int8(clamping: second)
        nanoseconds = Int32(clamping: nanosecond)
    }
}

// Days from civil and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
extension Instant {
    /// The instant of a civil time that is read in the zone of the given offset from UTC.
    ///
    /// Nil when a field is out of its range, or the time is out of that of instants. A second of 60
    /// (a leap second) is taken as the first of the next minute.
    package init?(_ civil: Civil, offset: Span = .zero) {
        guard (1677...2262).contains(civil.year), (1...12).contains(civil.month),
            (1...31).contains(civil.day), (0...24).contains(civil.hour),
            (0...59).contains(civil.minute), (0...60).contains(civil.second)
        else { return nil }
        let year = civil.month <= 2 ? civil.year - 1 : civil.year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear =
            (153 * (civil.month > 2 ? civil.month - 3 : civil.month + 9) + 2) / 5 + civil.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + civil.hour * 3_600 + civil.minute * 60 + civil.second
        guard (1678...2261).contains(civil.year) else {
            // Part of the first year and of the last is out of range.
            let exact = Int128(seconds) * 1_000_000_000 + Int128(civil.nanosecond)
            guard let nanoseconds = Int64(exactly: exact - Int128(offset.nanoseconds)) else {
                return nil
            }
            self.init(nanoseconds: nanoseconds)
            return
        }
        self.init(nanoseconds: Int64(seconds) * 1_000_000_000 + Int64(civil.nanosecond))
        nanoseconds -= offset.nanoseconds
    }

    /// The civil time of this instant in the zone of the given offset from UTC.
    package func civil(offset: Span = .zero) -> Civil {
        let local = (self + offset).nanoseconds
        var seconds = local / 1_000_000_000
        var nanosecond = local % 1_000_000_000
        if nanosecond < 0 {
            nanosecond += 1_000_000_000
            seconds -= 1
        }
        var days = seconds / 86_400
        var rest = seconds % 86_400
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return Civil(
            year: Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)),
            month: Int(month),
            day: Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1),
            hour: Int(rest / 3_600),
            minute: Int(rest % 3_600 / 60),
            second: Int(rest % 60),
            nanosecond: Int(nanosecond)
        )
    }

    /// Reads RFC 3339 section 5.6 (`2026-11-23T07:20:31.180367Z`, a space for the T allowed).
    ///
    /// Digits of a second past the ninth are cut. Nil for anything else, a missing zone included.
    package init?(rfc3339 text: some StringProtocol) {
        var scanner = DigitScanner(text.utf8)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2),
            scanner.skip("-"), let day = scanner.number(2),
            scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2),
            scanner.skip(":"), let second = scanner.number(2)
        else { return nil }
        let nanosecond = scanner.skip(".") ? scanner.fraction() : 0
        guard let nanosecond, let offset = scanner.zone(), scanner.isAtEnd else { return nil }
        self.init(
            Civil(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second,
                nanosecond: nanosecond
            ),
            offset: offset
        )
    }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC with 3, 6 or 9 digits of a second.
    package var description: String {
        let civil = civil()
        let nanosecond = civil.nanosecond
        let fraction =
            if nanosecond % 1_000_000 == 0 {
                padded(nanosecond / 1_000_000, 3)
            } else if nanosecond % 1_000 == 0 {
                padded(nanosecond / 1_000, 6)
            } else {
                padded(nanosecond, 9)
            }
        return "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
            + "T\(padded(civil.hour, 2)):\(padded(civil.minute, 2)):\(padded(civil.second, 2))"
            + ".\(fraction)Z"
    }
}

/// Digits with zeros in front, to at least `width` places.
package func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return digits.utf8.count >= width
        ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}
