package import Atlas

/// What to watch where nobody configured anything: this host, by its vital signs and its logs.
package enum HostPlan {
    /// Layers of the host as a site of its own.
    private static let layers = ["host", "storage", "network"]

    /// The plan; of formats that are not in the catalogue a log has the last, `plain`.
    ///
    /// The logs belong to the resource that has the host's own name. Files that may not be read
    /// are left out: without a configuration nobody asked for them.
    package static func plan(_ findings: HostFindings, catalogue: Catalogue) -> WatchPlan {
        let host = findings.hostName
        let place = Place(area: host)
        var resources: [Resource] = []
        var targets: [ProbeTarget] = []
        func add(_ name: String, _ address: String, _ layer: String, every: Span) {
            resources.append(Resource(name: name, place: place, layer: layer))
            targets.append(
                ProbeTarget(probe: "host", resource: name, address: address, every: every)
            )
        }
        let vitals = findings.vitals
        // All at once, so that the screen is drawn once for all of them.
        let often = Span.seconds(5)
        let seldom = Span.seconds(10)
        add("cpu", "cpu", "host", every: often)
        add("load", "load", "host", every: often)
        add("memory", "memory", "host", every: often)
        if vitals.hasPressure { add("pressure", "pressure", "host", every: often) }
        for path in vitals.disks { add("disk \(path)", "disk \(path)", "storage", every: seldom) }
        for device in vitals.devices.prefix(8) {
            add("io \(device)", "io \(device)", "storage", every: often)
        }
        for name in vitals.interfaces {
            add("network \(name)", "network \(name)", "network", every: often)
        }
        // Behind the vital signs: it changes least. A host may be called like one of them.
        let taken = Set(resources.map(\.name))
        let machine = taken.contains(host) ? "host \(host)" : host
        add(machine, "system", "host", every: .seconds(30))
        return WatchPlan(
            estate: Estate(
                name: host,
                layers: layers.filter { layer in resources.contains { $0.layer == layer } },
                areas: [Area(kind: .site, name: host, code: "this host")],
                resources: resources
            ),
            sources: sources(findings, of: machine, catalogue),
            targets: targets
        )
    }

    private static func sources(
        _ findings: HostFindings,
        of machine: String,
        _ catalogue: Catalogue
    ) -> [LogSource] {
        let logs = findings.logs
        // Debian's syslog holds what kern.log, daemon.log and messages hold.
        let hasSyslog = logs.contains { $0.path == "/var/log/syslog" && $0.isReadable }
        let doubled = ["/var/log/kern.log", "/var/log/daemon.log", "/var/log/messages"]
        let hasAny = hasSyslog || logs.contains { $0.path == "/var/log/messages" && $0.isReadable }
        let journal = LogSource(
            name: "journal",
            origin: .journal(SystemJournal()),
            format: "journal-export",
            resource: machine
        )
        return (findings.hasJournal && !hasAny ? [journal] : [])
            + logs.filter { $0.isReadable && !(hasSyslog && doubled.contains($0.path)) }
            .prefix(16)
            .map { log in
                LogSource(
                    name: String(
                        log.path.split(separator: "/").dropFirst(2).joined(separator: "/")
                    ),
                    path: log.path,
                    format: log.formats.first { catalogue.formats.contains($0) } ?? "plain",
                    resource: machine
                )
            }
    }
}
