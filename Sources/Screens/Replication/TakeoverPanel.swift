import Atlas
import Canvas

/// What becomes of the data if the target took over now, and whether it could.
struct TakeoverPanel: Panel {
    let scene: Scene
    let rank: Int
    let link: LinkState

    var demand: RowDemand {
        RowDemand(least: 3, decent: 5, most: 1 + rows.count, rank: rank)
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        Rule("If you failed over now").draw(into: &canvas, rect, theme: scene.theme)
        for (index, row) in rows.enumerated().prefix(rect.height - 1) {
            let y = rect.y + 1 + index
            canvas.text(row.label, x: rect.x + 2, y: y, style: scene.theme[.dim])
            if let health = row.health {
                scene.sign(health, x: rect.x + 13, y: y, into: &canvas)
            }
            canvas.text(
                row.text,
                x: rect.x + 15,
                y: y,
                style: scene.theme[row.health.map { $0 > .ok ? .strong : .text } ?? .text],
                limit: rect.width - 15
            )
        }
    }

    private struct Row {
        var label: String
        var text: String
        var health: Health?
    }

    private var rows: [Row] {
        [lost, target, replay, source].compactMap { $0 } + [lastTime].compactMap { $0 }
    }

    /// Of what was written at the source, what the target has not received.
    private var lost: Row {
        guard let loss = link.loss else {
            let why = link.reason.isEmpty ? "" : ": \(link.reason)"
            return Row(label: "data lost", text: "not known\(why)", health: .noData)
        }
        let isPast = (link.budget ?? 0) > 1
        let share = link.budget.map { ", \(Wording.percent($0)) of the RPO" } ?? ", no RPO is set"
        let bytes = Wording.amount(loss)
        if loss.isSourceGone {
            let what = loss.amount > 0 || loss.span > .zero ? "\(loss.span) (\(bytes))" : "nothing"
            return Row(
                label: "data lost",
                text: what == "nothing"
                    ? "nothing that is known of" : "at least \(what)\(share)",
                health: isPast ? .down : .warn
            )
        }
        let span = Wording.lag(loss.span, rpo: link.rpo)
        let size = span.hasPrefix("<") ? "" : " (\(bytes))"
        return Row(
            label: "data lost",
            text: (span.hasPrefix("<") ? span : "about \(span)") + size + share,
            health: isPast ? .down : (link.budget ?? 0) > 0.5 ? .warn : .ok
        )
    }

    /// How old is what the target shows: received data is not lost, but takes its time.
    private var replay: Row? {
        guard let lag = link.replayLag else { return nil }
        let isSlow = link.rpo.map { lag > $0 } ?? false
        return Row(
            label: "to replay",
            text: "\(Wording.lag(lag, rpo: link.rpo)) behind; what is received is not lost",
            health: isSlow ? .warn : .ok
        )
    }

    private var target: Row {
        let name = link.to
        guard let state = scene.picture.resources.first(where: { $0.name == name }) else {
            return Row(label: "target", text: "\(name): nothing looks at it", health: .noData)
        }
        let why = state.reason.isEmpty ? "" : ": \(state.reason)"
        let (text, health): (String, Health) =
            switch state.health {
            case .down: ("not ready, down\(why)", .down)
            case .noData, .absent: ("not known to be ready\(why)", .noData)
            case .maintenance: ("not ready, in maintenance\(why)", .maintenance)
            case .moving: ("taking over now\(why)", .moving)
            case .warn: ("ready, but\(why.isEmpty ? " warned of" : why)", .warn)
            case .ok where state.role == .primary: ("takes writes already", .warn)
            case .ok: (state.role == .standby ? "ready: a standby that answers" : "answers", .ok)
            }
        return Row(label: "target", text: "\(name) \(text)", health: health)
    }

    private var source: Row? {
        guard let loss = link.loss else { return nil }
        return loss.isSourceGone
            ? Row(
                label: "source",
                text: "\(link.from) is gone, last heard \(scene.time.second(loss.asOf))",
                health: .down
            ) : Row(label: "source", text: "\(link.from) answers", health: .ok)
    }

    /// How it went when a service of this pair failed over last.
    private var lastTime: Row? {
        let services = scene.picture.estate.services.filter {
            $0.members.contains(link.from) && $0.members.contains(link.to)
        }
        let last = scene.picture.failovers.last { run in
            run.kind == .failover && run.state == .verified
                && services.contains { $0.name == run.service }
        }
        guard let last else { return nil }
        let words = RunWords(last, now: scene.now)
        let lost = last.lostWrites?.state == .counted ? ", \(words.lost) writes lost" : ""
        return Row(
            label: "last time",
            text: "\(scene.time.day(last.started)): \(last.service), \(words.length)\(lost)"
        )
    }
}
