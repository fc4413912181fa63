/// Something that changed in the picture, as an account of what happened tells it.
package struct EstateEvent: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The ingester began to watch, or took another plan.
        case run
        /// A resource, link, service or source is well or ill in another way.
        case health
        /// A resource plays another part in its replication.
        case role
        /// A link's data flows another way.
        case direction
        /// Another member serves.
        case serving
        /// A failover or an outage: it begins, ends, or turns out to be the other of both.
        case failover
        /// What needs somebody and is no state of one of the above: it comes, or is over.
        case finding
        /// A note.
        case mark
    }

    /// By the picture; not after the change was kept, up to a second before.
    package var at: Instant
    package var kind: Kind
    /// The resource, link, service or source; empty where it is about none.
    package var subject: String
    /// What it is now, or was when it ended.
    package var health: Health
    /// What it was before; nil for what begins.
    package var from: String?
    /// What it is now; nil for what is over.
    package var to: String?
    /// Why, or what it says.
    package var text: String

    package init(
        _ kind: Kind,
        _ subject: String,
        at: Instant,
        health: Health,
        from: String? = nil,
        to: String? = nil,
        text: String = ""
    ) {
        self.at = at
        self.kind = kind
        self.subject = subject
        self.health = health
        self.from = from
        self.to = to
        self.text = text
    }
}

extension PicturePart {
    /// Kinds of parts that are states: a new run knows nothing of them.
    package static let states: Set<String> = ["link", "resource", "service", "source"]

    /// Kinds of parts whose changes tell events.
    package static let eventful = states.union(["failover", "findings", "marks"])

    /// What happened to a part since its older self, kept at `instant`.
    ///
    /// A part that was not there before tells of failovers, findings and notes only; nor is it an
    /// event that something is well at the first look.
    package func events(since old: PicturePart?, at instant: Instant) -> [EstateEvent] {
        switch (self, old) {
        case (.resource(let new), .resource(let old)):
            let isFirst = old.heard == nil && old.role == nil
            return Self.health(new, was: old.health, isFirst: isFirst, at: instant)
                + Self.change(
                    .role,
                    new.name,
                    isFirst ? new.role?.rawValue : old.role?.rawValue,
                    new.role?.rawValue,
                    new.health,
                    instant
                )
        case (.link(let new), .link(let old)):
            let isFirst = old.loss == nil && old.history.allSatisfy { $0 == nil }
            return Self.health(new, was: old.health, isFirst: isFirst, at: instant)
                + Self.change(
                    .direction,
                    new.name,
                    "\(old.from) → \(old.to)",
                    "\(new.from) → \(new.to)",
                    new.health,
                    instant
                )
        case (.service(let new), .service(let old)):
            let isFirst = old.good + old.bad == 0
            return Self.health(new, was: old.health, isFirst: isFirst, at: instant)
                + Self.change(
                    .serving,
                    new.name,
                    old.serving ?? new.serving,
                    new.serving,
                    new.health,
                    instant
                )
        case (.source(let new), .source(let old)):
            return Self.health(new, was: old.health, isFirst: old.lines == 0, at: instant)
        case (.failover(let new), .failover(let old)):
            return Self.failover(new, old.started == new.started ? old : nil, instant)
        case (.failover(let new), _): return Self.failover(new, nil, instant)
        case (.findings(let new), .findings(let old)): return Self.findings(new, old, instant)
        case (.findings(let new), _): return Self.findings(new, [], instant)
        case (.marks(let new), .marks(let old)): return Self.marks(new, old, instant)
        case (.marks(let new), _): return Self.marks(new, [], instant)
        default: return []
        }
    }

    private static func health(
        _ new: some Condition,
        was old: Health,
        isFirst: Bool,
        at instant: Instant
    ) -> [EstateEvent] {
        guard old != new.health, !(isFirst && old == .noData && new.health == .ok) else {
            return []
        }
        return [
            EstateEvent(
                .health,
                new.name,
                at: min(new.began ?? instant, instant),
                health: new.health,
                from: old.rawValue,
                to: new.health.rawValue,
                text: new.reason
            )
        ]
    }

