import Atlas
import Canvas

/// The outage against the objective, as a bar and as figures.
struct ObjectiveLine {
    let scene: Scene
    let run: FailoverRun

    func draw(into canvas: inout Canvas, x: Int, y: Int, width: Int, labelWidth: Int) {
        let theme = scene.theme
        let words = RunWords(run, now: scene.now)
        canvas.text("RTO", x: x, y: y, style: theme[.dim])
        guard let outage = words.outage else {
            let text =
                run.isWatched ? "users felt no outage" : "not measured: no canary watches it"
            canvas.text(
                text,
                x: x + labelWidth,
                y: y,
                style: theme[.dim],
                limit: width - labelWidth
            )
            return
        }
        guard let rto = run.rto, rto > .zero else {
            let parts: [(String, Role)] = [(words.length, .strong), (", no objective set", .dim)]
            scene.words(parts, x: x + labelWidth, y: y, limit: width - labelWidth, into: &canvas)
            return
        }
        let isPast = outage > rto
        let length = run.firstGood == nil ? Wording.soFar(outage) : Wording.took(outage)
        let figures = "\(length) of \(Wording.aim(rto))"
        let role: Role = isPast ? .down : .strong
        let start = canvas.text(figures, endingAt: x + width, y: y, style: theme[role])
        Gauge(outage.seconds / rto.seconds).draw(
            into: &canvas,
            x: x + labelWidth,
            y: y,
            width: start - 2 - x - labelWidth,
            line: theme[isPast ? .down : run.state == .running ? .moving : .graph],
            track: theme[.track]
        )
    }
}

/// Acknowledged writes that are missing, or why that is not known (yet).
struct LostLine {
    let scene: Scene
    let run: FailoverRun

    func draw(into canvas: inout Canvas, x: Int, y: Int, width: Int) {
        let isShort = parts.reduce(0) { $0 + TextWidth.columns(of: $1.0) } > width
        scene.words(
            isShort ? parts(" writes lost") : parts,
            x: x,
            y: y,
            limit: width,
            into: &canvas
        )
    }

    var parts: [(String, Role)] { parts(" acknowledged writes lost") }

    private func parts(_ what: String) -> [(String, Role)] {
        guard let writes = run.lostWrites else {
            return [("writes lost: not measured, no write canary", .dim)]
        }
        switch writes.state {
        case .pending: return [("lost writes not counted yet", .dim)]
        case .unknown: return [("▲ lost writes not known: ", .warn), (writes.reason, .text)]
        case .counted where writes.lost == 0:
            return [
                ("0", .ok), (" of ", .dim), (Wording.count(writes.acknowledged), .text),
                (what, .dim),
            ]
        case .counted:
            return [
                ("▲ \(Wording.count(writes.lost))", .warn), (" of ", .dim),
                (Wording.count(writes.acknowledged), .text), (what, .dim),
            ]
        }
    }
}
