import Atlas
import Canvas

/// Marks that speak of a pair, the newest first.
struct LinkEventsPanel: Panel {
    let scene: Scene
    let rank: Int
    let link: LinkState

    var demand: RowDemand {
        RowDemand(least: 2, decent: 3, most: 1 + max(1, min(12, marks.count)), rank: rank)
    }

    /// Marks hold no subject of their own: those that begin a word with one of the names.
    private var marks: [Mark] {
        let services = scene.picture.estate.services.filter {
            $0.members.contains(link.from) && $0.members.contains(link.to)
        }
        let names = Set([link.name, link.from, link.to] + services.map(\.name))
        return scene.picture.marks.reversed().filter { mark in
            mark.text.split { " :,".contains($0) }.contains { names.contains(String($0)) }
        }
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let marks = marks
        Rule("Events", note: marks.count > rect.height - 1 ? "the newest" : "")
            .draw(into: &canvas, rect, theme: scene.theme)
        guard !marks.isEmpty else {
            canvas.text(
                "Nothing happened to it so far.",
                x: rect.x + 2,
                y: rect.y + 1,
                style: scene.theme[.dim],
                limit: rect.width - 2
            )
            return
        }
        for (index, mark) in marks.prefix(rect.height - 1).enumerated() {
            let y = rect.y + 1 + index
            let time = scene.time.when(mark.at, now: scene.now)
            let used = canvas.text(time, x: rect.x + 2, y: y, style: scene.theme[.faint])
            let x = rect.x + 2 + max(8, used) + 1
            canvas.put(
                mark.kind.glyph.value,
                columns: 1,
                x: x,
                y: y,
                style: scene.theme[mark.kind.role]
            )
            canvas.text(
                mark.text,
                x: x + 2,
                y: y,
                style: scene.theme[.text],
                limit: rect.right - x - 2
            )
        }
    }
}
