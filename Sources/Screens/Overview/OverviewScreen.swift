import Atlas
import Canvas

/// Screen 1: what is unhealthy, what would be lost, what fails over, what comes in.
struct OverviewScreen {
    let scene: Scene

    func draw(into canvas: inout Canvas, _ body: Rect) {
        let shape = Shape(body)
        switch shape {
        case .sided(let main, let rule, let side):
            for y in rule.rows {
                canvas.run("│", x: rule.x, y: y, count: 1, style: scene.theme[.rule])
            }
            scene.stack(mainPanels, in: main, into: &canvas)
            scene.stack(sidePanels, in: side, into: &canvas)
        case .stacked(let rect):
            scene.stack(stackedPanels, in: rect, into: &canvas)
        }
    }

    /// Two columns where there is room, otherwise one.
    enum Shape {
        case sided(main: Rect, rule: Rect, side: Rect)
        case stacked(Rect)

        init(_ body: Rect) {
            guard body.width >= 106, body.height >= 20 else {
                self = .stacked(body)
                return
            }
            let side = max(37, min(56, body.width * 31 / 100))
            let (main, rest) = body.split(left: body.width - side - 3, gap: 1)
            self = .sided(main: main, rule: rest, side: rest.inset(left: 2))
        }
    }

    private var mainPanels: [any Panel] {
        [
            HealthPanel(scene: scene, rank: 0),
            ServicesPanel(scene: scene, rank: 2),
            replicationOrFigures(rank: 1),
            EventsPanel(scene: scene, rank: 3),
            GuidePanel(scene: scene, rank: 4),
        ].filter(isWanted)
    }

    /// Without services there is nothing to say of them; nothing fails over on one host, where it
    /// is told how to go on instead.
    private func isWanted(_ panel: any Panel) -> Bool {
        let isHost = scene.state.purpose == .host
        return switch panel {
        case is ServicesPanel: !scene.scoped.services.isEmpty
        case is FailoverPanel: !isHost
        case is GuidePanel: isHost
        default: true
        }
    }

    /// Where no data is copied, what is measured is worth more than saying so.
    private func replicationOrFigures(rank: Int) -> any Panel {
        let figures = FiguresPanel(scene: scene, rank: rank)
        return scene.picture.links.isEmpty && !figures.isEmpty
            ? figures : ReplicationPanel(scene: scene, rank: rank)
    }

    private var sidePanels: [any Panel] {
        [
            FindingsPanel(scene: scene, rank: 0, isRoomy: true),
            FailoverPanel(scene: scene, rank: 1),
            IntakePanel(scene: scene, rank: 2),
            LegendPanel(scene: scene, rank: 3),
        ].filter(isWanted)
    }

    private var stackedPanels: [any Panel] {
        [
            HealthPanel(scene: scene, rank: 1),
            FindingsPanel(scene: scene, rank: 0, isRoomy: false),
            FailoverPanel(scene: scene, rank: 2),
            ServicesPanel(scene: scene, rank: 4),
            replicationOrFigures(rank: 3),
            EventsPanel(scene: scene, rank: 5),
            GuidePanel(scene: scene, rank: 6),
        ].filter(isWanted)
    }
}
