internal import Atlas

/// Times as structured lines have them: texts of the usual forms, and numbers.
extension TimeReader {
    /// The time that exactly this part of a line is, and the step it is told in; nil for another
    /// form.
    ///
    /// RFC 3339 and what is usual beside it, the time of access logs (in brackets, too), that of
    /// syslog, and numbers since 1970.
    mutating func read(_ line: borrowing RawSpan, _ range: Range<Int>) -> (
        time: ParsedLine.Time, step: Span
    )? {
        guard !range.isEmpty else { return nil }
        let start = range.lowerBound
        let first = line.byte(start)
        if range.count >= 19, line.byte(start &+ 4) == 0x2D {
            return whole(iso8601(line, at: start), range)
        }
        if first &- 48 < 10 {
            if range.count == 26, line.byte(start &+ 2) == 0x2F {
                return whole(access(line, at: start), range)
            }
            return Epoch.read(line, range)
        }
        if first == 0x5B, range.count == 28, line.byte(range.upperBound &- 1) == 0x5D {
            return read(line, (start &+ 1)..<(range.upperBound &- 1))
        }
        return whole(syslog(line, at: start), range)
    }

    private func whole(_ read: WrittenTime?, _ range: Range<Int>) -> (ParsedLine.Time, Span)? {
        guard let read, read.next == range.upperBound else { return nil }
        return (read.time, read.step)
    }
}

/// Numbers of seconds, milliseconds, microseconds or nanoseconds since 1970.
enum Epoch {
    /// The unit follows from the size: below 10^11 they are seconds (until the year 5138), below
    /// 10^14 milliseconds, below 10^17 microseconds, else nanoseconds.
    ///
    /// Digits behind a point and an exponent are allowed; nineteen digits count. Less than 10^8 is
    /// no time of a log (1973): uptimes, zeros and the like. Nil for those, for signs and for what
    /// an `Instant` cannot hold.
    static func read(_ line: borrowing RawSpan, _ range: Range<Int>) -> (
        time: ParsedLine.Time, step: Span
    )? {
        if range.count == plainLength, let instant = plain(line, at: range.lowerBound) {
            return (.exact(instant), .zero)
        }
        guard let number = Decimal(line, range), let (whole, rest) = number.split(),
            whole >= 100_000_000
        else { return nil }
        let unit: UInt64 =
            switch whole {
            case ..<100_000_000_000: 1_000_000_000
            case ..<100_000_000_000_000: 1_000_000
            case ..<100_000_000_000_000_000: 1_000
            default: 1
            }
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: unit)
        let (sum, carries) = scaled.addingReportingOverflow(rest / (1_000_000_000 / unit))
        guard !overflow, !carries, let nanoseconds = Int64(exactly: sum) else { return nil }
        let isWhole = unit == 1_000_000_000 && !number.hasPoint
        return (.exact(Instant(nanoseconds: nanoseconds)), isWhole ? .seconds(1) : .zero)
    }

    /// `1764122931.586123000`: ten digits of seconds, nine behind the point.
    ///
    /// What `@time` is in the lines of the Forward receiver, and what Fluent Bit writes.
    private static let plainLength = 20

    @inline(__always)
    private static func plain(_ line: borrowing RawSpan, at start: Int) -> Instant? {
        guard line.byteCount >= start &+ plainLength, line.byte(start &+ 10) == 0x2E,
            let high = RawSpan.eightDigits(line.word(at: start)),
            let low = RawSpan.eightDigits(line.word(at: start &+ 12)),
            high >= 1_000_000
        else { return nil }
        let (tens, ones) = (line.byte(start &+ 8) &- 48, line.byte(start &+ 9) &- 48)
        let first = line.byte(start &+ 11) &- 48
        guard tens < 10, ones < 10, first < 10 else { return nil }
        let seconds = high &* 100 &+ Int64(tens) &* 10 &+ Int64(ones)
        // Ten digits may be more than an instant holds, which ends in the year 2262.
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carries) = scaled.addingReportingOverflow(Int64(first) &* 100_000_000 &+ low)
        return overflow || carries ? nil : Instant(nanoseconds: sum)
    }

    /// Digits times a power of ten.
    private struct Decimal {
        private(set) var digits: UInt64 = 0
        private(set) var exponent = 0
        private(set) var hasPoint = false

        init?(_ line: borrowing RawSpan, _ range: Range<Int>) {
            var index = range.lowerBound
            var count = 0
            while index < range.upperBound {
                let byte = line.byte(index)
                if byte &- 48 < 10 {
                    if count < 19 {
                        digits = digits &* 10 &+ UInt64(byte &- 48)
                        if digits > 0 { count &+= 1 }
                        if hasPoint { exponent &-= 1 }
                    } else if !hasPoint {
                        exponent &+= 1
                    }
                } else if byte == 0x2E, !hasPoint, index > range.lowerBound {
                    hasPoint = true
                } else {
                    break
                }
                index &+= 1
            }
            guard index > range.lowerBound else { return nil }
            if index == range.upperBound { return }
            guard line.byte(index) | 0x20 == 0x65 else { return nil }
            let isNegative = line.has("-", at: index + 1)
            let start = index + (isNegative || line.has("+", at: index + 1) ? 2 : 1)
            guard (start + 1...start + 3).contains(range.upperBound),
                let power = line.decimal(start..<range.upperBound)
            else { return nil }
            exponent += isNegative ? -power : power
            hasPoint = true
        }

        /// Before the point, and nanos behind it.
        func split() -> (whole: UInt64, nanos: UInt64)? {
            if exponent >= 0 {
                guard exponent <= 19 else { return nil }
                var whole = digits
                for _ in 0..<exponent {
                    let (scaled, overflow) = whole.multipliedReportingOverflow(by: 10)
                    guard !overflow else { return nil }
                    whole = scaled
                }
                return (whole, 0)
            }
            guard exponent >= -19 else { return (0, 0) }
            var scale: UInt64 = 1
            for _ in 0..<(-exponent) { scale &*= 10 }
            let rest = digits % scale
            let product = rest.multipliedFullWidth(by: 1_000_000_000)
            return (digits / scale, scale.dividingFullWidth(product).quotient)
        }
    }
}
