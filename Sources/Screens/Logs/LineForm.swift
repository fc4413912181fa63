import Atlas
import Canvas

/// How a line is laid out in a width: time, who wrote it, how grave, the message.
struct LineForm {
    private let scene: Scene
    private let table: Table
    private let message: Range<Int>
    private let isNarrow: Bool

    init(scene: Scene, area: Rect) {
        self.scene = scene
        isNarrow = area.width < 60
        let isWide = area.width >= 100
        let names = Set(scene.state.logs.rows.map(Self.name))
        let subject = Table.width(of: names, least: 4, most: isWide ? 18 : 12)
        table = Table(
            [
                TableColumn("", width: isWide ? 10 : 8),
                TableColumn("", width: subject, rank: isNarrow ? 1 : 0),
                TableColumn("", width: isNarrow ? 1 : 6),
                TableColumn("", width: 20, growth: 1_000),
            ],
            x: area.x + 2,
            width: isNarrow ? min(area.width - 2, 34) : area.width - 2,
            gap: isNarrow ? 1 : 2
        )
        let start = table.places[3]?.lowerBound ?? area.x + 2
        message = start..<max(start, area.right)
    }

    func wrapped(_ text: String) -> [String] { TextWidth.wrap(text, to: message.count) }

    static func name(_ row: LogRow) -> String { row.resource ?? row.source }

    /// Draws a line, its message in parts one below the other; without a head the first parts
    /// stand above what is seen.
    func draw(
        _ row: LogRow,
        _ parts: [String],
        hasHead: Bool,
        y: Int,
        height: Int,
        into canvas: inout Canvas
    ) {
        let theme = scene.theme
        if hasHead { head(row, y: y, into: &canvas) }
        // Of most lines there is nothing to fear: they stay behind the few.
        let role: Role = row.level >= .warn ? .text : row.level <= .debug ? .faint : .dim
        for (index, part) in parts.prefix(height).enumerated() {
            canvas.text(
                part,
                x: message.lowerBound,
                y: y + index,
                style: theme[role],
                limit: message.count
            )
        }
    }

    private func head(_ row: LogRow, y: Int, into canvas: inout Canvas) {
        let theme = scene.theme
        let isShort = (table.places[0]?.count ?? 0) < 10
        let time = isShort ? scene.time.second(row.time) : scene.time.tenth(row.time)
        table.cell(0, time, y: y, style: theme[.faint], into: &canvas)
        table.cell(1, Self.name(row), y: y, style: theme[.dim], into: &canvas)
        table.cell(
            2,
            isNarrow ? row.level.sign : row.level.name,
            y: y,
            style: theme[row.level.role],
            into: &canvas
        )
    }

    /// Marks what the highlight finds in a part of a message; above the ground of the cursor.
    func mark(_ text: String, y: Int, into canvas: inout Canvas) {
        let style = scene.theme[.hit]
        let wanted = scene.state.logs.highlight
        for range in Self.hits(of: wanted, in: text, limit: message.count) {
            let start = message.lowerBound + range.lowerBound
            for x in start..<min(start + range.count, message.upperBound) {
                canvas.restyle(x: x, y: y) { $0 = style }
            }
        }
    }

    /// The columns below `limit` where a text begins inside another, and as many as it takes;
    /// ASCII letters stand for either case.
    static func hits(of wanted: String, in text: String, limit: Int) -> [Range<Int>] {
        func folded(_ scalar: Unicode.Scalar) -> UInt32 {
            (65...90).contains(scalar.value) ? scalar.value + 32 : scalar.value
        }
        let needle = wanted.unicodeScalars.map(folded)
        let scalars = Array(text.unicodeScalars)
        guard !needle.isEmpty, needle.count <= scalars.count else { return [] }
        let hay = scalars.map(folded)
        var hits: [Range<Int>] = []
        var start = 0
        while start + needle.count <= hay.count {
            guard hay[start..<(start + needle.count)].elementsEqual(needle) else {
                start += 1
                continue
            }
            let before = columns(of: scalars[..<start])
            guard before < limit else { return hits }
            let end = columns(of: scalars[..<(start + needle.count)])
            if end > before { hits.append(before..<end) }
            start += needle.count
        }
        return hits
    }

    private static func columns(of scalars: ArraySlice<Unicode.Scalar>) -> Int {
        if scalars.allSatisfy(\.isASCII) { return scalars.count }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return TextWidth.columns(of: String(text))
    }
}

extension Level {
    /// As one sign; where there is room, the name is written.
    var sign: String {
        switch self {
        case .fatal, .error: "✖"
        case .warn: "▲"
        case .notice, .info: "·"
        case .debug, .trace: " "
        }
    }

    var role: Role {
        switch self {
        case .fatal, .error: .down
        case .warn: .warn
        case .notice, .info: .dim
        case .debug, .trace: .faint
        }
    }
}
