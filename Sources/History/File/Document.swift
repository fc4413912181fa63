internal import Atlas
internal import FoundationEssentials

/// Values as JSON text: keys sorted, so that equal values are equal text.
enum Document {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ text: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return try decoder.decode(Value.self, from: Data(text.utf8))
    }
}

extension PicturePart {
    /// The part's value alone; with `kind` and `key` it says all.
    func document() throws -> String {
        switch self {
        case .clock(let value): try Document.encode(value)
        case .estate(let value): try Document.encode(value)
        case .places(let value): try Document.encode(value)
        case .resource(let value): try Document.encode(value)
        case .link(let value): try Document.encode(value)
        case .service(let value): try Document.encode(value)
        case .failover(let value): try Document.encode(value)
        case .findings(let value): try Document.encode(value)
        case .source(let value): try Document.encode(value)
        case .rates(let value): try Document.encode(value)
        case .marks(let value): try Document.encode(value)
        case .intake(let value): try Document.encode(value)
        }
    }

    init(kind: String, document: String) throws {
        self =
            switch kind {
            case "clock": .clock(try Document.decode(document))
            case "estate": .estate(try Document.decode(document))
            case "places": .places(try Document.decode(document))
            case "resource": .resource(try Document.decode(document))
            case "link": .link(try Document.decode(document))
            case "service": .service(try Document.decode(document))
            case "failover": .failover(try Document.decode(document))
            case "findings": .findings(try Document.decode(document))
            case "source": .source(try Document.decode(document))
            case "rates": .rates(try Document.decode(document))
            case "marks": .marks(try Document.decode(document))
            case "intake": .intake(try Document.decode(document))
            default: throw Document.unknown(kind)
            }
    }
}

extension InputEvent {
    /// Kind and value of an event that is kept as an observation; nil for lines.
    func document() throws -> (kind: String, text: String)? {
        switch self {
        case .lines: nil
        case .source(let value): ("source", try Document.encode(value))
        case .reply(let value): ("reply", try Document.encode(value))
        case .attempt(let value): ("attempt", try Document.encode(value))
        case .mark(let value): ("mark", try Document.encode(value))
        case .tick: ("tick", "null")
        }
    }

    init(kind: String, document: String) throws {
        self =
            switch kind {
            case "source": .source(try Document.decode(document))
            case "reply": .reply(try Document.decode(document))
            case "attempt": .attempt(try Document.decode(document))
            case "mark": .mark(try Document.decode(document))
            case "tick": .tick
            default: throw Document.unknown(kind)
            }
    }
}

extension Document {
    fileprivate static func unknown(_ kind: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: [], debugDescription: "'\(kind)' is no known kind"))
    }
}
