/// Rows of text in columns, two blanks apart, indented by two; the last column is not padded.
struct TextTable {
    private var rows: [[String]]

    /// - Parameter head: names of the columns.
    init(_ head: [String]) {
        rows = [head]
    }

    mutating func add(_ row: [String]) {
        rows.append(row.map(Explain.printable))
    }

    /// Head and rows.
    var text: String { draw(rows) }
    /// Rows alone.
    var body: String { draw(Array(rows.dropFirst())) }

    private func draw(_ shown: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            shown.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return shown.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += "  " + cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }
        .joined()
    }
}
