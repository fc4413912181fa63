import Atlas

extension Updater {
    mutating func move(by rows: Int) {
        let pane = state.pane
        if pane == .lines { return moveLine(by: rows) }
        let ids = scoped.rows(of: pane).map(\.id)
        guard let index = scoped.index(in: pane, among: ids) else { return }
        let new = max(0, min(ids.count - 1, index + rows))
        state.selections[pane] = Selection(id: ids[new], index: new)
        if pane == .runs { forgetEvidence() }
    }

    mutating func movePane(by count: Int) {
        let panes = state.screen.panes
        let index = panes.firstIndex(of: state.pane) ?? 0
        let others = (1..<panes.count).map { step in
            panes[(index + (count > 0 ? step : panes.count - step)) % panes.count]
        }
        // Past those in which there is nowhere to stand.
        guard let next = others.first(where: { !scoped.rows(of: $0).isEmpty }) ?? others.first
        else { return }
        state.panes[state.screen] = next
    }

    /// Marks a layer in the health table, or none (left of the first).
    mutating func moveColumn(by count: Int) {
        guard state.pane == .health, state.scope.layer == nil else { return }
        let layers = picture.estate.layers
        let index = state.column.flatMap { layers.firstIndex(of: $0) } ?? -1
        let new = max(-1, min(layers.count - 1, index + count))
        state.column = new < 0 ? nil : layers[new]
    }

    mutating func enter() {
        switch state.pane {
        case .health where scoped.listsResources: openResource()
        case .health: narrow()
        case .replication:
            let links = scoped.links
            if let index = scoped.index(in: .replication, among: links.map(\.name)) {
                show(pair: links[index].name)
            }
        case .findings: openFinding()
        case .pairs: openPair()
        case .runs: openRun()
        case .evidence: openEvidence()
        case .lines: state.logs.isOpen.toggle()
        case .sources:
            if let source = scoped.source { openLines(from: source.name) }
        }
    }

    private mutating func openPair() {
        guard let pair = scoped.pair else { return }
        openLines(of: [pair.from, pair.to])
    }

    /// To the lines of the resource under the cursor.
    ///
    /// Of one that writes no log: to those of the others that serve the same users with it.
    private mutating func openResource() {
        let resources = scoped.resources
        guard let index = scoped.index(in: .health, among: resources.map(\.name)) else { return }
        let name = resources[index].name
        let writers = Set(picture.sources.compactMap(\.resource))
        let service = picture.estate.services.first { $0.members.contains(name) }
        let others = service?.members.filter(writers.contains) ?? []
        guard !writers.contains(name), let service, !others.isEmpty else {
            return openLines(of: [name])
        }
        openLines(of: others)
        state.notice = Notice("\(name) has no log of its own: these are of \(service.name)")
    }

    /// To its evidence; the cursor goes to the first piece that is a line of a log.
    private mutating func openRun() {
        state.panes[.failover] = .evidence
        guard state.selections[.evidence] == nil,
            let first = scoped.run?.evidence.firstIndex(where: { $0.line != nil })
        else { return }
        state.selections[.evidence] = Selection(id: "\(first)", index: first)
    }

    /// A line of a log in the logs, anything else in place.
    private mutating func openEvidence() {
        guard let run = scoped.run, let index = scoped.index(in: .evidence) else { return }
        if !openLine(of: run.evidence[index]) { state.isEvidenceOpen.toggle() }
    }

    /// Into the place under the cursor, and the layer, if one is marked.
    private mutating func narrow() {
        let places = scoped.places.map(\.place)
        let ids = places.map(\.description)
        guard let index = scoped.index(in: .health, among: ids) else { return }
        state.scope = Scope(place: places[index], layer: state.column ?? state.scope.layer)
        state.column = nil
        state.selections[.health] = nil
    }

    private mutating func show(pair name: String) {
        state.screen = .replication
        let index = scoped.pairs.firstIndex { $0.name == name } ?? 0
        state.selections[.pairs] = Selection(id: name, index: index)
    }

    /// To what it is about, with the cursor where one more Enter opens the lines behind it.
    private mutating func openFinding() {
        let findings = scoped.findings
        guard let index = scoped.index(in: .findings, among: findings.map(\.key)) else { return }
        let finding = findings[index]
        let runs = scoped.runs
        let run = runs.firstIndex { run in
            finding.key.hasSuffix(run.id)
                || (run.service == finding.subject && run.state == .running)
        }
        if let run {
            state.selections[.runs] = Selection(id: runs[run].id, index: run)
            forgetEvidence()
            state.screen = .failover
            return openRun()
        }
        if finding.key.hasPrefix("link:") { return show(pair: finding.subject) }
        if finding.key.hasPrefix("source:") || finding.key.hasPrefix("stalled:") {
            let name = picture.sources.first { $0.name == finding.subject }.map {
                $0.partOf ?? $0.name
            }
            guard let name else { return }
            state.screen = .sources
            state.selections[.sources] = Selection(id: name, index: 0)
            return
        }
        let resource = picture.estate.resource(named: finding.subject)
        guard let place = finding.place ?? resource?.place else { return }
        state.scope = Scope(place: place, layer: resource?.layer)
        state.panes[.overview] = .health
        state.selections[.health] = resource.map { Selection(id: $0.name, index: 0) }
    }

    /// One step out; false when there is nothing to leave.
    mutating func back() -> Bool {
        if state.screen == .logs, backFromLogs() {
            return true
        } else if state.isEvidenceOpen {
            state.isEvidenceOpen = false
        } else if state.screen == .failover, state.pane == .evidence {
            state.panes[.failover] = .runs
        } else if state.column != nil {
            state.column = nil
        } else if !state.filter.isEmpty {
            state.filter = Filter()
        } else if !state.scope.isAll {
            state.scope = state.scope.parent
            state.selections[.health] = nil
        } else {
            return false
        }
        return true
    }

    private mutating func forgetEvidence() {
        state.selections[.evidence] = nil
        state.isEvidenceOpen = false
    }
}
