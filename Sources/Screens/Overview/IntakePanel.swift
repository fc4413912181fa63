import Atlas
import Canvas

/// What comes in, and from how many sources; figures as coarse as they may be.
struct IntakePanel: Panel {
    let scene: Scene
    let rank: Int

    var demand: RowDemand { RowDemand(least: 3, most: rejected > 0 ? 5 : 4, rank: rank) }

    private var rejected: Int { scene.picture.intake.rejected }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let intake = scene.picture.intake
        let since = intake.since.map { "since \(scene.time.minute($0))" } ?? ""
        Rule("Ingest", note: since).draw(into: &canvas, rect, theme: scene.theme)
        let sources = scene.picture.sources.filter { $0.partOf == nil }
        let fresh = sources.filter { $0.health <= .ok }.count
        var lines: [[(String, Role)]] = [
            [
                (Wording.coarse(intake.lines), .text), (" lines  ", .dim),
                (Wording.bytes(Int64(intake.bytes)), .text),
            ],
            sources.isEmpty
                ? [("no log sources", .dim)]
                : [
                    ("\(fresh) of \(sources.count)", fresh == sources.count ? .text : .warn),
                    (sources.count == 1 ? " source fresh" : " sources fresh", .dim),
                ],
            [
                (Wording.coarse(intake.replies), .text), (" replies  ", .dim),
                (Wording.coarse(intake.tries), .text), (" tries", .dim),
            ],
        ]
        if rejected > 0 {
            lines.insert(
                [(Wording.compact(Double(rejected)), .warn), (" not understood", .dim)],
                at: 0
            )
        }
        for (index, parts) in lines.prefix(rect.height - 1).enumerated() {
            scene.words(
                parts,
                x: rect.x + 2,
                y: rect.y + 1 + index,
                limit: rect.width - 2,
                into: &canvas
            )
        }
    }
}
