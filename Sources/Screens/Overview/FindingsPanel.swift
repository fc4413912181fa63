import Atlas
import Canvas

/// What needs somebody, worst first.
struct FindingsPanel: Panel {
    let scene: Scene
    let rank: Int
    /// Title and detail in rows of their own, where there is room.
    let isRoomy: Bool

    var demand: RowDemand {
        let count = scene.scoped.findings.count
        guard count > 0 else { return RowDemand(least: 2, most: 2, rank: rank) }
        return RowDemand(
            least: min(count, 2) + 1,
            decent: min(count, 6) + 1,
            most: 1 + count * (isRoomy ? 2 : 1),
            rank: rank,
            isNeeded: true
        )
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let findings = scene.scoped.findings
        let hasPairs = isRoomy && rect.height - 1 >= findings.count * 2
        let room = (rect.height - 1) / (hasPairs ? 2 : 1)
        let note = findings.count > room ? "\(room) of \(findings.count)" : "what needs you"
        Rule("Now", note: note).draw(into: &canvas, rect, theme: scene.theme)
        guard !findings.isEmpty else {
            calm(into: &canvas, rect)
            return
        }
        let index = scene.scoped.index(in: .findings, among: findings.map(\.key))
        let shown = Scene.window(count: findings.count, height: room, around: index)
        for (line, position) in shown.enumerated() {
            let height = hasPairs ? 2 : 1
            let part = Rect(
                x: rect.x,
                y: rect.y + 1 + line * height,
                width: rect.width,
                height: height
            )
            draw(findings[position], into: &canvas, part)
            if position == index, scene.isFocused(.findings) {
                scene.cursor(part.top(1), into: &canvas)
            }
        }
    }

    private func draw(_ finding: Finding, into canvas: inout Canvas, _ rect: Rect) {
        let left = rect.x + 2
        scene.sign(finding.health, x: left, y: rect.y, into: &canvas)
        let words = scene.age(since: finding.since)
        // A long title takes the whole row; then the age stands below it.
        let needed = TextWidth.columns(of: finding.title) + TextWidth.columns(of: words) + 5
        let isBelow = rect.height > 1 && needed > rect.width
        let age = canvas.text(
            words,
            endingAt: rect.right,
            y: isBelow ? rect.y + 1 : rect.y,
            style: scene.theme[.dim]
        )
        let title: Role = finding.health >= .moving ? .strong : .text
        let limit = (isBelow ? rect.right : age - 1) - left - 2
        let used = canvas.text(
            finding.title,
            x: left + 2,
            y: rect.y,
            style: scene.theme[title],
            limit: limit
        )
        let detail =
            rect.height > 1
            ? Rect(
                x: left + 2,
                y: rect.y + 1,
                width: (isBelow ? age - 1 : rect.right) - left - 2,
                height: 1
            )
            : Rect(x: left + used + 4, y: rect.y, width: limit - used - 2, height: 1)
        guard rect.height > 1 || detail.width > 12 else { return }
        canvas.text(
            finding.detail,
            x: detail.x,
            y: detail.y,
            style: scene.theme[.dim],
            limit: detail.width
        )
    }

    private func calm(into canvas: inout Canvas, _ rect: Rect) {
        let hasData =
            scene.picture.resources.contains { $0.health != .noData }
            || scene.picture.services.contains { $0.health != .noData }
            || scene.picture.sources.contains { $0.lines > 0 }
        let (health, words): (Health, String) =
            if !scene.picture.findings.isEmpty {
                (.ok, "nothing in this scope or filter")
            } else if hasData {
                (.ok, "nothing needs you")
            } else {
                (.noData, "nothing heard so far")
            }
        scene.sign(health, x: rect.x + 2, y: rect.y + 1, into: &canvas)
        canvas.text(
            words,
            x: rect.x + 4,
            y: rect.y + 1,
            style: scene.theme[.dim],
            limit: rect.width - 4
        )
    }
}
