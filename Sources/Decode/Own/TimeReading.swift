internal import Atlas

extension TimePattern {
    /// The time that exactly these bytes are; nil when they have another form, or no such day is.
    func read(_ bytes: UnsafeRawBufferPointer, zone: UserFormat.Zone) -> ParsedLine.Time? {
        var reading = TimeReading(bytes)
        for piece in pieces {
            guard reading.take(piece) else { return nil }
        }
        return reading.time(zone: zone)
    }
}

/// A written time on its way to an instant.
private struct TimeReading {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private var civil = Civil(year: 0, month: 1, day: 1)
    private var hasYear = false
    private var isAfternoon: Bool?
    private var offset: Span?
    private var epoch: Instant?

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Reads one piece; false when something else is there.
    mutating func take(_ piece: TimePattern.Piece) -> Bool {
        switch piece {
        case .literal(let byte): return skip(byte)
        case .blanks: return skipBlanks() > 0
        case .year: return set(\.year, digits: 4...4) && note()
        case .yearOfCentury:
            guard set(\.year, digits: 2...2) else { return false }
            // POSIX: 69 to 99 are of the last century.
            civil.year += civil.year < 69 ? 2_000 : 1_900
            return note()
        case .month: return set(\.month, digits: 1...2)
        case .monthName: return monthName()
        case .weekday: return letters().count >= 3
        case .day:
            _ = skipBlanks()
            return set(\.day, digits: 1...2)
        case .hour:
            _ = skipBlanks()
            return set(\.hour, digits: 1...2)
        case .hourOfHalf:
            _ = skipBlanks()
            return set(\.hour, digits: 1...2) && (1...12).contains(civil.hour)
        case .half: return half()
        case .minute: return set(\.minute, digits: 1...2)
        case .second: return set(\.second, digits: 1...2)
        case .fraction: return fraction()
        case .offset: return zoneOffset()
        case .zoneName:
            let name = letters()
            if isWord(name, "utc") || isWord(name, "gmt") || isWord(name, "z") { offset = .zero }
            return !name.isEmpty
        case .epoch: return seconds()
        }
    }

    /// Nil when bytes are left over, or when there is no such time.
    func time(zone: UserFormat.Zone) -> ParsedLine.Time? {
        guard index == bytes.count else { return nil }
        if let epoch { return .exact(epoch + Span(nanoseconds: Int64(civil.nanosecond))) }
        var civil = civil
        if let isAfternoon { civil.hour = civil.hour % 12 + (isAfternoon ? 12 : 0) }
        let offset = offset ?? (zone == .utc ? .zero : nil)
        // Any leap year holds every day that a date without a year can be.
        if !hasYear { civil.year = 2_000 }
        guard civil.isReal, let asUTC = Instant(civil) else { return nil }
        guard hasYear else { return .yearUnknown(civil, offset: offset) }
        return offset.map { .exact(asUTC - $0) } ?? .zoneUnknown(asUTC)
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func note() -> Bool {
        hasYear = true
        return true
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() -> Int {
        let start = index
        while next == 0x20 || next == 0x09 { index += 1 }
        return index - start
    }

    private mutating func number(digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while count < digits.upperBound, let digit = next.map({ $0 &- 48 }), digit < 10 {
            value = value * 10 + Int(digit)
            count += 1
            index += 1
        }
        return digits.contains(count) ? value : nil
    }

    private mutating func set(
        _ part: WritableKeyPath<Civil, Int>,
        digits: ClosedRange<Int>
    ) -> Bool {
        guard let value = number(digits: digits) else { return false }
        civil[keyPath: part] = value
        return true
    }

    private mutating func letters() -> Range<Int> {
        let start = index
        while let byte = next, (0x61...0x7A).contains(byte | 0x20) { index += 1 }
        return start..<index
    }

    /// Compares letters with a word in lower case.
    private func isWord(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count
        where bytes[range.lowerBound + offset] | 0x20 != word.utf8Start[offset] { return false }
        return true
    }

    private mutating func monthName() -> Bool {
        let name = letters()
        guard name.count >= 3 else { return false }
        let first = name.lowerBound..<name.lowerBound + 3
        let months: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
        for month in 0..<12 {
            var isSame = true
            for offset in 0..<3
            where bytes[first.lowerBound + offset] | 0x20 != months.utf8Start[month * 3 + offset] {
                isSame = false
            }
            if isSame {
                civil.month = month + 1
                return true
            }
        }
        return false
    }

    private mutating func half() -> Bool {
        let name = letters()
        isAfternoon = isWord(name, "pm")
        return isWord(name, "am") || isWord(name, "pm")
    }

    private mutating func fraction() -> Bool {
        var value = 0
        var places = 0
        while let digit = next.map({ $0 &- 48 }), digit < 10 {
            if places < 9 { value = value * 10 + Int(digit) }
            places += 1
            index += 1
        }
        for _ in 0..<max(0, 9 - places) { value *= 10 }
        civil.nanosecond = value
        return places > 0
    }

    private mutating func zoneOffset() -> Bool {
        if next == 0x5A || next == 0x7A {
            index += 1
            offset = .zero
            return true
        }
        let isEast = skip(0x2B)
        guard isEast || skip(0x2D), let hours = number(digits: 2...2) else { return false }
        var minutes = 0
        if skip(0x3A) || (next.map { $0 &- 48 < 10 } ?? false) {
            guard let read = number(digits: 2...2) else { return false }
            minutes = read
        }
        guard hours < 24, minutes < 60 else { return false }
        let seconds = Int64(hours * 3_600 + minutes * 60)
        offset = .seconds(isEast ? seconds : -seconds)
        return true
    }

    private mutating func seconds() -> Bool {
        let start = index
        // 19 digits of nanoseconds can be more than fits; 18 always fit.
        guard let high = number(digits: 1...18) else { return false }
        var value = Int64(high)
        if let digit = next.map({ $0 &- 48 }), digit < 10 {
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = scaled.addingReportingOverflow(Int64(digit))
            guard !overflow, !carries else { return false }
            value = sum
            index += 1
        }
        let scale: Int64 =
            switch index - start {
            case ...11: 1_000_000_000
            case ...14: 1_000_000
            case ...17: 1_000
            default: 1
            }
        let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: scale)
        epoch = Instant(nanoseconds: nanoseconds)
        return !overflow
    }
}

extension Civil {
    /// False for the 30th of February and the like.
    var isReal: Bool {
        guard (1...12).contains(month) else { return false }
        return (1...Self.days(in: month, of: year)).contains(day)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
