/// A name that rules use for a field, ready to be found in lines of one format.
struct FieldName: Hashable, Sendable {
    /// Among the names of all rules of a source.
    let id: Int
    private let bytes: [UInt8]
    private let known: KnownField?
    private let own: UInt8?
    let isMessage: Bool
    let isLine: Bool

    init(_ name: String, id: Int, format: any LogFormat) {
        self.id = id
        bytes = Array(name.utf8)
        known = KnownField(text: name)
        own = format.fieldNames.firstIndex(of: name).map { UInt8($0) }
        isMessage = name == "message"
        isLine = name == "line"
    }

    func isName(_ name: Field.Name, in line: RawSpan) -> Bool {
        switch name {
        case .known(let field): return field == known
        case .own(let index): return index == own
        case .written(let place):
            guard place.count == bytes.count else { return false }
            let start = Int(place.start)
            for index in bytes.indices where line.byte(start + index) != bytes[index] {
                return false
            }
            return true
        }
    }
}

/// The names that the rules of a source use, each once.
struct FieldNames: Sendable {
    private(set) var list: [String] = []
    private let format: any LogFormat

    init(format: any LogFormat) {
        self.format = format
    }

    mutating func name(_ text: String) -> FieldName {
        let known = list.firstIndex(of: text)
        if known == nil { list.append(text) }
        return FieldName(text, id: known ?? list.count - 1, format: format)
    }
}
