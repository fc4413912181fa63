import Atlas
import Canvas

/// What speaks for the phases, in time order; one of them in full.
struct EvidencePanel: Panel {
    let scene: Scene
    let rank: Int
    let run: FailoverRun

    var demand: RowDemand {
        let isOpen = scene.state.isEvidenceOpen
        return RowDemand(
            least: run.evidence.isEmpty ? 2 : isOpen ? 6 : 3,
            decent: min(run.evidence.count, 5) + 1 + (isOpen ? 4 : 0),
            most: max(1, run.evidence.count) + 1 + (isOpen ? 4 : 0),
            rank: rank,
            isNeeded: scene.isFocused(.evidence)
        )
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let rows = run.evidence
        guard !rows.isEmpty else {
            Rule("Evidence").draw(into: &canvas, rect, theme: scene.theme)
            canvas.text(
                "No log, probe or mark says anything about it.",
                x: rect.x,
                y: rect.y + 1,
                style: scene.theme[.dim],
                limit: rect.width
            )
            return
        }
        let ids = rows.indices.map(String.init)
        let index = scene.scoped.index(in: .evidence, among: ids)
        let detail = detail(of: index.map { rows[$0] }, width: rect.width)
        let room = max(1, rect.height - 1 - detail.count)
        let note =
            rows.count > room
            ? "\(rows.count) in time order"
            : scene.isFocused(.evidence) ? "Enter opens" : "in time order"
        Rule("Evidence", note: note).draw(into: &canvas, rect, theme: scene.theme)
        let table = table(rect)
        let shown = Scene.window(
            count: rows.count,
            height: room,
            around: scene.isFocused(.evidence) ? index : 0
        )
        var y = rect.y + 1
        for position in shown {
            draw(rows[position], table, y: y, into: &canvas)
            let isHere = position == index && scene.isFocused(.evidence)
            if isHere {
                scene.cursor(Rect(x: rect.x, y: y, width: rect.width, height: 1), into: &canvas)
            }
            y += 1
            guard isHere else { continue }
            for line in detail where y < rect.bottom {
                canvas.text(
                    line,
                    x: rect.x + 4,
                    y: y,
                    style: scene.theme[.dim],
                    limit: rect.width - 4
                )
                y += 1
            }
        }
    }

    private func table(_ rect: Rect) -> Table {
        let subject = Table.width(of: run.evidence.map(\.subject), least: 4, most: 14)
        return Table(
            [
                TableColumn("", width: rect.width < 60 ? 8 : 10),
                TableColumn("", width: 7),
                TableColumn("", width: subject, rank: 1),
                TableColumn("", width: 12, growth: 200),
                TableColumn("", width: 1),
            ],
            x: rect.x + 2,
            width: rect.width - 2,
            gap: rect.width < 60 ? 1 : 2
        )
    }

    private func draw(_ evidence: Evidence, _ table: Table, y: Int, into canvas: inout Canvas) {
        let theme = scene.theme
        let isShort = (table.places[0]?.count ?? 0) < 10
        let at = isShort ? scene.time.second(evidence.at) : scene.time.tenth(evidence.at)
        table.cell(0, at, y: y, style: theme[.faint], into: &canvas)
        var phase = theme[.title]
        phase.attributes = []
        table.cell(
            1,
            evidence.phase?.rawValue ?? "—",
            y: y,
            style: evidence.phase == nil ? theme[.faint] : phase,
            into: &canvas
        )
        table.cell(2, evidence.subject, y: y, style: theme[.dim], into: &canvas)
        table.cell(3, evidence.text, y: y, style: theme[.text], into: &canvas)
        if let sign = table.places[4] {
            scene.sign(evidence.health, x: sign.lowerBound, y: y, into: &canvas)
        }
    }

    /// The text in full and who saw it; empty while nothing is opened.
    private func detail(of evidence: Evidence?, width: Int) -> [String] {
        guard scene.state.isEvidenceOpen, let evidence else { return [] }
        let line = evidence.line.map { ", line \(Wording.count(Int($0)))" } ?? ""
        return TextWidth.wrap(evidence.text, to: width - 4).prefix(3)
            + ["\(evidence.eye.rawValue) of \(evidence.subject)\(line)"]
    }
}
