/// One fact that a probe's reply holds; what the decoders of all systems have in common.
package enum Observation: Hashable, Sendable {
    /// Which part the resource plays in its replication.
    case role(ReplicationRole)
    /// How far its own log of changes is.
    case position(LogPosition)
    /// It is a standby and receives from somebody (nil: from nobody just now).
    case upstream(String?)
    /// A standby that this primary feeds.
    case peer(ReplicationPeer)
    /// The standby does not apply what it receives, on purpose.
    case replayPaused(Bool)
    /// A figure worth a graph.
    case metric(MetricSample)
}

package enum ReplicationRole: String, Codable, Hashable, Sendable {
    case primary
    case standby
}

/// What positions in a replicated log of changes count.
package enum LogUnit: String, Codable, Hashable, Sendable {
    /// Byte offsets (PostgreSQL: LSN).
    case bytes
    /// Numbered transactions (MariaDB: sequence numbers of GTIDs).
    case transactions
}

/// Positions in a replicated log of changes.
package struct LogPosition: Codable, Hashable, Sendable {
    /// The generation of the log; grows by a promotion (PostgreSQL: timeline), 1 where a system
    /// numbers none.
    package var timeline: Int
    /// A primary: written.
    ///
    /// A standby: received and flushed.
    package var received: Int64
    /// Applied; on a primary the same as `received`.
    package var applied: Int64
    package var unit: LogUnit

    package init(timeline: Int, received: Int64, applied: Int64, unit: LogUnit = .bytes) {
        self.timeline = timeline
        self.received = received
        self.applied = applied
        self.unit = unit
    }
}

/// A standby as its primary sees it.
package struct ReplicationPeer: Codable, Hashable, Sendable {
    package var name: String
    /// The system's own word, such as `streaming` or `catchup`.
    package var state: String
    /// What the standby confirmed as flushed; nil when it confirmed nothing so far.
    package var flushed: Int64?
    package var applied: Int64?
    package var isSynchronous: Bool

    package init(
        name: String,
        state: String,
        flushed: Int64?,
        applied: Int64?,
        isSynchronous: Bool
    ) {
        self.name = name
        self.state = state
        self.flushed = flushed
        self.applied = applied
        self.isSynchronous = isSynchronous
    }
}

/// One value of one metric.
package struct MetricSample: Codable, Hashable, Sendable {
    /// Stable name, such as `connections`.
    package var name: String
    package var value: Double
    /// A short unit, such as `B`, `1/s`; empty for a bare count.
    package var unit: String

    package init(name: String, value: Double, unit: String = "") {
        self.name = name
        self.value = value
        self.unit = unit
    }
}
