/// Members of one JSON object (RFC 8259), read strictly and in order.
///
///     object → member, … → rest of the line: blanks only
struct JSONMemberReader {
    enum Value: Equatable {
        /// Without its escapes; always UTF-8.
        case text([UInt8])
        case integer(Int64)
        case null
        /// An object, an array, a truth value or another number; it is well-formed.
        case other
    }

    private static let deepest = 64

    private let bytes: UnsafeRawBufferPointer
    /// Where the reading stands: of a mistake.
    private(set) var place = 0
    private var isFirst = true
    private var isBroken = false

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// False when it does not begin like an object.
    mutating func begin() -> Bool { skip(0x7B) }

    /// The next member; nil at the end of the object, or where it is broken (`isWhole` tells).
    mutating func next() -> (name: [UInt8], value: Value)? {
        if isFirst ? peek() == 0x7D : !skip(0x2C) { return nil }
        isFirst = false
        guard peek() == 0x22, let name = string(), skip(0x3A), let value = value(depth: 0) else {
            isBroken = true
            return nil
        }
        return (name, value)
    }

    /// True when the object has ended, and the line with it; asked once `next` gave nil.
    mutating func isWhole() -> Bool {
        guard !isBroken, skip(0x7D) else { return false }
        return peek() == nil
    }

    // MARK: - Parts

    /// The next byte that is no blank; nil at the end.
    private mutating func peek() -> UInt8? {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return bytes[place]
            }
        }
        return nil
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) -> Value? {
        guard depth < Self.deepest, let first = peek() else { return nil }
        switch first {
        case 0x22: return string().map { .text($0) }
        case 0x7B:
            return nested(0x7D, depth) { $0.peek() == 0x22 && $0.string() != nil && $0.skip(0x3A) }
        case 0x5B: return nested(0x5D, depth) { _ in true }
        case 0x74: return word("true") ? .other : nil
        case 0x66: return word("false") ? .other : nil
        case 0x6E: return word("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func nested(
        _ end: UInt8,
        _ depth: Int,
        _ head: (inout Self) -> Bool
    ) -> Value? {
        place += 1
        if skip(end) { return .other }
        repeat {
            guard head(&self), value(depth: depth + 1) != nil else { return nil }
        } while skip(0x2C)
        return skip(end) ? .other : nil
    }

    private mutating func word(_ word: String) -> Bool {
        for byte in word.utf8 {
            guard place < bytes.count, bytes[place] == byte else { return false }
            place += 1
        }
        return true
    }

    /// RFC 8259 section 6.
    private mutating func number() -> Value? {
        let start = place
        var isInteger = true
        if place < bytes.count, bytes[place] == 0x2D { place += 1 }
        let first = place
        guard digits() else { return nil }
        if bytes[first] == 0x30, place > first + 1 { return nil }
        if place < bytes.count, bytes[place] == 0x2E {
            isInteger = false
            place += 1
            guard digits() else { return nil }
        }
        if place < bytes.count, bytes[place] | 0x20 == 0x65 {
            isInteger = false
            place += 1
            if place < bytes.count, bytes[place] == 0x2B || bytes[place] == 0x2D { place += 1 }
            guard digits() else { return nil }
        }
        guard isInteger else { return .other }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        return Int64(text).map { .integer($0) } ?? .other
    }

    private mutating func digits() -> Bool {
        let start = place
        while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
        return place > start
    }

    /// From the quote that opens it; nil when it does not end, or is no text.
    private mutating func string() -> [UInt8]? {
        place += 1
        var text: [UInt8] = []
        var start = place
        var isASCII = true
        while place < bytes.count {
            switch bytes[place] {
            case 0x22:
                text.append(contentsOf: bytes[start..<place])
                place += 1
                return isASCII || String(validating: text, as: UTF8.self) != nil ? text : nil
            case 0x5C:
                text.append(contentsOf: bytes[start..<place])
                place += 1
                guard let scalar = escape() else { return nil }
                text.append(contentsOf: String(Character(scalar)).utf8)
                start = place
            case 0..<0x20: return nil
            default:
                if bytes[place] >= 0x80 { isASCII = false }
                place += 1
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard place < bytes.count else { return nil }
        let sign = bytes[place]
        place += 1
        switch sign {
        case 0x22, 0x5C, 0x2F: return Unicode.Scalar(sign)
        case 0x62: return "\u{08}"
        case 0x66: return "\u{0C}"
        case 0x6E: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75: return unicode()
        default: return nil
        }
    }

    private mutating func unicode() -> Unicode.Scalar? {
        guard let unit = hex() else { return nil }
        guard (0xD800...0xDBFF).contains(unit) else { return Unicode.Scalar(unit) }
        guard place + 1 < bytes.count, bytes[place] == 0x5C, bytes[place + 1] == 0x75 else {
            return nil
        }
        place += 2
        guard let low = hex(), (0xDC00...0xDFFF).contains(low) else { return nil }
        return Unicode.Scalar(0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    }

    private mutating func hex() -> UInt32? {
        guard place + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[place..<place + 4] {
            switch byte {
            case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: unit = unit << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: unit = unit << 4 | UInt32(byte - 0x61 + 10)
            default: return nil
            }
        }
        place += 4
        return unit
    }
}
