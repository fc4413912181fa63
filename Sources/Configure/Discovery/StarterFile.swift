/// An azimuth.yaml to start from, with comments that say how to go on.
///
/// What this program has no probe or format for is written as a comment, so that the file can be
/// used as it is.
package struct StarterFile {
    private let findings: HostFindings
    private let catalogue: Catalogue
    private let history: String?
    private let systems: [Entry]
    private let host: String
    private var writer = YamlWriter()

    private struct Entry {
        var system: HostFindings.System
        var resource: String
    }

    /// The text of the file.
    ///
    /// What the catalogue does not know is written as a comment; a history that is nil is left at
    /// its default place.
    package static func text(
        _ findings: HostFindings,
        catalogue: Catalogue,
        history: String? = nil
    ) -> String {
        var file = StarterFile(findings, catalogue, history)
        file.writeHead()
        file.writeEstate()
        file.writeSources()
        file.writeProbes()
        file.writeRest()
        return file.writer.text
    }

    private init(_ findings: HostFindings, _ catalogue: Catalogue, _ history: String?) {
        self.findings = findings
        self.catalogue = catalogue
        self.history = history
        host = findings.hostName
        let all = findings.systems
        var taken: Set<String> = [findings.hostName]
        systems = all.map { system in
            let name = system.known.name
            let isOnly = all.count { $0.known.name == name } == 1 && !taken.contains(name)
            let port = system.port.map(String.init) ?? "service"
            let resource = isOnly ? name : "\(name)-\(port)"
            taken.insert(resource)
            return Entry(system: system, resource: resource)
        }
    }

    private mutating func comment(_ text: String, depth: Int = 0) {
        writer.line(
            "# " + text.split(whereSeparator: \.isNewline).joined(separator: " "),
            depth: depth
        )
    }

    private mutating func writeHead() {
        comment("What 'azimuth init' found on \(host). Nothing was asked, contacted or changed.")
        comment("Read it through, then 'azimuth check', then 'azimuth'. It holds no secrets: each")
        comment("client takes its password from where its own tools look.")
        writer.line("")
    }

    private mutating func writeEstate() {
        let layers = systems.reduce(into: [String]()) { layers, entry in
            let layer = entry.system.known.layer
            if !layers.contains(layer) { layers.append(layer) }
        }
        writer.line("estate:")
        writer.line("name", host, depth: 1)
        comment("The columns of the health table, front to back.", depth: 1)
        writer.line("layers: " + YamlWriter.list(layers + ["host"]), depth: 1)
        comment("A site of your own; 'here' wants its real name. A cloud is written as", depth: 1)
        comment("regions: {tokyo: {code: ap-northeast-1, zones: [1a, 1c]}}", depth: 1)
        writer.line("sites:", depth: 1)
        writer.line("here: {code: on-prem}", depth: 2)
        comment("What is up or down; add your other hosts' resources here.", depth: 1)
        writer.line("resources:", depth: 1)
        for entry in systems {
            writer.line(resource(entry.resource, layer: entry.system.known.layer), depth: 2)
        }
        writer.line(resource(host, layer: "host"), depth: 2)
        let first = YamlWriter.scalar(systems.first?.resource ?? host)
        comment("Data that is copied, and how much of it, in time, may be lost.", depth: 1)
        comment("links:", depth: 1)
        comment(
            "  data: {from: \(first), to: OTHER, kind: \"streaming, async\", rpo: 30s}",
            depth: 1
        )
        comment("What users use, and how long an outage may last.", depth: 1)
        comment("services:", depth: 1)
        comment("  data: {members: [\(first), OTHER], rto: 60s}", depth: 1)
        writer.line("")
    }

    private func resource(_ name: String, layer: String) -> String {
        "\(YamlWriter.scalar(name)): " + YamlWriter.map([("at", "here"), ("layer", layer)])
    }

    private mutating func writeSources() {
        comment("Logs to follow. 'azimuth formats' lists the formats.")
        let formats = findings.logs.map { log in
            log.formats.first { catalogue.formats.contains($0) }
        }
        writer.line(formats.contains { $0 != nil } ? "sources:" : "# sources:")
        if findings.logs.isEmpty {
            comment(
                "- {file: /var/log/syslog, format: plain, resource: \(YamlWriter.scalar(host))}"
            )
        }
        for (log, format) in zip(findings.logs, formats) {
            let line = YamlWriter.map([
                ("file", log.path), ("format", format ?? log.formats.first),
                ("resource", writer(of: log)),
            ])
            if !log.isReadable {
                comment("You cannot read the next one; on Debian the group adm can.", depth: 1)
            }
            writer.line((format == nil ? "# - " : "- ") + line, depth: 1)
        }
        writer.line("")
    }

    /// The one resource that can have written it; nil where that is not clear.
    private func writer(of log: KnownLog) -> String? {
        guard let system = log.system else { return host }
        let candidates = systems.filter { $0.system.known.name == system }
        return candidates.count == 1 ? candidates[0].resource : nil
    }

    private mutating func writeProbes() {
        comment("Systems to ask. 'azimuth probes' lists the probes and what an address is.")
        let isAsked = systems.map { entry in
            catalogue.probes.contains(entry.system.known.name)
                && !entry.system.known.address.isEmpty
        }
        let hasHost = catalogue.probes.contains("host")
        writer.line(isAsked.contains(true) || hasHost ? "probes:" : "# probes:")
        for (entry, isAsked) in zip(systems, isAsked) {
            let known = entry.system.known
            let place = entry.system.port.map { " on \(entry.system.host):\($0)" } ?? ""
            comment(
                known.title + place
                    + (entry.system.isCertain ? "" : ", by its usual port only")
                    + (catalogue.probes.contains(known.name)
                        ? "" : "; this version has no probe '\(known.name)'"),
                depth: 1
            )
            if !known.preparation.isEmpty { comment(known.preparation, depth: 1) }
            let address = known.address(host: entry.system.host, port: entry.system.port)
            let line = YamlWriter.map([
                ("probe", known.name), ("resource", entry.resource), ("address", address),
            ])
            writer.line((isAsked ? "- " : "# - ") + line, depth: 1)
        }
        if hasHost { writeVitals() }
        for known in findings.unseen {
            comment("\(known.title) runs here, too; where it listens only root can see.", depth: 1)
        }
        if systems.isEmpty {
            comment("Nothing that listens here was recognized. An example:", depth: 1)
            let example = YamlWriter.map([
                ("probe", "postgresql"), ("resource", "orders-a"),
                ("address", "host=10.0.1.5 user=azimuth dbname=postgres"),
            ])
            comment("- " + example, depth: 1)
        }
        writer.line("")
    }

    /// Of this machine, under the resource that has its name.
    private mutating func writeVitals() {
        comment("This machine; also cpu, pressure, 'io DEVICE', 'network NAME'.", depth: 1)
        let signs = ["load", "memory"] + findings.vitals.disks.map { "disk \($0)" }
        for sign in signs {
            let line = YamlWriter.map([
                ("probe", "host"), ("resource", host), ("address", sign), ("every", "10s"),
            ])
            writer.line("- " + line, depth: 1)
        }
    }

    private mutating func writeRest() {
        comment("Clients that use a service as its users do: where RTO and lost writes come from.")
        comment("canaries:")
        comment("  - {service: data, probe: postgresql, every: 500ms, targets: {NAME: ADDRESS}}")
        writer.line("")
        if let history {
            comment("Where everything is kept: here a service and its readers meet.")
            writer.line("history: " + YamlWriter.scalar(history))
        } else {
            comment("Where everything is kept; this is a good place for a service.")
            comment("history: /var/lib/azimuth/history.db")
        }
    }
}
