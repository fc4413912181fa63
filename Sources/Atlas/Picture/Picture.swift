/// What is known now: the only value that screens and commands read.
///
/// Made by Pipeline, kept part by part in the history, the same for the same inputs.
package struct Picture: Codable, Hashable, Sendable {
    /// The newest input's time.
    package var at: Instant
    package var estate: Estate
    /// In the order of the estate.
    package var places: [PlaceHealth]
    /// In the order of the estate.
    package var resources: [ResourceState]
    /// In the order of the estate.
    package var links: [LinkState]
    /// In the order of the estate.
    package var services: [ServiceState]
    /// Oldest first.
    package var failovers: [FailoverRun]
    /// What needs somebody, worst first.
    package var findings: [Finding]
    /// In the order of the plan.
    package var sources: [SourceState]
    package var rates: LogRates
    /// Oldest first; the newest 1,000.
    package var marks: [Mark]
    package var intake: Intake

    package init(at: Instant, estate: Estate) {
        self.at = at
        self.estate = estate
        self.places = []
        self.resources = []
        self.links = []
        self.services = []
        self.failovers = []
        self.findings = []
        self.sources = []
        self.rates = LogRates()
        self.marks = []
        self.intake = Intake()
    }
}

/// Health of the resources of one layer in one place.
package struct PlaceHealth: Codable, Hashable, Sendable {
    package var place: Place
    /// One for each layer of the estate, in its order.
    package var layers: [Tally]

    package init(place: Place, layers: [Tally]) {
        self.place = place
        self.layers = layers
    }

    package struct Tally: Codable, Hashable, Sendable {
        /// The worst of them; `absent` when there are none.
        package var health: Health
        package var ok: Int
        package var total: Int

        package init(health: Health = .absent, ok: Int = 0, total: Int = 0) {
            self.health = health
            self.ok = ok
            self.total = total
        }
    }
}

package struct ResourceState: Codable, Hashable, Sendable {
    package var name: String
    package var health: Health
    /// Why, in a few words; empty when there is nothing to say.
    package var reason: String
    /// Since when it is like this.
    package var since: Instant
    /// The last good reply; nil when there was none.
    package var heard: Instant?
    package var role: ReplicationRole?
    package var position: LogPosition?
    /// Sorted by name.
    package var metrics: [MetricSample]

    package init(name: String, health: Health, reason: String, since: Instant) {
        self.name = name
        self.health = health
        self.reason = reason
        self.since = since
        self.metrics = []
    }
}

package struct LinkState: Codable, Hashable, Sendable {
    package var name: String
    package var kind: String
    /// As the data flows now; after a failover not as configured.
    package var from: String
    package var to: String
    package var health: Health
    package var reason: String
    package var since: Instant
    package var rpo: Span?
    /// What the target has not received; nil when nothing is known.
    package var loss: LossEstimate?
    /// How far what the target shows is behind, in time; nil when nothing is known.
    package var replayLag: Span?
    /// The worst `loss.span` of each 10 s, oldest first, at most 180; nil where nothing was known.
    package var history: [Span?]

    package init(name: String, kind: String, from: String, to: String, since: Instant) {
        self.name = name
        self.kind = kind
        self.from = from
        self.to = to
        self.health = .noData
        self.reason = ""
        self.since = since
        self.history = []
    }

    /// The part of the RPO that is used, 1 = all of it; nil when either is not known.
    package var budget: Double? {
        guard let rpo, let loss, rpo > .zero else { return nil }
        return loss.span.seconds / rpo.seconds
    }
}

/// A service as its canary sees it.
package struct ServiceState: Codable, Hashable, Sendable {
    package var name: String
    package var health: Health
    package var reason: String
    package var since: Instant
    /// The member that serves, as far as is known.
    package var serving: String?
    package var rto: Span?
    /// False when no canary looks at it.
    package var isWatched: Bool
    package var good: Int
    package var bad: Int
    package var lastTry: Instant?
    /// Of the last 60 s, one a second, oldest first.
    package var felt: [FeltBucket]

    package init(name: String, health: Health, since: Instant, isWatched: Bool) {
        self.name = name
        self.health = health
        self.reason = ""
        self.since = since
        self.isWatched = isWatched
        self.good = 0
        self.bad = 0
        self.felt = []
    }
}

/// One thing that needs somebody.
package struct Finding: Codable, Hashable, Sendable {
    /// Stable while it lasts: `kind:subject`.
    package var key: String
    package var health: Health
    /// The resource, link, service or source.
    package var subject: String
    package var place: Place?
    package var title: String
    package var detail: String
    package var since: Instant

    package init(
        key: String,
        health: Health,
        subject: String,
        place: Place?,
        title: String,
        detail: String,
        since: Instant
    ) {
        self.key = key
        self.health = health
        self.subject = subject
        self.place = place
        self.title = title
        self.detail = detail
        self.since = since
    }
}

