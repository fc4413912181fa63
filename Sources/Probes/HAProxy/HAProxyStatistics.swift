/// HAProxy's statistics in CSV: a line of names that begins with `# pxname`, then rows.
///
/// A text with a comma, a quote or a line end in it is quoted, and quotes in it are doubled
/// (RFC 4180). Columns come and go with versions, so they are found by their names.
struct HAProxyStatistics {
    struct Row {
        enum Kind: String {
            case frontend = "0"
            case backend = "1"
            case server = "2"
        }

        fileprivate let columns: [String: Int]
        fileprivate let fields: [String]

        /// Empty where there is no such column.
        subscript(name: String) -> String { columns[name].map { fields[$0] } ?? "" }

        /// Nil for a listener of a frontend.
        var kind: Kind? { Kind(rawValue: self["type"]) }

        func number(_ name: String) -> Double? { Double(finite: self[name]) }
    }

    /// In their order; those that are not whole are left out.
    let rows: [Row]
    /// It ends inside of a row.
    let isCut: Bool

    /// Nil for a text without a line of names.
    init?(_ text: String) {
        var (records, rest) = Self.records(Array(text.utf8))
        guard let head = records.firstIndex(where: { $0.first == "# pxname" }) else { return nil }
        var names = records[head]
        names[0] = "pxname"
        records.removeFirst(head + 1)
        // Rows end with a comma, as the line of names does.
        let columns = Dictionary(
            names.indices.lazy.map { (names[$0], $0) },
            uniquingKeysWith: { first, _ in first }
        )
        rows = records.compactMap { record in
            record.count >= names.count ? Row(columns: columns, fields: record) : nil
        }
        isCut = !rest.isEmpty
    }

    /// The fields of each line that is whole, and those of the one that is not.
    private static func records(_ bytes: [UInt8]) -> ([[String]], rest: [String]) {
        let (comma, quote, lineEnd) = (UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"))
        var records: [[String]] = []
        var record: [String] = []
        var start = 0
        var index = 0
        var isQuoted = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == quote {
                isQuoted.toggle()
            } else if !isQuoted, byte == comma || byte == lineEnd {
                record.append(text(bytes[start..<index]))
                start = index + 1
                if byte == lineEnd {
                    records.append(record)
                    record = []
                }
            }
            index += 1
        }
        return (records, start == bytes.count ? record : record + [text(bytes[start...])])
    }

    /// A field without its quotes; of two quotes one is meant.
    private static func text(_ field: ArraySlice<UInt8>) -> String {
        let quote = UInt8(ascii: "\"")
        let field = field.last == UInt8(ascii: "\r") ? field.dropLast() : field
        guard field.first == quote else { return String(decoding: field, as: UTF8.self) }
        var bytes: [UInt8] = []
        var wasQuote = false
        for byte in field.dropFirst() {
            wasQuote = byte == quote && !wasQuote
            if !wasQuote { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
