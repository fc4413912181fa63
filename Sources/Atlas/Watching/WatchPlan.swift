/// All that the fold is told before the first input: what there is, and what looks at it.
///
/// A recording carries its plan, so that a replay needs nothing else.
package struct WatchPlan: Codable, Hashable, Sendable {
    package var estate: Estate
    package var sources: [LogSource]
    package var targets: [ProbeTarget]
    package var canaries: [Canary]
    package var packs: [SignaturePack]
    /// The operator's own formats, as far as the sources use them.
    package var formats: [UserFormat]
    package var rules: [LineRule]

    package init(
        estate: Estate = Estate(),
        sources: [LogSource] = [],
        targets: [ProbeTarget] = [],
        canaries: [Canary] = [],
        packs: [SignaturePack] = [],
        formats: [UserFormat] = [],
        rules: [LineRule] = []
    ) {
        self.estate = estate
        self.sources = sources
        self.targets = targets
        self.canaries = canaries
        self.packs = packs
        self.formats = formats
        self.rules = rules
    }
}

/// Lines that come in under one name.
package struct LogSource: Codable, Hashable, Sendable {
    package enum Start: String, Codable, Hashable, Sendable {
        /// Only what is written from now on.
        case end
        /// All there is.
        case beginning
    }

    package var name: String
    package var origin: Origin
    /// A name of the format catalogue, such as `postgresql` or `plain`, or of a format of the plan.
    package var format: String
    /// The resource that writes it; nil when it belongs to none.
    package var resource: String?
    /// Where to begin when no position is known.
    package var start: Start
    /// Of times that name no zone, to the east of UTC; nil where the first fresh line has to tell.
    ///
    /// Known for this machine's own logs; nothing in azimuth.yaml.
    package var zone: Span?

    package init(
        name: String,
        origin: Origin,
        format: String,
        resource: String? = nil,
        start: Start = .end,
        zone: Span? = nil
    ) {
        self.name = name
        self.origin = origin
        self.format = format
        self.resource = resource
        self.start = start
        self.zone = zone
    }

    /// A source of one file, of exactly this path; `-` is standard input.
    package init(
        name: String,
        path: String,
        format: String,
        resource: String? = nil,
        start: Start = .end,
        zone: Span? = nil
    ) {
        self.init(
            name: name,
            origin: path == "-" ? .standardInput : .files(LogFiles(path: LogFiles.literal(path))),
            format: format,
            resource: resource,
            start: start,
            zone: zone
        )
    }

    /// For people: a path, or where it listens.
    package var place: String { origin.place }

    package var isFile: Bool {
        if case .files = origin { true } else { false }
    }
}

/// A resource that a probe looks at, again and again.
package struct ProbeTarget: Codable, Hashable, Sendable {
    /// A name of the probe catalogue, such as `postgresql`.
    package var probe: String
    package var resource: String
    /// What the probe's client needs to get there, for example a libpq connection string.
    ///
    /// Never a secret: the client takes those from its own files.
    package var address: String
    package var every: Span
    /// How long a reply may take before it counts as none.
    package var timeout: Span
    /// Under which name the resource appears in what its peers report
    /// (PostgreSQL: `application_name`); nil means the resource's own name.
    package var alias: String?

    package init(
        probe: String,
        resource: String,
        address: String,
        every: Span = .seconds(1),
        timeout: Span = .seconds(2),
        alias: String? = nil
    ) {
        self.probe = probe
        self.resource = resource
        self.address = address
        self.every = every
        self.timeout = timeout
        self.alias = alias
    }
}

/// A client that uses a service the way its users do, on a fixed grid of tries.
package struct Canary: Codable, Hashable, Sendable {
    package enum Mode: String, Codable, Hashable, Sendable {
        /// A read-only query.
        case read
        /// A numbered row into a table made for it; finds writes that were lost.
        case write
    }

    package struct Target: Codable, Hashable, Sendable {
        package var resource: String
        /// As in `ProbeTarget.address`.
        package var address: String

        package init(resource: String, address: String) {
            self.resource = resource
            self.address = address
        }
    }

    package var name: String
    package var service: String
    /// Whose client it is: a name of the probe catalogue, such as `postgresql`.
    package var probe: String
    package var mode: Mode
    /// The table of a write canary; empty otherwise.
    package var table: String
    /// Tried in this order; it stays with the one that answered last.
    package var targets: [Target]
    /// Distance of the tries' starts: 100 ms to 1 s.
    package var every: Span
    /// A try that takes longer is bad.
    package var timeout: Span

    package init(
        name: String,
        service: String,
        probe: String,
        mode: Mode,
        table: String = "",
        targets: [Target],
        every: Span = .milliseconds(500),
        timeout: Span = .seconds(1)
    ) {
        self.name = name
        self.service = service
        self.probe = probe
        self.mode = mode
        self.table = table
        self.targets = targets
        self.every = every
        self.timeout = timeout
    }
}
