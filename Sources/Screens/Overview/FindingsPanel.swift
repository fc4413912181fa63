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
        let age = canvas.text(
            scene.age(since: finding.since),
            endingAt: rect.right,
            y: rect.y,
            style: scene.theme[.dim]
        )
        let limit = age - left - 3
        let title: Role = finding.health >= .moving ? .strong : .text
        var used = canvas.text(
            finding.title,
            x: left + 2,
            y: rect.y,
            style: scene.theme[title],
            limit: limit
        )
        if rect.height > 1 {
            canvas.text(
                finding.detail,
                x: left + 2,
                y: rect.y + 1,
                style: scene.theme[.dim],
                limit: rect.right - left - 2
            )
        } else if limit - used > 12 {
            used += 2
            canvas.text(
                finding.detail,
                x: left + 2 + used,
                y: rect.y,
                style: scene.theme[.dim],
                limit: limit - used
            )
        }
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
