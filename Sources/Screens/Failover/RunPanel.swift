import Atlas
import Canvas

/// One run: its phases over time, what users and the cluster say, and what was lost.
struct RunPanel: Panel {
    let scene: Scene
    let rank: Int
    let run: FailoverRun

    private static let nameWidth = 9

    var demand: RowDemand {
        RowDemand(
            least: 3,
            decent: 1 + lines.filter { $0.rank <= 4 }.count,
            most: 1 + lines.count,
            rank: rank,
            isNeeded: true
        )
    }

    private enum Line {
        case axis
        case alarm(String, Health)
        case step(FailoverStep)
        case users
        case blank
        case objective
        case felt
        case fault(Instant)
        case cluster
        case lost
        case estimate(LossEstimate)
    }

    /// With how much each is needed: 0 most.
    private var lines: [(line: Line, rank: Int)] {
        let words = RunWords(run, now: scene.now)
        var lines: [(Line, Int)] = words.alarms.map { (.alarm($0.text, $0.health), 0) }
        let hasSteps = run.steps.contains { $0.state != .absent }
        if hasSteps || run.firstBad != nil { lines.append((.axis, 8)) }
        if hasSteps {
            lines += run.steps.map { step in
                (.step(step), step.state == .running ? 1 : step.state == .done ? 3 : 4)
            }
        }
        if run.firstBad != nil { lines.append((.users, 4)) }
        lines.append((.blank, 9))
        lines.append((.objective, 1))
        lines.append((.lost, 2))
        lines.append((.felt, 3))
        lines.append((.cluster, 5))
        if let fault = run.fault { lines.append((.fault(fault), 7)) }
        if let estimate = run.estimate { lines.append((.estimate(estimate), 7)) }
        return lines
    }

    func draw(into canvas: inout Canvas, _ rect: Rect) {
        let words = RunWords(run, now: scene.now)
        let title = "\(run.service)  \(words.route)"
        Rule(TextWidth.cut(title, to: rect.width), note: note).draw(
            into: &canvas,
            rect,
            theme: scene.theme
        )
        let all = lines
        let kept = all.indices.sorted { (all[$0].rank, $0) < (all[$1].rank, $1) }
            .prefix(rect.height - 1).sorted()
        for (row, index) in kept.enumerated() {
            draw(all[index].line, in: rect.row(row + 1), into: &canvas)
        }
    }

    private var note: String {
        let started = "started " + scene.time.when(run.started, now: scene.now)
        return run.state == .running ? started : started + ", over"
    }

    private var labelWidth: Int { 10 }

    private func draw(_ line: Line, in row: Rect, into canvas: inout Canvas) {
        func say(_ label: String, _ parts: [(String, Role)]) {
            canvas.text(label, x: row.x, y: row.y, style: scene.theme[.dim])
            scene.words(
                parts,
                x: row.x + labelWidth,
                y: row.y,
                limit: row.width - labelWidth,
                into: &canvas
            )
        }
        switch line {
        case .blank: break
        case .axis: axis(in: row, into: &canvas)
        case .alarm(let text, let health):
            scene.words(
                [("\(Character(health.glyph)) \(text)", health.role)],
                x: row.x,
                y: row.y,
                limit: row.width,
                into: &canvas
            )
        case .step(let step): draw(step, in: row, into: &canvas)
        case .users: users(in: row, into: &canvas)
        case .objective:
            ObjectiveLine(scene: scene, run: run).draw(
                into: &canvas,
                x: row.x,
                y: row.y,
                width: min(row.width, 76),
                labelWidth: labelWidth
            )
        case .felt: say("users", feltParts)
        case .cluster: say("cluster", clusterParts)
        case .fault(let fault): say("fault", faultParts(fault))
        case .lost: say("RPO", LostLine(scene: scene, run: run).parts + lossTimes)
        case .estimate(let estimate): say("estimate", estimateParts(estimate))
        }
    }

    // MARK: - Lanes

    private var timeline: RunTimeline { RunTimeline(run, now: scene.now) }

    /// Where the lanes stand; the start column goes when it is narrow.
    private func lane(in row: Rect) -> (startX: Int?, tookRight: Int, x: Int, width: Int) {
        let hasStart = row.width >= 60
        let tookRight = row.x + Self.nameWidth + (hasStart ? 10 : 0) + 8
        let x = tookRight + 2
        return (hasStart ? row.x + Self.nameWidth + 1 : nil, tookRight, x, row.right - 3 - x)
    }

    private func axis(in row: Rect, into canvas: inout Canvas) {
        let lane = lane(in: row)
        let whole = (timeline.end - timeline.start).seconds
        var free = lane.x
        let ticks = timeline.ticks(most: max(2, lane.width / 10))
        for tick in ticks {
            let x = lane.x + Int(Double(tick) / whole * Double(lane.width))
            let text =
                tick >= 600 ? "\(tick / 60) min" : tick == ticks.last ? "\(tick) s" : "\(tick)"
            guard x >= free, x + text.utf8.count <= row.right else { continue }
            free = x + canvas.text(text, x: x, y: row.y, style: scene.theme[.faint]) + 1
        }
    }

