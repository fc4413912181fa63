import Atlas
import Canvas

/// The failover that runs, or the last one: phases, and what users wait.
struct FailoverPanel: Panel {
    let scene: Scene
    let rank: Int

    var demand: RowDemand {
        guard let run = scene.scoped.notableRun else {
            return RowDemand(least: 2, most: 3, rank: rank)
        }
        return RowDemand(least: 3, most: 1 + lines(run).count, rank: rank)
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        guard let run = scene.scoped.notableRun else {
            none(into: &canvas, rect)
            return
        }
        let noun = run.kind == .failover ? "ailover" : "utage"
        let initial = run.kind == .failover ? ("F", "f") : ("O", "o")
        let isRunning = run.state == .running
        Rule(
            isRunning ? initial.0 + noun + " running" : "Last " + initial.1 + noun,
            note: isRunning ? others + "3 opens" : scene.age(since: run.started) + " ago"
        ).draw(into: &canvas, rect, theme: scene.theme)
        let all = lines(run)
        let room = rect.height - 1
        // Of too many the least needed go, the order of the rest stays.
        let kept = all.indices.sorted { (all[$0].rank, $0) < (all[$1].rank, $1) }.prefix(room)
            .sorted()
        for (row, index) in kept.enumerated() {
            draw(all[index].content, of: run, in: rect.row(row + 1), into: &canvas)
        }
    }

    /// How many more run.
    private var others: String {
        let count = scene.scoped.runs.filter { $0.state == .running }.count - 1
        return count > 0 ? "\(count) more, " : ""
    }

    private func none(into canvas: inout Canvas, _ rect: Rect) {
        Rule("Failover").draw(into: &canvas, rect, theme: scene.theme)
        let since = scene.picture.intake.since.map {
            " since \(scene.time.when($0, now: scene.now))"
        }
        scene.paragraph(
            "No failover and no outage seen\(since ?? " so far").",
            role: .dim,
            in: rect.inset(left: 2, top: 1),
            into: &canvas
        )
    }

    private enum Content {
        case title
        case alarm(String, Health)
        case step(FailoverStep)
        case blank
        case objective
        case users
        case cluster
        case lost
    }

    private func lines(_ run: FailoverRun) -> [(content: Content, rank: Int)] {
        let words = RunWords(run, now: scene.now)
        var lines: [(Content, Int)] = [(.title, 0)]
        lines += words.alarms.map { (.alarm($0.text, $0.health), 1) }
        if run.steps.contains(where: { $0.state != .absent }) {
            lines += run.steps.map { step in
                (.step(step), step.state == .running ? 2 : step.state == .done ? 4 : 6)
            }
            lines.append((.blank, 8))
        }
        lines.append((.objective, 1))
        if run.lostWrites != nil { lines.append((.lost, 3)) }
        if run.firstBad == nil || run.firstGood == nil { lines.append((.users, 5)) }
        if run.clusterClaim != nil { lines.append((.cluster, 7)) }
        return lines
    }

    private func draw(
        _ content: Content,
        of run: FailoverRun,
        in row: Rect,
        into canvas: inout Canvas
    ) {
        let words = RunWords(run, now: scene.now)
        let x = row.x + 2
        let limit = row.width - 2
        func say(_ parts: [(String, Role)]) {
            scene.words(parts, x: x, y: row.y, limit: limit, into: &canvas)
        }
        switch content {
        case .blank: break
        case .title: say([(run.service, .strong), ("  " + words.route, .text)])
        case .alarm(let text, let health):
            say([("\(Character(health.glyph)) ", health.role), (text, health.role)])
        case .step(let step): draw(step, of: run, in: row, into: &canvas)
        case .objective:
            ObjectiveLine(scene: scene, run: run).draw(
                into: &canvas,
                x: x,
                y: row.y,
                width: limit,
                labelWidth: 6
            )
        case .lost:
            LostLine(scene: scene, run: run).draw(into: &canvas, x: x, y: row.y, width: limit)
        case .users:
            let bad = run.firstBad.map { scene.time.second($0) }
            let calm =
                run.isWatched ? "no two tries in a row went bad" : "no canary watches it"
            say(
                bad.map { [("users wait since ", .dim), ($0, .text)] }
                    ?? [(calm, .dim)]
            )
        case .cluster:
            say([
                ("cluster's logs say ", .dim),
                (run.clusterClaim.map(Wording.took) ?? "—", .text),
            ])
        }
    }

    private func draw(
        _ step: FailoverStep,
        of run: FailoverRun,
        in row: Rect,
        into canvas: inout Canvas
    ) {
        let theme = scene.theme
        let x = row.x + 2
        let isRunning = step.state == .running
        canvas.text(step.phase.rawValue, x: x, y: row.y, style: theme[isRunning ? .strong : .dim])
        scene.sign(step.health, x: row.right - 1, y: row.y, into: &canvas)
        guard let span = step.span(now: scene.now) else {
            canvas.text(
                "no evidence",
                x: x + 18,
                y: row.y,
                style: theme[.faint],
                limit: row.width - 22
            )
            return
        }
        let took = isRunning ? Wording.soFar(span) : Wording.took(span)
        canvas.text(took, endingAt: x + 16, y: row.y, style: theme[.text])
        PhaseLane(scene: scene, timeline: RunTimeline(run, now: scene.now)).draw(
            from: step.start,
            to: step.end,
            role: isRunning ? .moving : .ok,
            bar: "━",
            x: x + 18,
            y: row.y,
            width: row.width - 18 - 4,
            into: &canvas
        )
    }
}
