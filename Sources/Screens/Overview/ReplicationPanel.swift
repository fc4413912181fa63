import Atlas
import Canvas

/// For each copy of data: how much would be lost if it took over now.
struct ReplicationPanel: Panel {
    let scene: Scene
    let rank: Int
    /// The list that it shows: `replication` on the overview, `pairs` on a screen of its own.
    var pane = Pane.replication

    private var historyWidth: Int { pane == .pairs ? 45 : 20 }
    /// Of the history, in all: 30 min of 10 s.
    private static let buckets = 180

    private var links: [LinkState] { pane == .pairs ? scene.scoped.pairs : scene.scoped.links }

    var demand: RowDemand {
        let links = links
        guard !links.isEmpty else { return RowDemand(least: 2, most: 2, rank: rank) }
        let remarks = links.filter { remark(on: $0) != nil }.count
        return RowDemand(
            least: 2,
            decent: 2 + min(3, links.count),
            most: 2 + links.count + remarks,
            rank: rank,
            isNeeded: scene.isFocused(pane)
        )
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let links = links
        Rule(pane == .pairs ? "Pairs" : "Replication", note: "if you failed over now")
            .draw(into: &canvas, rect, theme: scene.theme)
        guard !links.isEmpty else {
            let words =
                scene.picture.links.isEmpty
                ? "No replication is described (azimuth.yaml, estate: links)."
                : "No replication in this scope or filter."
            canvas.text(
                words,
                x: rect.x + 2,
                y: rect.y + 1,
                style: scene.theme[.dim],
                limit: rect.width - 2
            )
            return
        }
        let table = table(rect, links)
        // The heads go where they would cost a link its row.
        let hasHead = rect.height > 2 + min(1, links.count - 1)
        if hasHead { table.head(y: rect.y + 1, style: scene.theme[.faint], into: &canvas) }
        let index = scene.scoped.index(in: pane, among: links.map(\.name))
        // Remarks only where every link has its row.
        let room = rect.height - (hasHead ? 2 : 1)
        let shown = Scene.window(count: links.count, height: room, around: index)
        var spare = room - shown.count
        var y = rect.bottom - room
        for position in shown {
            let link = links[position]
            draw(link, table, y: y, into: &canvas)
            if position == index, scene.isFocused(pane) {
                scene.cursor(Rect(x: rect.x, y: y, width: rect.width, height: 1), into: &canvas)
            }
            y += 1
            if spare > 0, let remark = remark(on: link) {
                canvas.text(
                    remark,
                    x: rect.x + 4,
                    y: y,
                    style: scene.theme[.dim],
                    limit: rect.width - 4
                )
                spare -= 1
                y += 1
            }
        }
    }

    private func table(_ rect: Rect, _ links: [LinkState]) -> Table {
        let pair = Table.width(of: links.map(Self.pair), least: 13, most: 40)
        let kind = Table.width(of: links.map(\.kind), least: 6, most: 18)
        return Table(
            [
                TableColumn("  pair", width: 15, growth: pair - 13),
                TableColumn("kind", width: 6, growth: kind - 6, rank: 3),
                TableColumn("lag", width: 7, side: .right),
                TableColumn("RPO", width: 6, side: .right, rank: 1),
                TableColumn("budget", width: 6, growth: 6, rank: 2),
                TableColumn("", width: 4, side: .right, rank: 1),
                TableColumn("30 min", width: 8, growth: historyWidth - 8, rank: 4),
            ],
            x: rect.x + 2,
            width: rect.width - 2,
            gap: rect.width < 60 ? 1 : 2
        )
    }

    private func draw(_ link: LinkState, _ table: Table, y: Int, into canvas: inout Canvas) {
        let theme = scene.theme
        let isPast = (link.budget ?? 0) > 1
        let isWell = link.health < .warn
        if let place = table.places[0] {
            scene.sign(link.health, x: place.lowerBound, y: y, into: &canvas)
            canvas.text(
                Self.pair(link),
                x: place.lowerBound + 2,
                y: y,
                style: theme[isWell ? .text : .strong],
                limit: place.count - 2
            )
        }
        table.cell(1, link.kind, y: y, style: theme[.dim], into: &canvas)
        let role: Role = isPast ? .down : link.health.figureRole
        table.cell(2, Self.lag(link), y: y, style: theme[role], into: &canvas)
        table.cell(3, link.rpo.map(Wording.aim) ?? "—", y: y, style: theme[.dim], into: &canvas)
        if let place = table.places[4], let budget = link.budget {
            Gauge(budget < Wording.little ? 0 : budget).draw(
                into: &canvas,
                x: place.lowerBound,
                y: y,
                width: place.count,
                line: theme[isPast ? .down : .graph],
                track: theme[.track]
            )
        }
        table.cell(
            5,
            link.budget.map(Wording.percent) ?? "—",
            y: y,
            style: theme[role],
            into: &canvas
        )
        if let place = table.places[6] { history(of: link, in: place, y: y, into: &canvas) }
    }

    private func history(
        of link: LinkState,
        in place: Range<Int>,
        y: Int,
        into canvas: inout Canvas
    ) {
        let size = (Self.buckets + place.count - 1) / place.count
        let newest = Int(scene.now.nanoseconds / Span.seconds(10).nanoseconds)
        let values = link.history.map { $0?.seconds }
        let groups = Sparkline.grouped(values, by: size, phase: newest - values.count + 1)
        let rpo = link.rpo?.seconds
        Sparkline(groups, full: max(groups.compactMap { $0 }.max() ?? 0, rpo ?? 0), threshold: rpo)
            .draw(
                into: &canvas,
                x: place.lowerBound,
                y: y,
                width: place.count,
                styles: Sparkline.Styles(
                    normal: scene.theme[.graph],
                    past: scene.theme[.down],
                    zero: scene.theme[.track]
                )
            )
    }

    private static func pair(_ link: LinkState) -> String { "\(link.from) → \(link.to)" }

    /// `≥` where the source is gone: then the figure is what is known at least.
    static func lag(_ link: LinkState) -> String {
        guard let loss = link.loss else { return "?" }
        return loss.isSourceGone ? "≥\(loss.span)" : Wording.lag(loss.span, rpo: link.rpo)
    }

    private func remark(on link: LinkState) -> String? {
        if let loss = link.loss, loss.isSourceGone {
            let heard = "last heard \(scene.time.second(loss.asOf))"
            guard loss.amount > 0 || loss.span > .zero else {
                return "source gone, nothing known to be lost, \(heard)"
            }
            let lost = "\(loss.span) (\(Wording.amount(loss)))"
            return "source gone: at least \(lost) lost, \(heard)"
        }
        guard link.health > .ok, !link.reason.isEmpty else { return nil }
        return link.reason
    }
}