    private func draw(_ step: FailoverStep, in row: Rect, into canvas: inout Canvas) {
        let theme = scene.theme
        let lane = lane(in: row)
        let isRunning = step.state == .running
        let nameRole: Role = isRunning ? .strong : step.state == .absent ? .faint : .text
        canvas.text(step.phase.rawValue, x: row.x, y: row.y, style: theme[nameRole])
        scene.sign(step.health, x: row.right - 1, y: row.y, into: &canvas)
        guard let start = step.start, let span = step.span(now: scene.now) else {
            canvas.text("no evidence", x: lane.x, y: row.y, style: theme[.faint], limit: lane.width)
            canvas.text("—", endingAt: lane.tookRight, y: row.y, style: theme[.faint])
            return
        }
        if let x = lane.startX {
            canvas.text(scene.time.second(start), x: x, y: row.y, style: theme[.faint])
        }
        let took = isRunning ? Wording.soFar(span) : Wording.took(span)
        canvas.text(took, endingAt: lane.tookRight, y: row.y, style: theme[.text])
        PhaseLane(scene: scene, timeline: timeline).draw(
            from: start,
            to: step.end,
            role: isRunning ? .moving : .ok,
            bar: "▇",
            x: lane.x,
            y: row.y,
            width: lane.width,
            into: &canvas
        )
        usual(step, span, lane: (lane.x, lane.width), y: row.y, into: &canvas)
    }

    /// Says what is usual beside a phase that takes half as long again.
    private func usual(
        _ step: FailoverStep,
        _ span: Span,
        lane: (x: Int, width: Int),
        y: Int,
        into canvas: inout Canvas
    ) {
        let others = scene.scoped.runs.filter { $0.id != run.id }
        let spans = RunStatistics(of: run.service, among: others).spans(of: step.phase)
        guard spans.count >= 3, let median = RunStatistics.median(spans), let start = step.start,
            span.seconds > median.seconds * 1.5, span > median + .seconds(1)
        else { return }
        let words = " usual \(Wording.took(median)) "
        let columns = timeline.columns(from: start, to: step.end ?? scene.now, width: lane.width)
        if columns.upperBound + words.utf8.count <= lane.width {
            canvas.text(words, x: lane.x + columns.upperBound, y: y, style: scene.theme[.warn])
        } else if columns.lowerBound >= words.utf8.count {
            canvas.text(
                words,
                endingAt: lane.x + columns.lowerBound,
                y: y,
                style: scene.theme[.warn]
            )
        }
    }

    private func users(in row: Rect, into canvas: inout Canvas) {
        let theme = scene.theme
        let lane = lane(in: row)
        guard let firstBad = run.firstBad, let outage = run.outage(at: scene.now) else { return }
        let took = run.firstGood == nil ? Wording.soFar(outage) : Wording.took(outage)
        canvas.text("users", x: row.x, y: row.y, style: theme[.text])
        if let x = lane.startX {
            canvas.text(scene.time.second(firstBad), x: x, y: row.y, style: theme[.faint])
        }
        canvas.text(took, endingAt: lane.tookRight, y: row.y, style: theme[.strong])
        PhaseLane(scene: scene, timeline: timeline).draw(
            from: firstBad,
            to: run.firstGood,
            role: .down,
            bar: "━",
            x: lane.x,
            y: row.y,
            width: lane.width,
            into: &canvas
        )
        scene.sign(run.firstGood == nil ? .down : .ok, x: row.right - 1, y: row.y, into: &canvas)
    }

    // MARK: - Words

    private var feltParts: [(String, Role)] {
        guard let firstBad = run.firstBad else {
            return run.isWatched
                ? [("no two tries in a row went bad", .dim)]
                : [("no canary watches this service", .dim)]
        }
        let parts: [(String, Role)] = [("first bad ", .dim), (scene.time.tenth(firstBad), .text)]
        guard let firstGood = run.firstGood else {
            return parts + [(", first good again: ", .dim), ("not yet", .warn)]
        }
        return parts + [(", first good again ", .dim), (scene.time.tenth(firstGood), .text)]
    }

    private var clusterParts: [(String, Role)] {
        guard let claim = run.clusterClaim else {
            return [("its logs say nothing of how long it took", .dim)]
        }
        var parts: [(String, Role)] = [("its logs say ", .dim), (Wording.took(claim), .text)]
        if let bad = run.firstBad, let good = run.firstGood {
            let difference = (good - bad) - claim
            let isMuch = abs(difference.seconds) > max(1, (good - bad).seconds / 5)
            parts += [
                ("  difference ", isMuch ? .warn : .dim),
                (Wording.took(difference), isMuch ? .warn : .text),
            ]
        }
        return parts
    }

    private func faultParts(_ fault: Instant) -> [(String, Role)] {
        var parts: [(String, Role)] = [(scene.time.tenth(fault), .text)]
        if let firstBad = run.firstBad {
            let before = firstBad - fault
            parts += [
                (", users felt it ", .dim),
                (Wording.took(before < .zero ? Span.zero - before : before), .text),
                (before < .zero ? " before" : " later", .dim),
            ]
        }
        return parts
    }

    private var lossTimes: [(String, Role)] {
        guard let writes = run.lostWrites, let first = writes.firstLost, let last = writes.lastLost
        else { return [] }
        return [(", \(scene.time.second(first)) to \(scene.time.second(last))", .dim)]
    }

    private func estimateParts(_ estimate: LossEstimate) -> [(String, Role)] {
        [
            (estimate.isSourceGone ? "at least " : "", .dim),
            (estimate.span.description, .text),
            (" (\(Wording.amount(estimate)))", .dim),
            (run.rpo.map { " of RPO \(Wording.aim($0))" } ?? "", .dim),
            (", by the link at \(scene.time.second(estimate.asOf))", .dim),
        ]
    }
}
