/// The members of a JSON object (RFC 8259) that stands in a line, one after the other.
///
///     { "key": value, "key": [nested], … }
///       └ next()       └ next()
///
/// One pass, no recursion. Objects and arrays inside are passed over by their quotes and brackets,
/// of which at most `depthLimit` may be open. Control characters inside strings, zeros in front of
/// numbers, and `NaN` and `Infinity` as Python writes them are let through; bytes need not be UTF-8.
struct JSONMembers {
    enum Step {
        case member
        /// The object is closed; `index` is behind it.
        case end
        /// The line ends inside of it, or this is no JSON.
        case broken
    }

    /// As many bits as remember which bracket is open.
    static let depthLimit = 128

    private(set) var index: Int
    private(set) var key = 0..<0
    private(set) var value = 0..<0
    private(set) var kind = Field.Kind.null
    /// What the key says.
    private(set) var role = KeyRole.other
    /// Of the next member among those of the object.
    private var ordinal = 0

    /// Nil when no object begins at `start`, blanks passed over.
    @inline(__always)
    init?(_ line: borrowing RawSpan, at start: Int) {
        index = Self.blanks(line, start)
        guard index < line.byteCount, line.byte(index) == 0x7B else { return nil }
        index &+= 1
    }

    /// Reads the next member into `key`, `role`, `value` (a string's without its quotes) and `kind`.
    ///
    /// `known` are the keys of the object that was read before.
    @inline(__always)
    mutating func next(_ line: borrowing RawSpan, _ known: inout KnownKeys) -> Step {
        let start = index
        if let found = known.find(ordinal, in: line, at: start, before: line.byteCount) {
            key = found.key
            role = found.role
            ordinal = found.ordinal &+ 1
            // There may be more of them than last time.
            index = Self.blanks(line, found.end)
            return readValue(line) ? .member : .broken
        }
        let step = readKey(line)
        guard step == .member else { return step }
        role = KeyRole(line, key)
        known.note(ordinal, line, start..<index, key: key, role)
        ordinal &+= 1
        return readValue(line) ? .member : .broken
    }

    /// Reads the next key, up to its value.
    private mutating func readKey(_ line: borrowing RawSpan) -> Step {
        index = Self.blanks(line, index)
        guard index < line.byteCount else { return .broken }
        if line.byte(index) == 0x7D {
            index &+= 1
            return .end
        }
        if ordinal > 0 {
            guard line.byte(index) == 0x2C else { return .broken }
            index = Self.blanks(line, index &+ 1)
        }
        guard index < line.byteCount, line.byte(index) == 0x22 else { return .broken }
        let keyEnd = Self.quote(line, from: index &+ 1)
        guard keyEnd < line.byteCount else { return .broken }
        key = Range(uncheckedBounds: (index &+ 1, keyEnd))
        index = Self.blanks(line, keyEnd &+ 1)
        guard index < line.byteCount, line.byte(index) == 0x3A else { return .broken }
        index = Self.blanks(line, index &+ 1)
        return .member
    }

    @inline(__always)
    private static func blanks(_ line: borrowing RawSpan, _ start: Int) -> Int {
        var index = start
        while index < line.byteCount, line.byte(index) <= 0x20, isBlank(line.byte(index)) {
            index &+= 1
        }
        return index
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// Where the quote is that closes a string; `byteCount` or more where none is.
    ///
    /// Eight bytes at a time: most strings are short, and end in the first or second of these steps.
    @inline(__always)
    private static func quote(_ line: borrowing RawSpan, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = start
        while index < line.byteCount {
            // Zeros behind the line are neither.
            let word = line.word(at: index)
            let quote = word ^ 0x2222_2222_2222_2222
            let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
            let found =
                ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash)
                & 0x8080_8080_8080_8080
            guard found != 0 else {
                index &+= 8
                continue
            }
            index &+= found.trailingZeroBitCount &>> 3
            if line.byte(index) == 0x22 { return index }
            index &+= 2
        }
        return index
    }

    @inline(__always)
    private mutating func readValue(_ line: borrowing RawSpan) -> Bool {
        guard index < line.byteCount else { return false }
        let first = line.byte(index)
        if first == 0x22 {
            let end = Self.quote(line, from: index &+ 1)
            guard end < line.byteCount else { return false }
            value = Range(uncheckedBounds: (index &+ 1, end))
            kind = .json
            index = end &+ 1
            return true
        }
        if first &- 48 < 10 || first == 0x2D { return readNumber(line) }
        let word = line.word(at: index)
        if word & 0xFF_FFFF_FFFF == 0x65_736C_6166 { return take(5, .false) }  // false
        if word & 0xFFFF_FFFF == 0x6575_7274 { return take(4, .true) }  // true
        return readOther(line, first)
    }

    @inline(__always)
    private mutating func take(_ count: Int, _ kind: Field.Kind) -> Bool {
        value = Range(uncheckedBounds: (index, index &+ count))
        self.kind = kind
        index &+= count
        return true
    }

    @inline(__always)
    private mutating func readNumber(_ line: borrowing RawSpan) -> Bool {
        let start = index
        var next = line.has("-", at: start) ? start &+ 1 : start
        var end = line.endOfDigits(from: next)
        guard end > next else {
            index = next
            return readWord(line, "Infinity", .text, from: start)
        }
        if line.has(".", at: end) {
            next = end &+ 1
            end = line.endOfDigits(from: next)
            guard end > next else { return false }
        }
        if end < line.byteCount, line.byte(end) | 0x20 == 0x65 {
            next = end &+ 1
            if line.has("+", at: next) || line.has("-", at: next) { next &+= 1 }
            end = line.endOfDigits(from: next)
            guard end > next else { return false }
        }
        value = start..<end
        kind = .number
        index = end
        return true
    }

    private mutating func readOther(_ line: borrowing RawSpan, _ first: UInt8) -> Bool {
        switch first {
        case 0x7B, 0x5B: readNested(line)
        case 0x6E: readWord(line, "null", .null, from: index)
        case 0x4E: readWord(line, "NaN", .text, from: index)
        case 0x49: readWord(line, "Infinity", .text, from: index)
        default: false
        }
    }

    private mutating func readWord(
        _ line: borrowing RawSpan,
        _ word: StaticString,
        _ kind: Field.Kind,
        from start: Int
    ) -> Bool {
        guard line.hasPrefix(word, at: index) else { return false }
        index += word.utf8CodeUnitCount
        value = start..<index
        self.kind = kind
        return true
    }

    private mutating func readNested(_ line: borrowing RawSpan) -> Bool {
        let start = index
        // The lowest bit is the innermost bracket: 1 for an array.
        var open: UInt128 = 0
        var depth = 0
        while index < line.byteCount {
            let byte = line.byte(index)
            switch byte {
            case 0x22:
                index = Self.quote(line, from: index &+ 1)
                guard index < line.byteCount else { return false }
            case 0x7B, 0x5B:
                guard depth < Self.depthLimit else { return false }
                depth &+= 1
                open = open << 1 | (byte == 0x5B ? 1 : 0)
            case 0x7D, 0x5D:
                guard open & 1 == (byte == 0x5D ? 1 : 0) else { return false }
                depth &-= 1
                open >>= 1
            default: break
            }
            index &+= 1
            if depth == 0 {
                value = start..<index
                kind = .nested
                return true
            }
        }
        return false
    }
}
