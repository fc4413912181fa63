/// The fields of one line as rules leave them: some renamed, some new.
///
/// Made once and filled by line after line.
package struct RuledFields: Sendable {
    /// Where the text of a value is.
    enum Value: Hashable, Sendable {
        case line(Range<Int>)
        /// Where it is written in the line with escapes, here without them.
        case scratch(Range<Int>)
        /// Of a rule.
        case constant([UInt8])
    }

    struct Found: Hashable, Sendable {
        var value: Value
        var kind: Field.Kind
    }

    private struct Derived: Sendable {
        var name: Int
        var found: Found
    }

    private struct Renamed: Sendable {
        /// Index into the field list.
        var field: Int
        var name: Int
    }

    private var derived: [Derived] = []
    private var renamed: [Renamed] = []
    private var scratch: [UInt8] = []

    package init() {}

    package mutating func removeAll() {
        derived.removeAll(keepingCapacity: true)
        renamed.removeAll(keepingCapacity: true)
        scratch.removeAll(keepingCapacity: true)
    }

    mutating func derive(_ name: FieldName, _ found: Found) {
        derived.removeAll { $0.name == name.id }
        derived.append(Derived(name: name.id, found: found))
    }

    /// False when the line has no such field.
    mutating func rename(
        _ from: FieldName,
        to new: FieldName,
        _ fields: borrowing FieldList,
        _ line: RawSpan
    ) -> Bool {
        if let index = derived.firstIndex(where: { $0.name == from.id }) {
            derived[index].name = new.id
            return true
        }
        guard let field = index(of: from, fields, line) else { return false }
        renamed.removeAll { $0.field == field }
        renamed.append(Renamed(field: field, name: new.id))
        return true
    }

    /// The newest field of a name; nil when there is none.
    mutating func find(
        _ name: FieldName,
        _ fields: borrowing FieldList,
        _ line: RawSpan,
        messageStart: Int
    ) -> Found? {
        if let derived = derived.first(where: { $0.name == name.id }) { return derived.found }
        if let index = index(of: name, fields, line) {
            return text(of: fields[index], line)
        }
        if name.isMessage {
            let start = min(messageStart, line.byteCount)
            return Found(value: .line(start..<line.byteCount), kind: .text)
        }
        return name.isLine ? Found(value: .line(0..<line.byteCount), kind: .text) : nil
    }

    private func index(
        of name: FieldName,
        _ fields: borrowing FieldList,
        _ line: RawSpan
    ) -> Int? {
        if let renamed = renamed.last(where: { $0.name == name.id }) { return renamed.field }
        for index in 0..<fields.count where name.isName(fields[index].name, in: line) {
            if !renamed.contains(where: { $0.field == index }) { return index }
        }
        return nil
    }

    private mutating func text(of field: Field, _ line: RawSpan) -> Found {
        guard !FieldText.isWritten(field, in: line) else {
            return Found(value: .line(field.value.range), kind: field.kind)
        }
        let start = scratch.count
        FieldText.append(field, of: line, to: &scratch)
        return Found(value: .scratch(start..<scratch.count), kind: .text)
    }

    func withBytes<Result>(
        of value: Value,
        _ line: RawSpan,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        switch value {
        case .line(let range):
            line.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        case .scratch(let range):
            scratch.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        case .constant(let bytes): bytes.withUnsafeBytes(body)
        }
    }

    /// Part of a value, as a value.
    func part(_ range: Range<Int>, of value: Value) -> Value {
        switch value {
        case .line(let whole):
            .line(whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound)
        case .scratch(let whole):
            .scratch(whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound)
        case .constant(let bytes): .constant(Array(bytes[range]))
        }
    }

    // MARK: for reports

    /// The name that a rule gave to field `index` of the list; nil where none did.
    func newName(ofField index: Int) -> Int? { renamed.last { $0.field == index }?.name }

    /// The new fields: ids of their names, and what they hold.
    var new: [(name: Int, found: Found)] { derived.map { ($0.name, $0.found) } }
}
