import Atlas
import Canvas

/// The files of a source: those furthest behind, or those that were read last.
struct SourceFilesPanel: Panel {
    let scene: Scene
    let rank: Int
    let source: SourceState

    var demand: RowDemand {
        let rows = source.files.count
        guard rows > 0 else { return RowDemand(least: 2, most: 2, rank: rank) }
        return RowDemand(least: 3, decent: min(rows, 5) + 2, most: rows + 2, rank: rank)
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let files = source.files
        guard !files.isEmpty else { return }
        let isBehind = files.contains { $0.lag > 0 }
        Rule("Files", note: isBehind ? "furthest behind first" : "read last")
            .draw(into: &canvas, rect, theme: scene.theme)
        let width = files.map { TextWidth.columns(of: $0.path) }.max() ?? 0
        let table = Table(
            [
                TableColumn("file", width: 16, growth: max(0, width - 16)),
                TableColumn("read", width: 9, side: .right),
                TableColumn("size", width: 9, side: .right, rank: 1),
                TableColumn("behind", width: 9, side: .right),
            ],
            x: rect.x + 2,
            width: rect.width - 2
        )
        table.head(y: rect.y + 1, style: scene.theme[.faint], into: &canvas)
        for (line, file) in files.prefix(max(0, rect.height - 2)).enumerated() {
            draw(file, table, y: rect.y + 2 + line, into: &canvas)
        }
    }

    private func draw(_ file: FileProgress, _ table: Table, y: Int, into canvas: inout Canvas) {
        func cell(_ column: Int, _ text: String, _ role: Role) {
            table.cell(column, text, y: y, style: scene.theme[role], into: &canvas)
        }
        cell(0, Self.end(of: file.path, width: table.places[0]?.count ?? 0), .text)
        cell(1, Self.bytes(file.offset), .dim)
        cell(2, Self.bytes(file.size), .dim)
        cell(3, file.lag > 0 ? Self.bytes(file.lag) : "—", file.lag > 0 ? .strong : .dim)
    }

    private static func bytes(_ number: UInt64) -> String {
        Wording.bytes(Int64(clamping: number))
    }

    /// Of a long path the end is what tells files apart.
    private static func end(of path: String, width: Int) -> String {
        guard TextWidth.columns(of: path) > width, width > 1 else { return path }
        var rest = path[...]
        while !rest.isEmpty, TextWidth.columns(of: String(rest)) >= width { rest.removeFirst() }
        return "…" + rest
    }
}
