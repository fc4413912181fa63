import Atlas

extension SamplePicture {
    /// A host that nobody configured, with one disk that fills up.
    static func host() -> Picture {
        let place = Place(area: "web-1")
        let signs: [(String, String, Health, String, [(String, Double, String)])] = [
            (
                "cpu", "host", .ok, "",
                [("busy", 37.4, "%"), ("iowait", 0.2, "%"), ("steal", 0, "%")]
            ),
            (
                "load", "host", .ok, "",
                [("load-1", 1.26, ""), ("load-15", 12.5, ""), ("load-5", 0.9, "")]
            ),
            (
                "memory", "host", .ok, "",
                [("available", 5.4e9, "B"), ("used", 68.2, "%"), ("used-swap", 0, "%")]
            ),
            (
                "disk /var", "storage", .warn, "92 % full, 3.1 GiB left",
                [("free", 3.3e9, "B"), ("used", 92.4, "%"), ("used-inodes", 11, "%")]
            ),
            (
                "io sda", "storage", .ok, "",
                [
                    ("busy", 7.7, "%"), ("read", 0, "B/s"), ("wait", 2.25, "ms"),
                    ("write", 4.3e6, "B/s"),
                ]
            ),
            (
                "network eth0", "network", .ok, "",
                [
                    ("drops", 0, "1/s"), ("errors", 0.3, "1/s"), ("in", 13_700, "B/s"),
                    ("out", 310, "B/s"),
                ]
            ),
            ("web-1", "host", .ok, "", [("uptime", 12.3, "d")]),
        ]
        var picture = Picture(
            at: SampleEstate.now,
            estate: Estate(
                name: "web-1",
                layers: ["host", "storage", "network"],
                areas: [Area(kind: .site, name: "web-1", code: "this host")],
                resources: signs.map { Resource(name: $0.0, place: place, layer: $0.1) }
            )
        )
        picture.resources = signs.map { name, _, health, reason, metrics in
            var state = ResourceState(
                name: name,
                health: health,
                reason: reason,
                since: SampleEstate.now - .seconds(95)
            )
            state.heard = SampleEstate.now
            state.metrics = metrics.map { MetricSample(name: $0.0, value: $0.1, unit: $0.2) }
            return state
        }
        picture.findings = [
            Finding(
                key: "resource:disk /var",
                health: .warn,
                subject: "disk /var",
                place: place,
                title: "disk /var needs a look",
                detail: "92 % full, 3.1 GiB left",
                since: SampleEstate.now - .seconds(95)
            )
        ]
        picture.sources = [SourceState(name: "syslog", resource: "web-1")]
        picture.sources[0].health = .ok
        picture.intake.since = SampleEstate.now - .seconds(95)
        picture.intake.replies = 400
        retally(&picture)
        return picture
    }
}
