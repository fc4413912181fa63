import Atlas

/// The picture through scope and filter: the rows of every list, in the order shown.
struct Scoped {
    let picture: Picture
    let state: ViewState
    private let byName: [String: Resource]

    init(_ picture: Picture, _ state: ViewState) {
        self.picture = picture
        self.state = state
        self.byName = Dictionary(
            picture.estate.resources.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    func resource(_ name: String?) -> Resource? { name.flatMap { byName[$0] } }

    /// True while the health table lists resources, not places.
    var listsResources: Bool {
        state.scope.layer != nil || state.scope.place?.zone != nil
            || state.scope.place.map { place in !hasZones(place) } ?? false
    }

    private func hasZones(_ place: Place) -> Bool {
        picture.estate.areas.contains { $0.name == place.area && !$0.zones.isEmpty }
    }

    /// In the order of the estate.
    var places: [PlaceHealth] {
        picture.places.filter { row in
            (state.scope.place?.holds(row.place) ?? true)
                && state.filter.matches(words(of: row.place))
        }
    }

    /// Worst first, then as in the estate.
    var resources: [ResourceState] {
        let shown = picture.resources.filter { row in
            guard let resource = byName[row.name] else { return state.scope.isAll }
            return state.scope.holds(resource)
                && state.filter.matches("\(row.name) \(resource.place) \(row.reason)")
        }
        return shown.enumerated()
            .sorted { ($1.element.health, $0.offset) < ($0.element.health, $1.offset) }
            .map(\.element)
    }

    /// The one that loses most of its RPO first, then as in the estate.
    var links: [LinkState] {
        let shown = picture.links.filter { link in
            isInScope([link.from, link.to])
                && state.filter.matches("\(link.from) \(link.to) \(link.kind) \(link.reason)")
        }
        return shown.enumerated()
            .sorted { ($1.element.health, $0.offset) < ($0.element.health, $1.offset) }
            .map(\.element)
    }

    /// The one that uses most of its RPO first, then the worst, then as in the estate.
    ///
    /// In steps of a tenth of the RPO, so that rows do not change places all the time. A loss that
    /// is not known, of a link that is not well, is worse than any that is.
    var pairs: [LinkState] {
        func use(_ link: LinkState) -> Int {
            guard let budget = link.budget else { return link.health >= .warn ? .max : -1 }
            return Int(min(budget, 1_000) * 10)
        }
        return links.enumerated()
            .sorted { (use($1.element), $0.offset) < (use($0.element), $1.offset) }
            .map(\.element)
    }

    /// The pair under the cursor; nil when there is none.
    var pair: LinkState? {
        let pairs = pairs
        return index(in: .pairs, among: pairs.map(\.name)).map { pairs[$0] }
    }

    /// The worst first, then the one that is furthest behind, then as in the plan; without the
    /// parts that rules make of one.
    var sources: [SourceState] {
        let shown = picture.sources.filter { source in
            source.partOf == nil && isInScope([source.resource].compactMap { $0 })
                && state.filter.matches(
                    "\(source.name) \(source.place) \(source.format) \(source.reason)"
                )
        }
        return shown.enumerated()
            .sorted { left, right in
                let (one, other) = (left.element, right.element)
                return (other.health, other.lag, left.offset)
                    < (one.health, one.lag, right.offset)
            }
            .map(\.element)
    }

    /// The source under the cursor; nil when there is none.
    var source: SourceState? {
        let sources = sources
        return index(in: .sources, among: sources.map(\.name)).map { sources[$0] }
    }

    /// In the order of the estate.
    var services: [ServiceState] {
        picture.services.filter { service in
            isInScope(picture.estate.service(named: service.name)?.members ?? [])
                && state.filter.matches("\(service.name) \(service.reason)")
        }
    }

    /// Worst first.
    var findings: [Finding] {
        picture.findings.filter { finding in
            isInScope(finding)
                && state.filter.matches("\(finding.title) \(finding.detail) \(finding.subject)")
        }
    }

    /// Newest first.
    var runs: [FailoverRun] {
        picture.failovers.reversed().filter { run in
            let members = picture.estate.service(named: run.service)?.members ?? []
            return isInScope(members + [run.from, run.to].compactMap { $0 })
                && state.filter.matches("\(run.service) \(run.from ?? "") \(run.to ?? "")")
        }
    }

    /// The run under the cursor; nil when there is none.
    var run: FailoverRun? {
        let runs = runs
        return index(in: .runs, among: runs.map(\.id)).map { runs[$0] }
    }

    /// What the overview tells about: the newest that runs, or the newest.
    var notableRun: FailoverRun? {
        runs.first { $0.state == .running } ?? runs.first
    }

    private func isInScope(_ names: [String]) -> Bool {
        state.scope.isAll
            || names.contains { name in byName[name].map(state.scope.holds) ?? false }
    }

    private func isInScope(_ finding: Finding) -> Bool {
        if state.scope.isAll { return true }
        let estate = picture.estate
        if byName[finding.subject] != nil { return isInScope([finding.subject]) }
        if let link = picture.links.first(where: { $0.name == finding.subject }) {
            return isInScope([link.from, link.to])
        }
        if let service = estate.service(named: finding.subject) {
            return isInScope(service.members)
        }
        guard let place = finding.place, let scope = state.scope.place else { return true }
        return scope.holds(place) || place.holds(scope)
    }

    func words(of place: Place) -> String {
        let code = picture.estate.areas.first { $0.name == place.area }?.code ?? ""
        return "\(place) \(code)"
    }
}

// MARK: - Rows and the cursor

/// A row of a list: what it is, and what copying it gives.
struct PaneRow {
    var id: String
    var text: String
}

extension Scoped {
    func rows(of pane: Pane) -> [PaneRow] {
        switch pane {
        case .health where listsResources:
            resources.map {
                PaneRow(id: $0.name, text: "\($0.name) \($0.health.word) \($0.reason)")
            }
        case .health:
            places.map { row in
                let layers = zip(picture.estate.layers, row.layers)
                    .filter { $0.1.total > 0 }
                    .map { "\($0.0) \($0.1.ok)/\($0.1.total) \($0.1.health.word)" }
                return PaneRow(
                    id: row.place.description,
                    text: "\(row.place): \(layers.joined(separator: ", "))"
                )
            }
        case .replication, .pairs:
            (pane == .pairs ? pairs : links).map { link in
                let lag = link.loss.map { Wording.lag($0.span, rpo: link.rpo) } ?? "lag not known"
                return PaneRow(
                    id: link.name,
                    text: "\(link.from) → \(link.to) \(link.kind) \(lag) \(link.reason)"
                )
            }
        case .findings:
            findings.map { PaneRow(id: $0.key, text: "\($0.title): \($0.detail)") }
        case .runs:
            runs.map { run in
                let outage = run.outage(at: picture.at).map(Wording.took) ?? "not seen by a canary"
                return PaneRow(
                    id: run.id,
                    text: "\(run.id) \(run.from ?? "?") → \(run.to ?? "?") \(run.started) \(outage)"
                )
            }
        case .evidence:
            (run?.evidence ?? []).enumerated().map { index, evidence in
                PaneRow(
                    id: "\(index)",
                    text: "\(evidence.at) \(evidence.subject) \(evidence.text)"
                )
            }
        case .sources:
            sources.map { source in
                let words = SourceWords(source, now: picture.at)
                return PaneRow(
                    id: source.name,
                    text: "\(source.name) \(source.health.word) \(words.rate) lines/s, "
                        + "behind \(words.behind), dropped \(source.dropped) \(source.reason)"
                )
            }
        case .lines:
            state.logs.rows.map { row in
                PaneRow(
                    id: "\(row.number)",
                    text: "\(row.time) \(row.resource ?? row.source) \(row.level.name) \(row.text)"
                )
            }
        }
    }

    /// Where the cursor of a list stands; nil when the list is empty.
    func index(in pane: Pane, among ids: [String]) -> Int? {
        guard !ids.isEmpty else { return nil }
        if pane == .lines { return state.logs.index }
        guard let selection = state.selections[pane] else { return 0 }
        return ids.firstIndex(of: selection.id) ?? min(selection.index, ids.count - 1)
    }

    func index(in pane: Pane) -> Int? {
        index(in: pane, among: rows(of: pane).map(\.id))
    }
}
