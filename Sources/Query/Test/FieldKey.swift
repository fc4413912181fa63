internal import Atlas
internal import Decode

/// A name that a query uses for a field.
struct FieldKey: Sendable {
    let text: String
    let name: [UInt8]
    let known: KnownField?
    /// In the names of the format that is read.
    private(set) var own: UInt8?
    /// Parts of a name such as `http.status`, for objects inside objects.
    let dots: [Int]
    /// The name somewhere in a message, where it may be a key.
    let finder: LiteralFinder
    var isMessage: Bool { text == QueryWords.message }
    var isLine: Bool { text == QueryWords.line }
    var isTemplate: Bool { text == QueryWords.template }
    /// Its value need not stand in the line (`Field.Kind`).
    var isComputed: Bool { known == .facility || known == .severity }

    init(_ text: String) {
        self.text = text
        name = Array(text.utf8)
        known = KnownField(text: text)
        let name = name
        dots = name.indices.filter { name[$0] == UInt8(ascii: ".") }
        finder = LiteralFinder(text, ignoresCase: false)
    }

    func bound(to format: any LogFormat) -> FieldKey {
        var key = self
        key.own = format.fieldNames.firstIndex(of: text).map { UInt8(clamping: $0) }
        return key
    }

    /// The first field of this name; nil when there is none, or none with a value.
    func find(_ fields: borrowing FieldList, in line: RawSpan) -> Field? {
        for index in 0..<fields.count where isName(fields[index].name, in: line) {
            return fields[index].kind == .null ? nil : fields[index]
        }
        return nil
    }

    private func isName(_ name: Field.Name, in line: RawSpan) -> Bool {
        switch name {
        case .known(let field): field == known
        case .own(let index): index == own
        case .written(let place): Self.isWritten(self.name[...], at: place, in: line)
        }
    }

    static func isWritten(
        _ name: ArraySlice<UInt8>,
        at place: Field.Place,
        in line: RawSpan
    ) -> Bool {
        guard Int(place.count) == name.count else { return false }
        let start = Int(place.start)
        guard start + name.count <= line.byteCount else { return false }
        for (offset, byte) in name.enumerated() where line.byte(start + offset) != byte {
            return false
        }
        return true
    }
}
