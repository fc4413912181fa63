package import Atlas

/// What needs somebody, from what is known: pure rules over the parts of a picture.
package enum FindingRules {
    /// All findings, worst first, then the newest first, then by key.
    ///
    /// Texts hold no running ages, so that a quiet picture stays the same.
    package static func all(in picture: Picture) -> [Finding] {
        var findings: [Finding] = []
        for run in picture.failovers.suffix(20) {
            findings += about(run, picture)
        }
        for state in picture.resources where state.health > .maintenance {
            findings += about(state, picture)
        }
        for state in picture.links where state.health > .noData {
            findings.append(about(state, picture))
        }
        for state in picture.sources where state.health > .ok {
            findings.append(
                Finding(
                    key: "source:\(state.name)",
                    health: state.health,
                    subject: state.name,
                    place: place(of: state.resource, picture),
                    title: "\(state.name) is not read",
                    detail: state.reason,
                    since: state.lastLine ?? picture.intake.since ?? picture.at
                )
            )
        }
        for state in picture.sources where state.health == .ok {
            findings += [troubles(of: state, picture), stall(of: state, picture)].compactMap(\.self)
        }
        return findings.sorted {
            ($1.health, $1.since, $0.key) < ($0.health, $0.since, $1.key)
        }
    }

    /// Files that are not read, while others of the source are.
    private static func troubles(of state: SourceState, _ picture: Picture) -> Finding? {
        guard let troubles = state.troubles else { return nil }
        let what = troubles.count == 1 ? "a file is" : "\(troubles.count) files are"
        return Finding(
            key: "unread:\(state.name)",
            health: .warn,
            subject: state.name,
            place: place(of: state.resource, picture),
            title: "\(state.name): \(what) not read",
            detail: troubles.text,
            since: troubles.since
        )
    }

    /// A file that was not read for a while is told for some time, though it is read again.
    private static func stall(of state: SourceState, _ picture: Picture) -> Finding? {
        guard let stalledAt = state.stalledAt, picture.at - stalledAt < .seconds(600) else {
            return nil
        }
        let times = state.stalls > 1 ? ", \(state.stalls) times so far" : ""
        return Finding(
            key: "stalled:\(state.name)",
            health: .warn,
            subject: state.name,
            place: place(of: state.resource, picture),
            title: "\(state.name) was not read for a while",
            detail: state.stall + times,
            since: stalledAt
        )
    }

    private static func about(_ run: FailoverRun, _ picture: Picture) -> [Finding] {
        let place = place(of: run.to ?? run.from, picture)
        func finding(_ kind: String, _ health: Health, _ title: String, _ detail: String) -> Finding
        {
            Finding(
                key: "\(kind):\(run.id)",
                health: health,
                subject: run.service,
                place: place,
                title: title,
                detail: detail,
                since: run.started
            )
        }
        var findings: [Finding] = []
        if run.state == .running {
            let phase =
                run.steps.last { $0.state == .running }?.phase.rawValue ?? "waiting for users"
            findings.append(
                run.kind == .failover
                    ? finding(
                        "failover",
                        .moving,
                        "\(run.service) fails over",
                        route(run) + ": \(phase)"
                    )
                    : finding(
                        "outage",
                        .down,
                        "\(run.service) is out",
                        run.isLedAway
                            ? "users get errors, and are led away from \(run.from ?? "it")"
                            : "users get errors; nobody took over"
                    )
            )
        }
        let isRecent = picture.at - run.started < .seconds(3_600)
        guard isRecent else { return findings }
        if let lost = run.lostWrites, lost.state == .counted, lost.lost > 0 {
            findings.append(
                finding(
                    "lost",
                    .warn,
                    "\(run.service) lost \(lost.lost) writes",
                    "acknowledged before the failover \(route(run))"
                )
            )
        }
        if let rto = run.rto, let outage = run.outage(at: picture.at), outage > rto {
            findings.append(
                finding("rto", .warn, "\(run.service) missed its RTO", "objective \(rto)")
            )
        }
        if run.hasTwoWriters {
            findings.append(
                finding(
                    "writers",
                    .down,
                    "\(run.service) had two writers",
                    "data may have diverged"
                )
            )
        }
        return findings
    }

    private static func route(_ run: FailoverRun) -> String {
        "\(run.from ?? "?") → \(run.to ?? "?")"
    }

    private static func about(_ state: ResourceState, _ picture: Picture) -> [Finding] {
        if state.health == .noData, state.reason == "nothing looks at it" { return [] }
        let word =
            switch state.health {
            case .down: "is down"
            case .noData: "no data"
            case .moving: "is moving"
            case .warn, .maintenance, .ok, .absent: "needs a look"
            }
        guard state.health != .moving else { return [] }
        return [
            Finding(
                key: "resource:\(state.name)",
                health: state.health,
                subject: state.name,
                place: place(of: state.name, picture),
                title: "\(state.name) \(word)",
                detail: state.reason,
                since: state.since
            )
        ]
    }

    private static func about(_ state: LinkState, _ picture: Picture) -> Finding {
        Finding(
            key: "link:\(state.name)",
            health: state.health,
            subject: state.name,
            place: place(of: state.to, picture),
            title: "replication \(state.name)",
            detail: state.reason,
            since: state.since
        )
    }

    private static func place(of resource: String?, _ picture: Picture) -> Place? {
        resource.flatMap { picture.estate.resource(named: $0)?.place }
    }
}
