/// A piece of the picture that changes by itself: what the history keeps and a reader fetches.
package enum PicturePart: Codable, Hashable, Sendable {
    case clock(Instant)
    case estate(Estate)
    case places([PlaceHealth])
    case resource(ResourceState)
    case link(LinkState)
    case service(ServiceState)
    case failover(FailoverRun)
    case findings([Finding])
    case source(SourceState)
    case rates(LogRates)
    case marks([Mark])
    case intake(Intake)

    package var kind: String {
        switch self {
        case .clock: "clock"
        case .estate: "estate"
        case .places: "places"
        case .resource: "resource"
        case .link: "link"
        case .service: "service"
        case .failover: "failover"
        case .findings: "findings"
        case .source: "source"
        case .rates: "rates"
        case .marks: "marks"
        case .intake: "intake"
        }
    }

    /// Which one of its kind; empty where there is but one.
    package var key: String {
        switch self {
        case .resource(let state): state.name
        case .link(let state): state.name
        case .service(let state): state.name
        case .failover(let run): run.id
        case .source(let state): state.name
        case .clock, .estate, .places, .findings, .rates, .marks, .intake: ""
        }
    }
}

extension Picture {
    /// All parts, in an order in which they can be applied to an empty picture.
    package var parts: [PicturePart] {
        var parts: [PicturePart] = [.estate(estate), .clock(at), .places(places)]
        parts += resources.map(PicturePart.resource)
        parts += links.map(PicturePart.link)
        parts += services.map(PicturePart.service)
        parts += failovers.map(PicturePart.failover)
        parts += [.findings(findings)]
        parts += sources.map(PicturePart.source)
        parts += [.rates(rates), .marks(marks), .intake(intake)]
        return parts
    }

    /// The parts in which this picture differs from an older one of the same run.
    package func changes(since old: Picture) -> [PicturePart] {
        var changes: [PicturePart] = []
        if estate != old.estate { changes.append(.estate(estate)) }
        if at != old.at { changes.append(.clock(at)) }
        if places != old.places { changes.append(.places(places)) }
        changes += Self.differing(resources, old.resources, PicturePart.resource)
        changes += Self.differing(links, old.links, PicturePart.link)
        changes += Self.differing(services, old.services, PicturePart.service)
        changes += Self.differing(failovers, old.failovers, PicturePart.failover)
        if findings != old.findings { changes.append(.findings(findings)) }
        changes += Self.differing(sources, old.sources, PicturePart.source)
        if rates != old.rates { changes.append(.rates(rates)) }
        if marks != old.marks { changes.append(.marks(marks)) }
        if intake != old.intake { changes.append(.intake(intake)) }
        return changes
    }

    /// Puts a part in the place of its older self, or behind the others of its kind.
    package mutating func apply(_ part: PicturePart) {
        switch part {
        case .clock(let instant): at = instant
        case .estate(let new): estate = new
        case .places(let new): places = new
        case .resource(let state): Self.put(state, into: &resources) { $0.name == state.name }
        case .link(let state): Self.put(state, into: &links) { $0.name == state.name }
        case .service(let state): Self.put(state, into: &services) { $0.name == state.name }
        case .failover(let run): Self.put(run, into: &failovers) { $0.id == run.id }
        case .findings(let new): findings = new
        case .source(let state): Self.put(state, into: &sources) { $0.name == state.name }
        case .rates(let new): rates = new
        case .marks(let new): marks = new
        case .intake(let new): intake = new
        }
    }

    private static func differing<State: Equatable>(
        _ new: [State],
        _ old: [State],
        _ part: (State) -> PicturePart
    ) -> [PicturePart] {
        new.indices.filter { $0 >= old.count || new[$0] != old[$0] }.map { part(new[$0]) }
    }

    private static func put<State>(
        _ state: State,
        into states: inout [State],
        where isSame: (State) -> Bool
    ) {
        if let index = states.firstIndex(where: isSame) {
            states[index] = state
        } else {
            states.append(state)
        }
    }
}
