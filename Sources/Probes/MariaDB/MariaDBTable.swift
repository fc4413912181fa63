/// A table as the client prints it in a batch: names, then rows, parted by tabs; a tab or a line
/// end inside a value is written as `\t`, `\n`.
struct MariaDBTable {
    struct Row {
        fileprivate let values: [String: Substring]

        subscript(name: String) -> Substring? { values[name] }
    }

    private(set) var rows: [Row] = []

    /// The tables by the first of their names; other lines before them are passed over.
    ///
    /// Nil when a row has another number of values than there are names.
    static func tables(in reply: String, beginning names: [String]) -> [String: MariaDBTable]? {
        var tables: [String: MariaDBTable] = [:]
        var current: (name: String, columns: [String])?
        for line in reply.utf8.split(separator: 10) {
            let fields = line.split(separator: 9, omittingEmptySubsequences: false)
                .map { Substring($0) }
            let first = String(fields[0])
            if fields.count > 1, names.contains(first), tables[first] == nil {
                tables[first] = MariaDBTable()
                current = (first, fields.map(String.init))
            } else if let (name, columns) = current {
                guard fields.count == columns.count else { return nil }
                let values = Dictionary(zip(columns, fields)) { first, _ in first }
                tables[name]?.rows.append(Row(values: values))
            }
        }
        return tables
    }
}
