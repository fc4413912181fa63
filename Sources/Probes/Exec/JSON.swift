/// A JSON value (RFC 8259).
enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// Always finite.
    case number(Double)
    case string(String)
    case array([JSON])
    case object([Member])

    /// Names are unique in their object.
    struct Member: Hashable, Sendable {
        var name: String
        var value: JSON
    }

    /// Arrays and objects in each other, at most.
    static let depthLimit = 32
    /// Of a text, in bytes.
    static let sizeLimit = 65_536

    /// Why a text is no JSON, or none that is taken here.
    enum Problem: Error, Hashable {
        case tooLong
        case tooDeep
        /// What stands there does not belong there; an offset in bytes.
        case unexpected(at: Int)
        case endsEarly
        case badString(at: Int)
        case badNumber(at: Int)
        case twice(String)

        var words: String {
            switch self {
            case .tooLong: "it is longer than \(JSON.sizeLimit) bytes"
            case .tooDeep: "it is nested more than \(JSON.depthLimit) deep"
            case .unexpected(let offset): "byte \(offset + 1) does not belong there"
            case .endsEarly: "it ends too early"
            case .badString(let offset): "the text at byte \(offset + 1) is no JSON string"
            case .badNumber(let offset):
                "the number at byte \(offset + 1) is none of JSON's, or too large"
            case .twice(let name): "it has '\(name.shortened(toBytes: 80))' twice"
            }
        }
    }

    /// One whole value, blanks around it allowed.
    init(_ text: some StringProtocol) throws(Problem) {
        guard text.utf8.count <= Self.sizeLimit else { throw .tooLong }
        var reader = JSONReader(Array(text.utf8))
        self = try reader.whole()
    }
}
