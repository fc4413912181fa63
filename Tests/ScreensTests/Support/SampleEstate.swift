import Atlas

/// An invented hybrid estate: two regions with two zones each, and one site.
enum SampleEstate {
    static let now = at("2026-11-23T03:04:07Z")
    static let tokyo = "tokyo"
    static let layers = ["network", "front", "app", "data", "queue"]

    static func at(_ text: String) -> Instant { Instant(rfc3339: text) ?? .distantPast }

    static let areas = [
        Area(kind: .region, name: "tokyo", code: "ap-northeast-1", zones: ["1a", "1c"]),
        Area(kind: .region, name: "virginia", code: "us-east-1", zones: ["1a", "1b"]),
        Area(kind: .site, name: "shinagawa", code: "on-prem"),
    ]

    static let resources: [Resource] = [
        resource("dx-1", "shinagawa", "network"), resource("tgw-tyo", "tokyo", "network"),
        resource("lb-1a", "tokyo/1a", "front"), resource("lb-1c", "tokyo/1c", "front"),
        resource("lb-v1a", "virginia/1a", "front"), resource("lb-v1b", "virginia/1b", "front"),
        resource("app-1a-1", "tokyo/1a", "app"), resource("app-1a-2", "tokyo/1a", "app"),
        resource("app-1c-1", "tokyo/1c", "app"), resource("app-1c-2", "tokyo/1c", "app"),
        resource("app-v1a", "virginia/1a", "app"), resource("app-v1b", "virginia/1b", "app"),
        resource("app-sng", "shinagawa", "app"),
        resource("pg-1a", "tokyo/1a", "data"), resource("pg-1c", "tokyo/1c", "data"),
        resource("pg-v1a", "virginia/1a", "data"), resource("pg-sng", "shinagawa", "data"),
        resource("mq-1a", "tokyo/1a", "queue"), resource("mq-1c", "tokyo/1c", "queue"),
        resource("mq-v1a", "virginia/1a", "queue"), resource("mq-v1b", "virginia/1b", "queue"),
    ]

    static func resource(_ name: String, _ place: String, _ layer: String) -> Resource {
        Resource(name: name, place: Place(place) ?? Place(area: "?"), layer: layer)
    }

    static let estate = Estate(
        name: "shop",
        layers: layers,
        areas: areas,
        resources: resources,
        links: [
            ReplicationLink(
                name: "pg-tokyo",
                from: "pg-1a",
                to: "pg-1c",
                kind: "streaming, sync",
                rpo: .seconds(1)
            ),
            ReplicationLink(
                name: "pg-virginia",
                from: "pg-1a",
                to: "pg-v1a",
                kind: "streaming, async",
                rpo: .seconds(30)
            ),
            ReplicationLink(
                name: "pg-shinagawa",
                from: "pg-sng",
                to: "pg-v1a",
                kind: "logical",
                rpo: .seconds(900)
            ),
        ],
        services: [
            Service(name: "orders", members: ["pg-1a", "pg-1c", "pg-v1a"], rto: .seconds(120)),
            Service(name: "stock", members: ["pg-sng", "pg-v1a"], rto: .seconds(300)),
        ]
    )

    static let canaries = ["orders", "stock"]
}
