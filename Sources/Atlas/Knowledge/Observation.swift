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
    /// A total of which the growth is worth a graph.
    case counter(CounterSample)
    /// What it says of its own health, and why in a few words.
    case health(Health, reason: String)
    /// What it says of a link that it is an end of.
    case link(LinkReport)
    /// Something that happened to it.
    case event(ProbeEvent)
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

/// A total that only grows, such as bytes sent since the start.
///
/// From two of them the fold works out a metric of the same name; the first alone gives none, and
/// neither does one that fell (a restart) or a clock that was set between the two.
package struct CounterSample: Codable, Hashable, Sendable {
    /// A metric that needs a look.
    package struct Limit: Codable, Hashable, Sendable {
        /// The metric from which on it does.
        package var from: Double
        /// Why, in a few words that the figure is put behind.
        package var reason: String

        package init(from: Double, reason: String) {
            self.from = from
            self.reason = reason
        }
    }

    package var name: String
    package var total: Double
    /// The unit of what is worked out, not of the total: `B/s`, `%`.
    package var unit: String
    /// What the growth is divided by: the growth of another total, such as all requests.
    ///
    /// Nil divides it by the seconds between the two questions.
    package var whole: Double?
    /// Nil where no value of it is trouble.
    package var limit: Limit?

    package init(
        name: String,
        total: Double,
        unit: String,
        whole: Double? = nil,
        limit: Limit? = nil
    ) {
        self.name = name
        self.total = total
        self.unit = unit
        self.whole = whole
        self.limit = limit
    }
}

/// A link as one of its ends sees it, told whole instead of by positions.
package struct LinkReport: Codable, Hashable, Sendable {
    /// The name of the link in the estate.
    package var name: String
    package var health: Health
    package var reason: String
    /// What the target has not received, in time; nil when that is not told.
    package var behind: Span?
    /// The same in bytes.
    package var bytes: Int64?

    package init(
        name: String,
        health: Health,
        reason: String = "",
        behind: Span? = nil,
        bytes: Int64? = nil
    ) {
        self.name = name
        self.health = health
        self.reason = reason
        self.behind = behind
        self.bytes = bytes
    }
}

/// Something that a probe's reply says happened.
///
/// The same one may be told again and again; it happened once.
package struct ProbeEvent: Codable, Hashable, Sendable {
    /// Nil when the reply does not say when.
    package var at: Instant?
    package var level: Level
    package var text: String

    package init(at: Instant?, level: Level, text: String) {
        self.at = at
        self.level = level
        self.text = text
    }
}
