import Atlas

/// A picture as text for people, in UTC.
enum ReportText {
    static func whole(_ picture: Picture) -> String {
        [
            head(picture), failovers(picture.failovers, at: picture.at), services(picture.services),
            links(picture.links), health(picture), sources(picture),
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// What needs somebody, and the health of all that is watched.
    static func needs(_ picture: Picture) -> String {
        let parts = [findings(picture.findings), health(picture), sources(picture)]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func findings(_ findings: [Finding]) -> String {
        guard !findings.isEmpty else { return "Nothing needs anybody\n" }
        var table = TextTable(["state", "since", "", ""])
        for finding in findings {
            table.add([
                finding.health.rawValue, finding.since.description, finding.title, finding.detail,
            ])
        }
        return "Needs somebody\n" + table.text
    }

    static func failovers(_ runs: [FailoverRun], at now: Instant) -> String {
        guard !runs.isEmpty else { return "Failovers: none\n" }
        return "Failovers\n" + runs.map { run($0, at: now) }.joined(separator: "\n")
    }

    static func links(_ links: [LinkState]) -> String {
        guard !links.isEmpty else { return "" }
        var table = TextTable(["link", "path", "state", "lost if it failed over now", "RPO", ""])
        for link in links {
            table.add([
                link.name, "\(link.from) → \(link.to)", link.health.rawValue,
                link.loss.map(loss) ?? "not known", link.rpo.map(\.description) ?? "-", link.reason,
            ])
        }
        return "Replication\n" + table.text
    }

    static func health(_ picture: Picture) -> String {
        guard !picture.resources.isEmpty else { return "" }
        var table = TextTable(["resource", "place", "layer", "state", "role", ""])
        for state in picture.resources {
            let resource = picture.estate.resource(named: state.name)
            table.add([
                state.name, resource?.place.description ?? "", resource?.layer ?? "",
                state.health.rawValue, state.role?.rawValue ?? "-", state.reason,
            ])
        }
        return "Health\n" + table.text
    }

    private static func head(_ picture: Picture) -> String {
        let since = picture.intake.since ?? picture.at
        let intake = picture.intake
        return """
            \(picture.estate.name.isEmpty ? "estate" : picture.estate.name): \(since) to \
            \(picture.at), \(picture.at - since)
            \(intake.lines) lines, \(intake.replies) replies, \(intake.tries) tries, \
            \(intake.rejected) unreadable

            """
    }

    private static func run(_ run: FailoverRun, at now: Instant) -> String {
        var table = TextTable(["", "", "", ""])
        let route = "\(run.from ?? "?") → \(run.to ?? "?")"
        let outage =
            "outage, "
            + (run.isLedAway ? "users led away from \(run.from ?? "?")" : "nobody took over")
        let head =
            "  \(run.started)  \(run.service)  "
            + (run.kind == .failover ? route : outage)
            + "  \(run.state.rawValue)\n"
        for step in run.steps {
            table.add([
                "    " + step.phase.rawValue,
                step.took?.description ?? (step.state == .absent ? "no evidence" : "goes on"),
                step.start.map { "at \($0)" } ?? "",
                "",
            ])
        }
        return head + table.body + effects(run, at: now)
    }

    private static func effects(_ run: FailoverRun, at now: Instant) -> String {
        var lines: [String] = []
        if let outage = run.outage(at: now), let firstBad = run.firstBad {
            let end = run.firstGood.map { "to \($0)" } ?? "and still"
            let objective = run.rto.map { ", objective \($0)" } ?? ""
            lines.append("users without it \(exact(outage))\(objective) (from \(firstBad) \(end))")
        } else {
            lines.append(
                run.isWatched ? "users felt no outage" : "users: no canary looks at it"
            )
        }
        if let fault = run.fault, let firstBad = run.firstBad {
            lines.append("fault at \(fault), \(exact(firstBad - fault)) before the first bad try")
        }
        if let claim = run.clusterClaim {
            lines.append("the cluster's own logs span \(exact(claim))")
        }
        if let lost = run.lostWrites { lines.append(writes(lost)) }
        if let estimate = run.estimate { lines.append("expected to lose \(loss(estimate))") }
        if let second = run.secondOutage { lines.append("a second outage of \(exact(second))") }
        if run.hasTwoWriters { lines.append("two members took writes at once") }
        return lines.map { "    \($0)\n" }.joined()
    }

    private static func writes(_ lost: LostWrites) -> String {
        switch lost.state {
        case .pending: "lost writes: not counted so far"
        case .unknown: "lost writes: not known, \(lost.reason)"
        case .counted: "lost writes: \(lost.lost) of \(lost.acknowledged) acknowledged"
        }
    }

    private static func loss(_ loss: LossEstimate) -> String {
        "\(loss.isSourceGone ? "at least " : "")\(loss.span) (\(loss.amount) \(loss.unit.rawValue))"
    }

    private static func exact(_ span: Span) -> String {
        let milliseconds = Int(span.milliseconds.rounded())
        return "\(milliseconds / 1_000).\(padded(abs(milliseconds % 1_000), 3)) s"
    }

    private static func services(_ services: [ServiceState]) -> String {
        guard !services.isEmpty else { return "" }
        var table = TextTable(["service", "state", "served by", "good", "bad", ""])
        for state in services {
            table.add([
                state.name, state.health.rawValue, state.serving ?? "?", "\(state.good)",
                "\(state.bad)", state.reason,
            ])
        }
        return "Services\n" + table.text
    }

    private static func sources(_ picture: Picture) -> String {
        guard !picture.sources.isEmpty else { return "" }
        var table = TextTable([
            "source", "state", "lines", "not parsed", "cut", "dropped", "by rules", "redacted",
            "rotations", "behind", "",
        ])
        for state in picture.sources {
            table.add([
                state.name, state.health.rawValue, "\(state.lines)", "\(state.unparsed)",
                "\(state.cut)", "\(state.dropped)", "\(state.ruledOut)",
                "\(state.redacted ?? 0)", "\(state.rotations)",
                state.lag == 0 ? "" : "\(state.lag) B", state.reason,
            ])
        }
        return "Sources\n" + table.text
    }
}
