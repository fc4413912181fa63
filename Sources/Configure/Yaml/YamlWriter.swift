/// Writes the YAML that YamlText reads back unchanged: block maps, flow lists and flow maps.
struct YamlWriter {
    private(set) var text = ""

    mutating func line(_ line: String, depth: Int = 0) {
        text += String(repeating: "  ", count: depth) + line + "\n"
    }

    mutating func line(_ key: String, _ value: String, depth: Int) {
        line("\(Self.scalar(key)): \(Self.scalar(value))", depth: depth)
    }

    /// `{a: b, c: d}`; pairs without a value are left out, values are texts.
    static func map(_ pairs: [(String, String?)]) -> String {
        let written = pairs.compactMap { key, value in
            value.map { "\(scalar(key)): \(scalar($0))" }
        }
        return "{\(written.joined(separator: ", "))}"
    }

    static func list(_ items: [String]) -> String {
        "[\(items.map(scalar).joined(separator: ", "))]"
    }

    /// A text as a scalar that is read back as exactly this text, in block and in flow context.
    static func scalar(_ text: String) -> String {
        isSafePlain(text) ? text : quoted(text)
    }

    private static func isSafePlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, text.unicodeScalars.count <= 128,
            first.isASCII,
            first.properties.isAlphabetic || ("0"..."9").contains(first)
                || first == "/",
            !["null", "Null", "NULL"].contains(text), !text.hasSuffix(" ")
        else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || ["_", "-", ".", "/", " "].contains(scalar)
        }
    }

    /// YAML 1.2.2 section 7.3.1, double-quoted style, on one line.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x09: result += "\\t"
            case 0x20...0x7E: result.unicodeScalars.append(scalar)
            case 0xA0...0xD7FF where scalar.value != 0x2028 && scalar.value != 0x2029,
                0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0xEFFFF:
                result.unicodeScalars.append(scalar)
            case 0x10000...: result += escape("U", scalar, 8)
            case 0x100...: result += escape("u", scalar, 4)
            default: result += escape("x", scalar, 2)
            }
        }
        return result + "\""
    }

    private static func escape(_ kind: String, _ scalar: Unicode.Scalar, _ width: Int) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\\(kind)" + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
