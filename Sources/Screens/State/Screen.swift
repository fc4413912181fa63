/// The screens that exist; the raw value is the key that opens it.
package enum Screen: Int, Hashable, Sendable, CaseIterable {
    case overview = 1
    case replication = 2
    case failover = 3
    case logs = 4
    case sources = 5

    package var title: String {
        switch self {
        case .overview: "Overview"
        case .replication: "Replication"
        case .failover: "Failover"
        case .logs: "Logs"
        case .sources: "Sources"
        }
    }

    /// What `--screen` and the command prompt call it.
    package var name: String { title.lowercased() }

    /// The lists on it that a cursor can stand in, in the order of Tab.
    package var panes: [Pane] {
        switch self {
        case .overview: [.health, .findings, .replication]
        case .replication: [.pairs]
        case .failover: [.runs, .evidence]
        case .logs: [.lines]
        case .sources: [.sources]
        }
    }
}

/// A list that a cursor can stand in.
package enum Pane: Hashable, Sendable, CaseIterable {
    case health
    case replication
    case findings
    case pairs
    case runs
    case evidence
    case lines
    case sources
}
