/// Cuts a query into tokens.
struct QueryScanner {
    /// More is no question of a person.
    static let mostBytes = 8_192

    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func tokens() throws(QueryMistake) -> [QueryToken] {
        guard bytes.count <= Self.mostBytes else {
            throw QueryMistake(
                Self.mostBytes,
                "a query has at most \(Self.mostBytes) bytes, this one has \(bytes.count)",
                remedy: "leave some of it out"
            )
        }
        var tokens: [QueryToken] = []
        while true {
            while let byte = peek, Self.isBlank(byte) { index += 1 }
            let start = index
            guard let byte = peek else {
                tokens.append(QueryToken(kind: .end, offset: start))
                return tokens
            }
            tokens.append(QueryToken(kind: try token(byte), offset: start))
        }
    }

    private var peek: UInt8? { peek(0) }

    private func peek(_ distance: Int) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private mutating func token(_ byte: UInt8) throws(QueryMistake) -> QueryToken.Kind {
        switch byte {
        case UInt8(ascii: "("):
            index += 1
            return .open
        case UInt8(ascii: ")"):
            index += 1
            return .close
        case UInt8(ascii: "\""): return .phrase(try phrase())
        case UInt8(ascii: "/"):
            if let regex = try regex() { return .regex(regex) }
            let start = index
            let path = word()
            guard !path.utf8.contains(where: { Self.isSpecial($0) }) else {
                throw QueryMistake(
                    start,
                    "this regular expression is not closed",
                    remedy: "close it with /, or put it into quotes to find it as text"
                )
            }
            return .word(path)
        case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"): return .word(word())
        case UInt8(ascii: "-"), UInt8(ascii: "!"): return try negation(byte)
        default:
            if let comparison = try comparison() { return .comparison(comparison) }
            let word = word()
            return switch word {
            case "OR": .or
            case "AND": .and
            case "NOT": .not
            default: .word(word)
            }
        }
    }

    private mutating func negation(_ byte: UInt8) throws(QueryMistake) -> QueryToken.Kind {
        guard let next = peek(1) else {
            let sign = String(UnicodeScalar(byte))
            throw QueryMistake(
                index,
                "'\(sign)' stands before what a line must not have, and nothing follows",
                remedy: "go on, or write \"\(sign)\" to find the sign itself"
            )
        }
        // A dash between words is a dash.
        if Self.isBlank(next) || next == UInt8(ascii: "=") || next == UInt8(ascii: ">") {
            return .word(word())
        }
        index += 1
        return .not
    }

