/// Reads RFC 8259 strictly, front to back, from UTF-8 that is known to be valid.
struct JSONReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func whole() throws(JSON.Problem) -> JSON {
        let value = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw .unexpected(at: index) }
        return value
    }

    private mutating func value(depth: Int) throws(JSON.Problem) -> JSON {
        skipBlanks()
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw .unexpected(at: index)
        }
    }

    private mutating func object(depth: Int) throws(JSON.Problem) -> JSON {
        guard depth <= JSON.depthLimit else { throw .tooDeep }
        index += 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        if try take("}") { return .object([]) }
        repeat {
            skipBlanks()
            guard try peek() == UInt8(ascii: "\"") else { throw .unexpected(at: index) }
            let name = try string()
            guard try take(":") else { throw .unexpected(at: index) }
            let value = try value(depth: depth)
            guard names.insert(name).inserted else { throw .twice(name) }
            members.append(JSON.Member(name: name, value: value))
        } while try take(",")
        guard try take("}") else { throw .unexpected(at: index) }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSON.Problem) -> JSON {
        guard depth <= JSON.depthLimit else { throw .tooDeep }
        index += 1
        var values: [JSON] = []
        if try take("]") { return .array([]) }
        repeat { values.append(try value(depth: depth)) } while try take(",")
        guard try take("]") else { throw .unexpected(at: index) }
        return .array(values)
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSON.Problem) -> JSON {
        for position in 0..<word.utf8CodeUnitCount {
            guard try peek() == word.utf8Start[position] else { throw .unexpected(at: index) }
            index += 1
        }
        return value
    }

    /// `-`? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
    private mutating func number() throws(JSON.Problem) -> Double {
        let start = index
        _ = skip("-")
        let isZero = skip("0")
        guard isZero || digits() else { throw .badNumber(at: start) }
        if skip(".") {
            guard digits() else { throw .badNumber(at: start) }
        }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            guard digits() else { throw .badNumber(at: start) }
        }
        guard let value = Double(finite: String(decoding: bytes[start..<index], as: UTF8.self))
        else { throw .badNumber(at: start) }
        return value
    }

    private mutating func string() throws(JSON.Problem) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while true {
            let byte = try peek()
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = try escape() else { throw .badString(at: start) }
                text += Array(String(scalar).utf8)
            case 0..<0x20: throw .badString(at: start)
            default: text.append(byte)
            }
        }
    }

    /// What stands after a backslash; nil for what JSON does not know, and for half a pair.
    private mutating func escape() throws(JSON.Problem) -> Unicode.Scalar? {
        let byte = try peek()
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: return nil
        }
        guard let first = try unit() else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard skip("\\"), skip("u"), let second = try unit(), UTF16.isTrailSurrogate(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF))
    }

    private mutating func unit() throws(JSON.Problem) -> UInt16? {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue else {
                return nil
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }

    private func peek() throws(JSON.Problem) -> UInt8 {
        guard index < bytes.count else { throw .endsEarly }
        return bytes[index]
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, UInt32(bytes[index]) == character.value else { return false }
        index += 1
        return true
    }

    /// Passes over one character and the blanks before it, when it is next.
    private mutating func take(_ character: Unicode.Scalar) throws(JSON.Problem) -> Bool {
        skipBlanks()
        _ = try peek()
        return skip(character)
    }

    private mutating func digits() -> Bool {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        return index > start
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }
}
