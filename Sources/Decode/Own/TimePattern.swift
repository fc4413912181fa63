internal import Atlas

/// How a log writes its times, in the words of strptime(3), read without an allocation.
///
/// A blank stands for any number of blanks, at least one. Names of months and days are English.
struct TimePattern: Sendable {
    enum Piece: Hashable, Sendable {
        case literal(UInt8)
        case blanks
        case year
        case yearOfCentury
        case month
        case monthName
        case weekday
        case day
        case hour
        case hourOfHalf
        case half
        case minute
        case second
        case fraction
        /// `Z`, `+0900`, `+09:00` or `+09`.
        case offset
        /// Letters; only UTC, GMT and Z are certain.
        case zoneName
        /// Seconds since 1970, or milli-, micro- or nanoseconds: the number of digits tells.
        case epoch
    }

    let pieces: [Piece]

    /// True when no zone has to be known to read it.
    var saysZone: Bool { pieces.contains(.offset) || pieces.contains(.epoch) }

    enum Compilation {
        case pattern(TimePattern)
        /// Where in the text, in bytes, and why.
        case refused(offset: Int?, what: String, remedy: String)
    }

    static func compile(_ text: String) -> Compilation {
        var pieces: [Piece] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09:
                if pieces.last != .blanks { pieces.append(.blanks) }
            case 0x25:
                let letter = index + 1 < bytes.count ? bytes[index + 1] : 0
                guard let more = Self.pieces(of: letter) else {
                    let shown =
                        (0x21...0x7E).contains(letter)
                        ? "%" + String(UnicodeScalar(letter)) : "a % at this place"
                    return .refused(
                        offset: index,
                        what: "\(shown) means nothing here",
                        remedy: "use %Y %m %d %b %a %H %M %S %f %z %s, or %% for a percent sign"
                    )
                }
                pieces += more
                index += 1
            case let byte:
                pieces.append(.literal(byte))
            }
            index += 1
        }
        if let missing = missing(in: Set(pieces)) {
            return .refused(
                offset: nil,
                what: "a time of this form has no \(missing.what)",
                remedy: "it needs \(missing.needs), or %s for seconds since 1970"
            )
        }
        return .pattern(TimePattern(pieces: pieces))
    }

    private static func missing(in pieces: Set<Piece>) -> (what: String, needs: String)? {
        if pieces.contains(.epoch) { return nil }
        if !pieces.contains(.month), !pieces.contains(.monthName) { return ("month", "%m or %b") }
        if !pieces.contains(.day) { return ("day", "%d") }
        let isHalf = pieces.contains(.hourOfHalf)
        if isHalf, !pieces.contains(.half) { return ("half of the day", "%p beside %I") }
        if !isHalf, !pieces.contains(.hour) { return ("hour", "%H") }
        return pieces.contains(.minute) ? nil : ("minute", "%M")
    }

    /// The letters of strptime(3), `%f` of Python and `%L` of Ruby for parts of a second.
    private static func pieces(of letter: UInt8) -> [Piece]? {
        switch UnicodeScalar(letter) {
        case "Y": [.year]
        case "y": [.yearOfCentury]
        case "m": [.month]
        case "b", "B", "h": [.monthName]
        case "a", "A": [.weekday]
        case "d", "e": [.day]
        case "H", "k": [.hour]
        case "I", "l": [.hourOfHalf]
        case "p": [.half]
        case "M": [.minute]
        case "S": [.second]
        case "f", "L", "N": [.fraction]
        case "z": [.offset]
        case "Z": [.zoneName]
        case "s": [.epoch]
        case "F": [.year, .literal(0x2D), .month, .literal(0x2D), .day]
        case "T": [.hour, .literal(0x3A), .minute, .literal(0x3A), .second]
        case "R": [.hour, .literal(0x3A), .minute]
        case "%": [.literal(0x25)]
        default: nil
        }
    }
}