    /// Up to a blank, or a bracket that was not opened inside.
    private mutating func word() -> String {
        let start = index
        var depth = 0
        while let byte = peek, !Self.isBlank(byte) {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") {
                guard depth > 0 else { break }
                depth -= 1
            }
            index += 1
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// A backslash takes a quote or a backslash with it; before anything else it is itself.
    private mutating func phrase() throws(QueryMistake) -> String {
        let start = index
        var text: [UInt8] = []
        index += 1
        while let byte = peek {
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let next = peek,
                next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
            {
                text.append(next)
                index += 1
            } else {
                text.append(byte)
            }
        }
        throw QueryMistake(start, "this quote is not closed", remedy: "close it with \"")
    }

    // MARK: - Regular expressions

    /// What stands between slashes, with `i` or `c` behind for either case or this one; nil for a
    /// path, whose slashes end no word.
    private mutating func regex() throws(QueryMistake) -> LogCondition.Pattern? {
        let start = index
        guard let end = closingSlash() else { return nil }
        let pattern = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
            .replacing(slash: "\\/")
        index = end + 1
        var ignoresCase = !Self.hasCapital(bytes[(start + 1)..<end])
        if let flag = peek, flag == UInt8(ascii: "i") || flag == UInt8(ascii: "c") {
            ignoresCase = flag == UInt8(ascii: "i")
            index += 1
        }
        guard !pattern.isEmpty else {
            throw QueryMistake(
                start,
                "this regular expression is empty",
                remedy: "write it between the slashes, or put them into quotes"
            )
        }
        if let fault = LineRegex.fault(in: pattern) {
            throw QueryMistake(
                start + 1 + fault.offset,
                "this regular expression is none: \(fault.words)",
                remedy: "correct it (PCRE2), or put it into quotes to find it as text"
            )
        }
        return LogCondition.Pattern(pattern, ignoresCase: ignoresCase)
    }

    /// The first one that is not escaped and ends its word.
    private func closingSlash() -> Int? {
        var place = index + 1
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "\\") {
                place += 2
                continue
            }
            if bytes[place] == UInt8(ascii: "/") {
                var next = place + 1
                if next < bytes.count,
                    bytes[next] == UInt8(ascii: "i") || bytes[next] == UInt8(ascii: "c")
                {
                    next += 1
                }
                if next == bytes.count || Self.isBlank(bytes[next])
                    || bytes[next] == UInt8(ascii: ")")
                {
                    return place
                }
            }
            place += 1
        }
        return nil
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        "|[](){}^$*?+\\".utf8.contains(byte)
    }

    /// Of the letters that stand for themselves: `\S` is no capital.
    private static func hasCapital(_ pattern: ArraySlice<UInt8>) -> Bool {
        var isEscaped = false
        for byte in pattern {
            if !isEscaped, (65...90).contains(byte) { return true }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        return false
    }

    // MARK: - Comparisons

    /// Nil where this is a word that only looks a bit like one: `FATAL:`, `http://x`, `a::b`.
    private mutating func comparison() throws(QueryMistake) -> QueryToken.Comparison? {
        guard let name = name(from: index), var (sign, next) = Self.sign(bytes, at: name.end) else {
            return nil
        }
        var (text, isField) = (name.text, false)
        if text == "field", sign == .equal, bytes[name.end] == UInt8(ascii: ":"),
            let inner = self.name(from: next),
            let (innerSign, behind) = Self.sign(bytes, at: inner.end)
        {
            (text, isField, sign, next) = (inner.text, true, innerSign, behind)
        }
        let isColon = bytes[next - 1] == UInt8(ascii: ":")
        let first = next < bytes.count ? bytes[next] : 32
        if isColon, first == UInt8(ascii: ":") || bytes[next...].starts(with: "//".utf8) {
            return nil
        }
        let isNothing = Self.isBlank(first) || first == UInt8(ascii: ")")
        // `user=` in the midst of typing, or as it stands in lines.
        let isSure = isField || QueryWords.all.contains(text) || ![.equal, .unequal].contains(sign)
        if isNothing, !isSure { return nil }
        index = next
        var comparison = QueryToken.Comparison(
            name: text,
            isField: isField,
            sign: sign,
            value: .none,
            valueOffset: next
        )
        if !isNothing { comparison.value = try value(first) }
        return comparison
    }

    private mutating func value(_ first: UInt8) throws(QueryMistake) -> QueryToken.Value {
        if first == UInt8(ascii: "\"") { return .phrase(try phrase()) }
        if first == UInt8(ascii: "/"), let regex = try regex() { return .regex(regex) }
        return .word(word())
    }

    /// Letters, digits, and `_ . @ -` between them.
    private func name(from start: Int) -> (text: String, end: Int)? {
        func isLetter(_ byte: UInt8) -> Bool {
            (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "@")
        }
        guard start < bytes.count, isLetter(bytes[start]) else { return nil }
        var end = start
        var place = start
        while place < bytes.count {
            let byte = bytes[place]
            if isLetter(byte) || byte &- 48 < 10 {
                end = place + 1
            } else if byte != UInt8(ascii: ".") && byte != UInt8(ascii: "-") {
                break
            }
            place += 1
        }
        return (String(decoding: bytes[start..<end], as: UTF8.self), end)
    }

    private static func sign(
        _ bytes: [UInt8],
        at index: Int
    ) -> (LogCondition.Comparison, next: Int)? {
        guard index < bytes.count else { return nil }
        let isEqual = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "=")
        switch bytes[index] {
        case UInt8(ascii: ":"): return (.equal, index + 1)
        case UInt8(ascii: "="): return (.equal, index + (isEqual ? 2 : 1))
        case UInt8(ascii: "!"): return isEqual ? (.unequal, index + 2) : nil
        case UInt8(ascii: "<"): return isEqual ? (.most, index + 2) : (.less, index + 1)
        case UInt8(ascii: ">"): return isEqual ? (.least, index + 2) : (.more, index + 1)
        default: return nil
        }
    }
}

extension String {
    /// A slash needs its backslash only because a slash would end the expression.
    fileprivate func replacing(slash escaped: String) -> String {
        var out: [UInt8] = []
        var isEscaped = false
        for byte in utf8 {
            if isEscaped, byte == UInt8(ascii: "/") { out.removeLast() }
            out.append(byte)
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        return String(decoding: out, as: UTF8.self)
    }
}