/// A log source and what came of it.
package struct SourceState: Codable, Hashable, Sendable {
    package var name: String
    package var resource: String?
    package var health: Health
    package var reason: String
    package var lines: Int
    package var bytes: Int
    /// Lines whose shape the format did not know; kept all the same.
    package var unparsed: Int
    package var cut: Int
    /// Lines and messages that were not kept; the events say why.
    package var dropped: Int
    /// The same, by the reason.
    package var drops: [String: Int]
    package var rotations: Int
    /// Of files: how far the one that was read last is read.
    package var offset: UInt64?
    /// Of files: bytes that were not read so far, where it is behind.
    package var lag: Int
    package var lastLine: Instant?
    /// Secrets that were hidden in its lines, and lines hidden whole; nil where there were none.
    package var redacted: Int?
    /// What rules did with its lines, in the order of the rules; nil where none did anything.
    package var ruled: [RuleCount]?
    /// The source whose lines these are, where rules placed them; nil for a source of the plan.
    package var partOf: String?
    /// For people: its files, or where it listens; empty where an older version kept it.
    package var place: String
    /// The name of its format.
    package var format: String
    /// Of a source of any format: what its first lines look like.
    package var guess: FormatGuessed?
    /// Lines a second, the mean of the last 10 s; nil before they are over.
    package var rate: Double?
    /// What its last line states as its time.
    package var newest: Instant?
    /// Files, connections and senders that lines came from and that are not over.
    package var streams: Int
    /// Of files: those furthest behind, or read last where none is; the worst first.
    package var files: [FileProgress]
    /// How often a file grew and was not read for a while, and when that was last.
    package var stalls: Int
    package var stalledAt: Instant?
    /// The file of the last time, and by how much it had grown.
    package var stall: String
    /// Files and folders that are not read, while others of it are; nil where all are.
    package var troubles: SourceTroubles?

    /// Lines that rules dropped.
    package var ruledOut: Int {
        ruled?.reduce(0) { $0 + ($1.fate == .dropped ? $1.lines : 0) } ?? 0
    }

    package init(
        name: String,
        resource: String?,
        partOf: String? = nil,
        place: String = "",
        format: String = ""
    ) {
        self.name = name
        self.partOf = partOf
        self.place = place
        self.format = format
        self.resource = resource
        self.health = .noData
        self.reason = "nothing read so far"
        self.lines = 0
        self.bytes = 0
        self.unparsed = 0
        self.cut = 0
        self.dropped = 0
        self.drops = [:]
        self.rotations = 0
        self.lag = 0
        self.streams = 0
        self.files = []
        self.stalls = 0
        self.stall = ""
    }
}

/// What is wrong with single files and folders of a source.
package struct SourceTroubles: Codable, Hashable, Sendable {
    /// Since when there is one.
    package var since: Instant
    package var count: Int
    /// Some of them: a path, and why.
    package var details: [String]

    package init(since: Instant, count: Int, details: [String]) {
        self.since = since
        self.count = count
        self.details = details
    }

    /// For a line of a screen or of a report.
    package var text: String {
        let rest = count - details.count
        return details.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }
}

/// A format that lines look like.
package struct FormatGuessed: Codable, Hashable, Sendable {
    package var format: String
    /// The share of the lines that have its shape: 0 to 1.
    package var confidence: Double

    package init(format: String, confidence: Double) {
        self.format = format
        self.confidence = confidence
    }
}

/// Lines that a rule dropped, or could not place.
package struct RuleCount: Codable, Hashable, Sendable {
    package enum Fate: String, Codable, Hashable, Sendable {
        /// Dropped, or not in the sample: not kept.
        case dropped
        /// Its placement leads to no resource; kept, and of the source's own.
        case unplaced
    }

    /// The rule's name.
    package var rule: String
    package var fate: Fate
    package var lines: Int

    package init(rule: String, fate: Fate, lines: Int) {
        self.rule = rule
        self.fate = fate
        self.lines = lines
    }
}

/// Lines in each 10 s by severity: the last hour.
package struct LogRates: Codable, Hashable, Sendable {
    package static let width = Span.seconds(10)
    package static let capacity = 360

    /// Start of the first bucket; nil when empty.
    package var start: Instant?
    /// Oldest first, all three of one length, at most `capacity`.
    package var errors: [Int]
    package var warnings: [Int]
    package var others: [Int]

    package init() {
        self.errors = []
        self.warnings = []
        self.others = []
    }
}

/// A moment worth a sign on the time ribbon.
package struct Mark: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        case down
        case warn
        case failover
        case verified
        /// A person's, or what a probe told that is no trouble.
        case note
    }

    package var at: Instant
    package var kind: Kind
    package var text: String

    package init(at: Instant, kind: Kind, text: String) {
        self.at = at
        self.kind = kind
        self.text = text
    }
}

/// What came in, in all.
package struct Intake: Codable, Hashable, Sendable {
    package var lines: Int
    package var bytes: Int
    package var replies: Int
    package var tries: Int
    /// Inputs that could not be used, each counted (a reply that did not decode).
    package var rejected: Int
    /// Start of the first input; nil when there was none.
    package var since: Instant?

    package init() {
        self.lines = 0
        self.bytes = 0
        self.replies = 0
        self.tries = 0
        self.rejected = 0
    }
}
