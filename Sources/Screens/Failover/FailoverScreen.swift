import Atlas
import Canvas

/// Screen 3: every failover as a run of measured phases, with the evidence.
struct FailoverScreen {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ body: Rect) {
        guard let run = scene.scoped.run else {
            none(into: &canvas, body)
            return
        }
        if body.width >= 100, body.height >= 20 {
            let left = max(40, min(56, body.width * 36 / 100))
            let (list, rest) = body.split(left: left, gap: 1)
            for y in rest.rows {
                canvas.run("│", x: rest.x, y: y, count: 1, style: scene.theme[.rule])
            }
            scene.stack(sidePanels(run), in: list, into: &canvas)
            scene.stack(mainPanels(run), in: rest.inset(left: 2), into: &canvas)
        } else {
            scene.stack(stackedPanels(run), in: body, into: &canvas)
        }
    }

    private func sidePanels(_ run: FailoverRun) -> [any Panel] {
        [
            RunListPanel(scene: scene, rank: 0, most: 12),
            RunHistoryPanel(scene: scene, rank: 1, run: run),
            MechanismPanel(scene: scene, rank: 2, run: run),
        ]
    }

    private func mainPanels(_ run: FailoverRun) -> [any Panel] {
        [
            RunPanel(scene: scene, rank: 0, run: run),
            EvidencePanel(scene: scene, rank: 2, run: run),
            FeltPanel(scene: scene, rank: 1, run: run),
        ]
    }

    private func stackedPanels(_ run: FailoverRun) -> [any Panel] {
        [
            RunPanel(scene: scene, rank: 0, run: run),
            EvidencePanel(scene: scene, rank: 1, run: run),
            RunListPanel(scene: scene, rank: 2, most: 5),
            FeltPanel(scene: scene, rank: 3, run: run),
        ]
    }

    private func none(into canvas: inout Canvas, _ body: Rect) {
        Rule("Failovers").draw(into: &canvas, body, theme: scene.theme)
        let area = body.inset(left: 2, top: 1, right: 2)
        let state = scene.state
        if !scene.picture.failovers.isEmpty {
            let what = state.filter.isEmpty ? "in this scope" : "that holds “\(state.filter.text)”"
            scene.paragraph(
                "No failover \(what). Esc goes back out.",
                role: .dim,
                in: area,
                into: &canvas
            )
            return
        }
        let since = scene.picture.intake.since.map {
            " since \(scene.time.when($0, now: scene.now))"
        }
        scene.paragraph(
            "No failover and no outage seen\(since ?? " so far").",
            role: .text,
            in: area,
            into: &canvas
        )
        scene.paragraph(hint, role: .dim, in: area.inset(top: 2), into: &canvas)
    }

    private var hint: String {
        let services = scene.picture.services
        if services.isEmpty {
            return
                "A run appears here by itself when a service fails over. No service is described "
                + "so far: name its members in azimuth.yaml under estate: services, and a canary "
                + "that uses it as its users do."
        }
        if !services.contains(where: \.isWatched) {
            return
                "A run appears here by itself when a probe sees roles change or a log tells of it. "
                + "No canary watches a service, so what users feel is not measured: add one in "
                + "azimuth.yaml under canaries:."
        }
        return
            "A run appears here by itself when two tries of a canary in a row go bad, when a probe "
            + "sees roles change, or when a log tells of it."
    }
}
