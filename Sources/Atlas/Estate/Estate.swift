/// What there is to watch and where it stands; fixed for a run, nothing measured in it.
package struct Estate: Codable, Hashable, Sendable {
    /// What the operator calls the whole.
    package var name: String
    /// Names of the layers, front to back: the columns of the health table.
    package var layers: [String]
    /// Regions and sites in the order of the configuration: the rows of the health table.
    package var areas: [Area]
    package var resources: [Resource]
    package var links: [ReplicationLink]
    package var services: [Service]

    package init(
        name: String = "",
        layers: [String] = [],
        areas: [Area] = [],
        resources: [Resource] = [],
        links: [ReplicationLink] = [],
        services: [Service] = []
    ) {
        self.name = name
        self.layers = layers
        self.areas = areas
        self.resources = resources
        self.links = links
        self.services = services
    }

    package func resource(named name: String) -> Resource? {
        resources.first { $0.name == name }
    }

    package func service(named name: String) -> Service? {
        services.first { $0.name == name }
    }
}

/// A region of a cloud or a site of one's own: what can fail as a whole.
package struct Area: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        case region
        case site
    }

    package var kind: Kind
    package var name: String
    /// The provider's code, such as `ap-northeast-1`; for a site a word such as `on-prem`.
    package var code: String
    package var zones: [String]

    package init(kind: Kind, name: String, code: String, zones: [String] = []) {
        self.kind = kind
        self.name = name
        self.code = code
        self.zones = zones
    }

    /// The area itself, then its zones.
    package var places: [Place] {
        [Place(area: name)] + zones.map { Place(area: name, zone: $0) }
    }
}

/// One thing that is up or down: a server process, a node, an endpoint.
package struct Resource: Codable, Hashable, Sendable {
    package var name: String
    package var place: Place
    package var layer: String

    package init(name: String, place: Place, layer: String) {
        self.name = name
        self.place = place
        self.layer = layer
    }
}

/// Data that is copied from one resource to another.
///
/// `from` and `to` are as configured; after a failover the data may flow the other way.
package struct ReplicationLink: Codable, Hashable, Sendable {
    package var name: String
    package var from: String
    package var to: String
    /// What a person calls it, such as `streaming, async`.
    package var kind: String
    /// How much data, in time, may be lost at most; nil when nobody said.
    package var rpo: Span?

    package init(name: String, from: String, to: String, kind: String, rpo: Span? = nil) {
        self.name = name
        self.from = from
        self.to = to
        self.kind = kind
        self.rpo = rpo
    }
}

/// What users use: resources of which one serves and the others stand by.
package struct Service: Codable, Hashable, Sendable {
    package var name: String
    /// Names of resources, in the order in which they are meant to serve.
    package var members: [String]
    /// How long an outage may last at most; nil when nobody said.
    package var rto: Span?

    package init(name: String, members: [String], rto: Span? = nil) {
        self.name = name
        self.members = members
        self.rto = rto
    }
}
