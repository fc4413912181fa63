package import Atlas

/// An entry of the systemd journal as it is kept, made from a record in the export format.
///
///     __REALTIME_TIMESTAMP=… LF │ NAME=value LF … │ NAME LF length value LF … │ MESSAGE=value
///
/// All fields, in their order, but: those of text come before those of any bytes, and MESSAGE is the
/// last one and runs to the end, so that nothing in it is taken for a field, also where a secret in
/// it was hidden. Of the fields with two underscores, which are the address of an entry and none of
/// its own (systemd.journal-fields(7)), only the time of its reception is left; the cursor is the
/// position. Docs/formats-and-packs.md, `journal-export`.
package struct JournalEntry {
    /// Where the journal is read up to with it; nil where the record tells none.
    private(set) var cursor: String?
    private var time: ArraySlice<UInt8> = []
    private var texts: [UInt8] = []
    private var others: [UInt8] = []
    private var message: ArraySlice<UInt8>?

    /// Takes a record as `JournalExportFramer` gives it out.
    package init(_ record: ArraySlice<UInt8>) {
        var rest = record
        while let field = Self.nextField(of: &rest) { take(field) }
    }

    private struct ExportField {
        var name: ArraySlice<UInt8>
        var value: ArraySlice<UInt8>
        /// With its name, without the LF behind it.
        var whole: ArraySlice<UInt8>
        var isText: Bool
    }

    /// Nil at the end, and where the record is broken off.
    private static func nextField(of rest: inout ArraySlice<UInt8>) -> ExportField? {
        guard let mark = rest.firstIndex(where: { $0 == 0x3D || $0 == 0x0A }) else { return nil }
        let name = rest[..<mark]
        let isText = rest[mark] == 0x3D
        var start = mark + 1
        var end = rest.endIndex
        if isText {
            end = rest[start...].firstIndex(of: 0x0A) ?? end
        } else {
            guard rest.count - (start - rest.startIndex) >= 8 else { return nil }
            let length = rest[start..<(start + 8)].reversed().reduce(UInt64(0)) {
                $0 << 8 | UInt64($1)
            }
            start += 8
            guard length <= UInt64(rest.endIndex - start) else { return nil }
            end = start + Int(length)
        }
        let field = ExportField(
            name: name,
            value: rest[start..<end],
            whole: rest[..<end],
            isText: isText
        )
        rest = rest[end...].dropFirst()
        return field
    }

    private mutating func take(_ field: ExportField) {
        if field.name.starts(with: "__".utf8) {
            if field.name.elementsEqual("__CURSOR".utf8) {
                cursor = String(validating: field.value, as: UTF8.self)
            } else if field.name.elementsEqual("__REALTIME_TIMESTAMP".utf8) {
                time = field.whole
            }
        } else if field.name.elementsEqual("MESSAGE".utf8), message == nil {
            message = field.value
        } else if field.isText {
            texts += field.whole + [0x0A]
        } else {
            others += field.whole + [0x0A]
        }
    }

    /// Adds it as a line.
    package func append(to batch: inout LineBatch) {
        let start = batch.bytes.count
        if !time.isEmpty { batch.bytes += time + [0x0A] }
        batch.bytes += texts
        batch.bytes += others
        if let message {
            batch.bytes += "MESSAGE=".utf8
            batch.bytes += message
        } else if batch.bytes.count > start {
            batch.bytes.removeLast()
        }
        batch.ends.append(UInt32(batch.bytes.count))
    }
}