    private static func change(
        _ kind: EstateEvent.Kind,
        _ subject: String,
        _ old: String?,
        _ new: String?,
        _ health: Health,
        _ instant: Instant
    ) -> [EstateEvent] {
        guard old != new else { return [] }
        return [EstateEvent(kind, subject, at: instant, health: health, from: old, to: new)]
    }

    private static func failover(
        _ new: FailoverRun,
        _ old: FailoverRun?,
        _ instant: Instant
    ) -> [EstateEvent] {
        func event(_ at: Instant, _ health: Health, _ from: String?, _ to: String?) -> EstateEvent {
            let route = new.kind == .failover ? "\(new.from ?? "?") → \(new.to ?? "?")" : ""
            let outage = new.state == .running ? nil : new.outage(at: instant)
            let words = [new.kind.rawValue, route, outage.map { "users waited \($0)" } ?? ""]
            return EstateEvent(
                .failover,
                new.service,
                at: min(at, instant),
                health: health,
                from: from,
                to: to,
                text: words.filter { !$0.isEmpty }.joined(separator: ", ")
            )
        }
        let isOver = new.state != .running
        let end = new.firstGood ?? new.steps.compactMap(\.end).max() ?? instant
        guard let old else {
            let began = event(new.started, .moving, nil, FailoverRun.State.running.rawValue)
            guard isOver else { return [began] }
            return [began, event(end, .ok, FailoverRun.State.running.rawValue, new.state.rawValue)]
        }
        if old.state != new.state {
            return [event(isOver ? end : instant, .ok, old.state.rawValue, new.state.rawValue)]
        }
        guard old.kind != new.kind else { return [] }
        return [event(instant, .moving, old.kind.rawValue, new.kind.rawValue)]
    }

    /// Findings that say a state again, which is an event already.
    private static let told = ["resource", "link", "source", "failover", "outage"]
    /// They say what happened, and are dropped when it is long ago: that is no end.
    private static let lasting = ["lost", "rto", "writers"]

    private static func findings(
        _ new: [Finding],
        _ old: [Finding],
        _ instant: Instant
    ) -> [EstateEvent] {
        func isNew(_ finding: Finding, to others: [Finding], but kinds: [String]) -> Bool {
            !kinds.contains { finding.key.hasPrefix($0 + ":") }
                && !others.contains { $0.key == finding.key }
        }
        let began = new.filter { isNew($0, to: old, but: told) }
        let ended = old.filter { isNew($0, to: new, but: told + lasting) }
        return began.map { finding in
            EstateEvent(
                .finding,
                finding.subject,
                at: min(finding.since, instant),
                health: finding.health,
                to: finding.title,
                text: finding.detail
            )
        }
            + ended.map { finding in
                EstateEvent(
                    .finding,
                    finding.subject,
                    at: instant,
                    health: .ok,
                    from: finding.title
                )
            }
    }

    /// They are in the order in which they were made, and the oldest go.
    private static func marks(_ new: [Mark], _ old: [Mark], _ instant: Instant) -> [EstateEvent] {
        let known = Set(old)
        return new.filter { $0.kind == .note && !known.contains($0) }.map { mark in
            EstateEvent(.mark, "", at: min(mark.at, instant), health: .ok, text: mark.text)
        }
    }
}

/// How well something is, and why.
private protocol Condition {
    var name: String { get }
    var health: Health { get }
    var reason: String { get }
    /// Since when; nil where it does not say.
    var began: Instant? { get }
}

extension ResourceState: Condition { fileprivate var began: Instant? { since } }
extension LinkState: Condition { fileprivate var began: Instant? { since } }
extension ServiceState: Condition { fileprivate var began: Instant? { since } }
extension SourceState: Condition { fileprivate var began: Instant? { nil } }
