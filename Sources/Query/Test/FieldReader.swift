internal import Decode

/// Reads one field out of the lines of one source, as a condition about it would.
package struct FieldReader: Sendable {
    private let key: FieldKey
    private let format: any LogFormat

    package init(_ field: String, of source: SourceFacts) {
        format = source.format
        key = FieldKey(field).bound(to: source.format)
    }

    /// Hands over the field's value, without escapes; false when the line has none.
    ///
    /// `isTested` says that a test of the same source has just seen the line with this scratch.
    package func read(
        _ line: TestedLine,
        isTested: Bool,
        _ scratch: LineScratch,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        if !isTested { scratch.begin() }
        return scratch.value(of: key, in: line, format) { value in
            body(value)
            return true
        } ?? false
    }
}
