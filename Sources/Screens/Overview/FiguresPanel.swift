import Atlas
import Canvas

/// What probes measured, a resource a row: a share as a bar, then all figures.
struct FiguresPanel: Panel {
    let scene: Scene
    let rank: Int

    private static let barWidth = 10
    private static let leastCell = 14

    /// Of a host each has its row from the start: what is counted has figures from the second look
    /// on, and nothing is to move then.
    private var rows: [ResourceState] {
        let resources = scene.scoped.resources
        if scene.state.purpose == .host { return resources }
        return resources.filter { !$0.metrics.isEmpty }
    }

    var isEmpty: Bool { rows.isEmpty }

    var demand: RowDemand {
        let count = rows.count
        return RowDemand(
            least: min(count, 2) + 1,
            decent: min(count, 8) + 1,
            most: count + 1,
            rank: rank
        )
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let all = rows
        let shown = all.prefix(max(0, rect.height - 1))
        let note = shown.count < all.count ? "worst first, \(shown.count) of \(all.count)" : ""
        Rule(scene.state.purpose == .host ? "Vital signs" : "Measured", note: note)
            .draw(into: &canvas, rect, theme: scene.theme)
        let name = Table.width(of: all.map(\.name), least: 8, most: rect.width < 70 ? 16 : 24)
        for (line, state) in shown.enumerated() {
            draw(state, nameWidth: name, in: rect.row(line + 1), into: &canvas)
        }
    }

    private func draw(
        _ state: ResourceState,
        nameWidth: Int,
        in row: Rect,
        into canvas: inout Canvas
    ) {
        let theme = scene.theme
        var x = row.x + 2
        scene.sign(state.health, x: x, y: row.y, into: &canvas)
        x += 2
        let isWell = state.health < .warn
        canvas.text(
            state.name,
            x: x,
            y: row.y,
            style: theme[isWell ? .text : .strong],
            limit: nameWidth
        )
        x += nameWidth + 2
        guard !state.metrics.isEmpty else {
            canvas.text("…", x: x, y: row.y, style: theme[.faint], limit: row.right - x)
            return
        }
        let figures = Figures(state.metrics)
        if let share = figures.share {
            Gauge(share < Wording.little ? 0 : share).draw(
                into: &canvas,
                x: x,
                y: row.y,
                width: Self.barWidth,
                line: theme[isWell ? .graph : state.health.role],
                track: theme[.track]
            )
        }
        x += Self.barWidth + 2
        for (label, value) in figures.words {
            let width = max(Self.leastCell, TextWidth.columns(of: label + value) + 3)
            guard x + width - 3 <= row.right else { break }
            scene.words(
                [(label + " ", .dim), (value, isWell ? .text : .strong)],
                x: x,
                y: row.y,
                limit: row.right - x,
                into: &canvas
            )
            x += width
        }
    }
}

/// A resource's metrics, made to be read: coarse, so that what jitters is seldom drawn anew.
struct Figures {
    /// In the order of their names, numbers within names as numbers; what happens a second, and
    /// did not, is left out.
    let words: [(label: String, value: String)]
    /// The first percentage, 1 = all of it; nil without one.
    let share: Double?

    init(_ metrics: [MetricSample]) {
        let sorted = metrics.enumerated().sorted { left, right in
            let (first, second) = (Self.key(left.element.name), Self.key(right.element.name))
            return (first.0, first.1, left.offset) < (second.0, second.1, right.offset)
        }
        .map(\.element)
        words = sorted.filter { $0.unit != "1/s" || $0.value > 0 }.map { ($0.name, Self.value($0)) }
        share = sorted.first { $0.unit == "%" }.map { max(0, $0.value / 100) }
    }

    /// `load-15` after `load-5`.
    private static func key(_ name: String) -> (String, Int) {
        let digits = name.reversed().prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty, let number = Int(String(digits.reversed())) else { return (name, 0) }
        return (String(name.dropLast(digits.count)), number)
    }

    static func value(_ sample: MetricSample) -> String {
        let value = sample.value
        switch sample.unit {
        case "%": return Wording.percent(max(0, value) / 100)
        case "B": return Wording.bytes(Wording.whole(value))
        case "B/s": return value < 1_024 ? "<1 KiB/s" : Wording.bytes(oneDigit(value)) + "/s"
        case "1/s": return value < 0.05 ? "0/s" : Wording.compact(value) + "/s"
        case "": return tenths(value)
        default: return "\(Wording.compact(value)) \(sample.unit)"
        }
    }

    private static func tenths(_ value: Double) -> String {
        guard value > 0, value < 10 else { return Wording.compact(value) }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Of what flows nobody reads more than one digit, within its unit.
    private static func oneDigit(_ value: Double) -> Int64 {
        var unit = 1_024.0
        while value / unit >= 1_024, unit < 1e15 { unit *= 1_024 }
        var size = unit
        while value / size >= 10 { size *= 10 }
        return Wording.whole((value / size).rounded() * size)
    }
}
