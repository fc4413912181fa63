import Atlas

/// The first time that is written in a line, in the forms that logs use:
/// `2026-11-23T02:00:11.5+09:00`, `2026/11/23 02:00:11 UTC`, `Nov 23 02:00:11`.
///
/// Without a zone it is in `zone`; without a year it is the last such day before `now`.
struct WrittenTime {
    let now: Instant
    let zone: Span

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// Of a line, in bytes.
    private static let limit = 4_096

    func find(in line: some StringProtocol) -> Instant? {
        let bytes = Array(line.utf8.prefix(Self.limit))
        var isInNumber = false
        for index in bytes.indices {
            let isDigit = (0x30...0x39).contains(bytes[index])
            if isDigit, !isInNumber, let found = numeric(bytes[index...]) { return found }
            if bytes[index] >= 0x41, let found = named(bytes[index...]) { return found }
            isInNumber = isDigit
        }
        return nil
    }

    private func numeric(_ bytes: ArraySlice<UInt8>) -> Instant? {
        var scanner = DigitScanner(bytes)
        guard let year = scanner.number(4) else { return nil }
        let hasSlash = scanner.skip("/")
        guard hasSlash || scanner.skip("-"), let month = scanner.number(2),
            scanner.skip(hasSlash ? "/" : "-"), let day = scanner.number(2),
            scanner.skip("T") || scanner.skip(" "), let time = clock(&scanner)
        else { return nil }
        var nanosecond = 0
        if scanner.skip(".") || scanner.skip(",") {
            guard let fraction = scanner.fraction() else { return nil }
            nanosecond = fraction
        }
        let civil = Civil(
            year: year,
            month: month,
            day: day,
            hour: time.hour,
            minute: time.minute,
            second: time.second,
            nanosecond: nanosecond
        )
        return Instant(civil, offset: offset(Array(scanner.rest)))
    }

    private func clock(
        _ scanner: inout DigitScanner<ArraySlice<UInt8>>
    ) -> (hour: Int, minute: Int, second: Int)? {
        guard let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2),
            scanner.skip(":"), let second = scanner.number(2)
        else { return nil }
        return (hour, minute, second)
    }

    /// Of what stands behind the seconds.
    private func offset(_ rest: [UInt8]) -> Span {
        let word = rest.drop { $0 == 0x20 }.prefix(6)
        if word.starts(with: "UTC".utf8) || word.starts(with: "GMT".utf8) { return .zero }
        if word.first == UInt8(ascii: "Z"), rest.first == UInt8(ascii: "Z") { return .zero }
        for length in [6, 5, 3] where word.count >= length {
            var scanner = DigitScanner(word.prefix(length))
            if let zone = scanner.zone(), scanner.isAtEnd { return zone }
        }
        return zone
    }

    /// `Nov 23 02:00:11` (RFC 3164 section 4.1.2).
    private func named(_ bytes: ArraySlice<UInt8>) -> Instant? {
        guard bytes.count >= 15,
            let month = Self.months.firstIndex(where: { bytes.starts(with: $0.utf8) })
        else { return nil }
        var scanner = DigitScanner(bytes.dropFirst(3))
        guard scanner.skip(" ") else { return nil }
        let isShort = scanner.skip(" ")
        guard let day = scanner.number(isShort ? 1 : 2), scanner.skip(" "),
            let time = clock(&scanner)
        else { return nil }
        let year = now.civil(offset: zone).year
        return [year, year - 1].lazy.compactMap { year in
            Instant(
                Civil(
                    year: year,
                    month: month + 1,
                    day: day,
                    hour: time.hour,
                    minute: time.minute,
                    second: time.second
                ),
                offset: zone
            )
        }.first { $0 < now + .seconds(86_400) }
    }
}
