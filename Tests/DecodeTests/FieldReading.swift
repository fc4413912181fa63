import Atlas

@testable import Decode

/// A line as a format reads it, in words that a test can compare.
struct FieldReading {
    let parsed: ParsedLine
    /// `name=value`; `name=` and the kind in angle brackets where it is neither text nor a number.
    let fields: [String]
    let message: String

    init(_ format: any LogFormat, _ text: String) {
        self.init(format, Array(text.utf8))
    }

    init(_ format: any LogFormat, _ bytes: [UInt8]) {
        var list = FieldList()
        let line = bytes.span.bytes
        parsed = format.parse(line, into: &list)
        message = String(decoding: bytes[parsed.messageStart...], as: UTF8.self)
        fields = (0..<list.count).map { index in
            let field = list[index]
            let name =
                switch field.name {
                case .known(let known): known.text
                case .written(let place): String(decoding: bytes[place.range], as: UTF8.self)
                case .own(let index): format.fieldNames[Int(index)]
                }
            let value = String(decoding: bytes[field.value.range], as: UTF8.self)
            switch field.kind {
            case .text, .number: return "\(name)=\(value)"
            default: return "\(name)=<\(field.kind)>\(value)"
            }
        }
    }

    /// True when everything that was read is inside of the line.
    static func isInside(_ format: any LogFormat, _ bytes: [UInt8]) -> Bool {
        var list = FieldList()
        let parsed = format.parse(bytes.span.bytes, into: &list)
        guard (0...bytes.count).contains(parsed.messageStart) else { return false }
        let line = 0...bytes.count
        return (0..<list.count).allSatisfy { index in
            let field = list[index]
            guard line.contains(field.value.range.upperBound) else { return false }
            guard case .written(let place) = field.name else { return true }
            return line.contains(place.range.upperBound)
        }
    }
}
