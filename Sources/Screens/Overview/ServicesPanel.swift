import Atlas
import Canvas

/// Each service as its users see it.
struct ServicesPanel: Panel {
    let scene: Scene
    let rank: Int

    private var rows: [ServiceState] { scene.scoped.services }

    var demand: RowDemand {
        RowDemand(least: 2, decent: 1 + min(3, rows.count), most: 1 + rows.count, rank: rank)
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        Rule("Services", note: "as users see them").draw(into: &canvas, rect, theme: scene.theme)
        let width = Table.width(of: rows.map(\.name), least: 8, most: 24)
        for (line, state) in rows.enumerated().prefix(rect.height - 1) {
            draw(state, nameWidth: width, in: rect.row(line + 1), into: &canvas)
        }
    }

    private func draw(
        _ state: ServiceState,
        nameWidth: Int,
        in row: Rect,
        into canvas: inout Canvas
    ) {
        let theme = scene.theme
        let isWell = state.health < .warn
        var x = row.x + 2
        scene.sign(state.health, x: x, y: row.y, into: &canvas)
        x += 2
        let name = theme[isWell ? .text : .strong]
        canvas.text(state.name, x: x, y: row.y, style: name, limit: nameWidth)
        x += nameWidth + 2
        var right = row.right
        if let rto = state.rto {
            right =
                canvas.text(
                    "RTO \(Wording.aim(rto))",
                    endingAt: right,
                    y: row.y,
                    style: theme[.faint]
                ) - 2
        }
        scene.words(words(of: state), x: x, y: row.y, limit: right - x, into: &canvas)
    }

    private func words(of state: ServiceState) -> [(String, Role)] {
        let serving = state.serving.map { [(" by ", Role.dim), ($0, Role.text)] } ?? []
        guard state.isWatched else {
            return [("no canary watches it", .dim)]
                + (serving.isEmpty ? [] : [(", served", .dim)] + serving)
        }
        switch state.health {
        case .ok, .absent: return [("served", .dim)] + serving
        case .noData: return [("not tried so far", .dim)]
        default:
            let reason = state.reason.isEmpty ? state.health.word : state.reason
            return [
                (reason, state.health.role), (" for ", .dim),
                (scene.age(since: state.since), .text),
            ]
        }
    }
}
