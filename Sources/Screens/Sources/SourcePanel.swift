import Atlas
import Canvas

/// One source: where its lines come from, what they are, and what was not kept, by the reason.
struct SourcePanel: Panel {
    let scene: Scene
    let rank: Int
    let source: SourceState

    private static let mostReasons = 6
    private static let mostTroubles = 3

    var demand: RowDemand {
        RowDemand(least: 3, decent: min(rows.count, 6) + 1, most: rows.count + 1, rank: rank)
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        Rule(source.name, note: source.resource ?? "")
            .draw(into: &canvas, rect, theme: scene.theme)
        for (line, row) in rows.prefix(rect.height - 1).enumerated() {
            let y = rect.y + 1 + line
            canvas.text(row.label, x: rect.x + 2, y: y, style: scene.theme[.dim])
            let room = rect.width - 12
            canvas.text(
                row.saysAtEnd ? TextWidth.cutBeginning(row.text, to: room) : row.text,
                x: rect.x + 12,
                y: y,
                style: scene.theme[row.role],
                limit: room
            )
        }
    }

    private struct Row {
        var label: String
        var text: String
        var role = Role.text
        /// Where there is no room for all of it, its beginning goes.
        var saysAtEnd = false
    }

    /// What is wrong comes first: the last ones go where there is no room.
    private var rows: [Row] {
        var rows: [Row] = []
        if !source.reason.isEmpty {
            rows.append(Row(label: "state", text: source.reason, role: source.health.figureRole))
        }
        rows += troubles
        if let at = source.stalledAt {
            let times = source.stalls == 1 ? "once" : "\(source.stalls) times"
            let when = scene.time.when(at, now: scene.now)
            rows.append(
                Row(
                    label: "stalled",
                    text: "\(times), last \(when): \(source.stall)",
                    role: .warn
                )
            )
        }
        rows += drops
        if source.cut > 0 {
            rows.append(
                Row(label: "cut", text: "\(Wording.count(source.cut)) lines over the limit")
            )
        }
        let words = SourceWords(source, now: scene.now)
        if !source.place.isEmpty {
            let streams = source.streams > 1 ? ", \(Wording.count(source.streams)) open" : ""
            rows.append(Row(label: "from", text: source.place + streams))
        }
        rows.append(Row(label: "format", text: words.formatInFull))
        rows.append(Row(label: "lines", text: lines))
        if let newest = source.newest {
            let when = scene.time.when(newest, now: scene.now)
            rows.append(Row(label: "newest", text: "\(when), by its own time"))
        }
        rows += hidden
        let parts = scene.picture.sources.filter { $0.partOf == source.name }.count
        if parts > 0 {
            rows.append(Row(label: "placed", text: "at \(Wording.count(parts)) resources by rules"))
        }
        return rows
    }

    /// Each with its path, which is long, and why.
    private var troubles: [Row] {
        guard let troubles = source.troubles else { return [] }
        var rows = troubles.details.prefix(Self.mostTroubles).map { detail in
            Row(label: "not read", text: detail, role: .warn, saysAtEnd: true)
        }
        if troubles.count > rows.count {
            let rest = Wording.count(troubles.count - rows.count)
            rows.append(Row(label: "", text: "and \(rest) more", role: .warn))
        }
        return rows
    }

    private var lines: String {
        let total = "\(Wording.coarse(source.lines)), \(Wording.bytes(Int64(source.bytes)))"
        let rotations = source.rotations > 0 ? ", rotated \(Wording.count(source.rotations))x" : ""
        return total + rotations
    }

    private var drops: [Row] {
        let all = source.drops.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var rows = all.prefix(Self.mostReasons).map { reason, count in
            Row(label: "dropped", text: "\(Wording.count(count)): \(reason)", role: .warn)
        }
        if all.count > rows.count {
            let rest = all.dropFirst(rows.count).reduce(0) { $0 + $1.value }
            rows.append(Row(label: "dropped", text: "\(Wording.count(rest)) for other reasons"))
        }
        return rows
    }

    private var hidden: [Row] {
        var rows: [Row] = []
        if let redacted = source.redacted {
            rows.append(Row(label: "redacted", text: "\(Wording.count(redacted)) secrets"))
        }
        for rule in source.ruled ?? [] {
            let fate = rule.fate == .dropped ? "dropped" : "not placed"
            rows.append(
                Row(
                    label: "rules",
                    text: "\(Wording.count(rule.lines)) \(fate) by \(rule.rule)",
                    role: .dim
                )
            )
        }
        return rows
    }
}
