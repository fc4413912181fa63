import Atlas

@testable import Decode

/// One line read, and what of it tests look at.
struct ParsedText {
    let bytes: [UInt8]
    let parsed: ParsedLine
    /// `name=value` with the value's text, in order; a kind that is not text behind a colon.
    let fields: [String]

    init(_ format: some LogFormat, _ text: String) {
        self.init(format, Array(text.utf8))
    }

    init(_ format: some LogFormat, _ bytes: [UInt8]) {
        self.bytes = bytes
        var list = FieldList()
        parsed = format.parse(bytes.span.bytes, into: &list)
        var fields: [String] = []
        for index in 0..<list.count {
            let field = list[index]
            var value: [UInt8] = []
            FieldText.append(field, of: bytes.span.bytes, to: &value)
            let name =
                switch field.name {
                case .known(let known): known.text
                case .written(let place): String(decoding: bytes[place.range], as: UTF8.self)
                case .own(let index): format.fieldNames[Int(index)]
                }
            let kind =
                [.text, .json, .backslashed, .doubled].contains(field.kind) ? "" : ":\(field.kind)"
            fields.append("\(name)=\(String(decoding: value, as: UTF8.self))\(kind)")
        }
        self.fields = fields
    }

    var shape: ParsedLine.Shape { parsed.shape }
    var level: Level? { parsed.level }
    /// Nil for none and for one whose zone or year is to be found out.
    var time: String? {
        guard case .exact(let instant) = parsed.time else { return nil }
        return instant.description
    }
    /// As people read it.
    var message: String {
        var text: [UInt8] = []
        let place = parsed.message(upTo: bytes.count)
        FieldText.append(place, parsed.messageKind, of: bytes.span.bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
