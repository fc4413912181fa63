import Atlas

/// Writes a plan with the keys of azimuth.yaml, every default spelt out.
struct PlanWriter {
    var yaml = YamlWriter()

    static func text(_ plan: WatchPlan) -> String {
        var writer = PlanWriter()
        writer.estate(plan.estate)
        writer.sources(plan.sources)
        writer.probes(plan.targets)
        writer.canaries(plan.canaries)
        writer.rules(plan.rules)
        return writer.yaml.text
    }

    private mutating func estate(_ estate: Estate) {
        guard estate != Estate() else { return }
        yaml.line("estate:")
        if !estate.name.isEmpty { yaml.line("name", estate.name, depth: 1) }
        if !estate.layers.isEmpty {
            yaml.line("layers: \(YamlWriter.list(estate.layers))", depth: 1)
        }
        // The order of the two keys is the order of the rows.
        let kinds: [Area.Kind] =
            estate.areas.first?.kind == .site ? [.site, .region] : [.region, .site]
        for kind in kinds {
            areas(estate.areas.filter { $0.kind == kind }, key: "\(kind.rawValue)s")
        }
        group("resources", estate.resources) { resource in
            (resource.name, [("at", resource.place.description), ("layer", resource.layer)])
        }
        group("links", estate.links) { link in
            let kind = link.kind.isEmpty ? nil : link.kind
            return (
                link.name,
                [("from", link.from), ("to", link.to), ("kind", kind), ("rpo", link.rpo?.exact)]
            )
        }
        guard !estate.services.isEmpty else { return }
        yaml.line("services:", depth: 1)
        for service in estate.services {
            let rto = service.rto.map { ", rto: \($0.exact)" } ?? ""
            let members = YamlWriter.list(service.members)
            yaml.line("\(YamlWriter.scalar(service.name)): {members: \(members)\(rto)}", depth: 2)
        }
    }

    private mutating func areas(_ areas: [Area], key: String) {
        guard !areas.isEmpty else { return }
        yaml.line("\(key):", depth: 1)
        for area in areas {
            let zones = area.zones.isEmpty ? "" : ", zones: \(YamlWriter.list(area.zones))"
            let code = YamlWriter.scalar(area.code)
            yaml.line("\(YamlWriter.scalar(area.name)): {code: \(code)\(zones)}", depth: 2)
        }
    }

    private mutating func group<Part>(
        _ key: String,
        _ parts: [Part],
        _ pairs: (Part) -> (String, [(String, String?)])
    ) {
        guard !parts.isEmpty else { return }
        yaml.line("\(key):", depth: 1)
        for part in parts {
            let (name, values) = pairs(part)
            yaml.line("\(YamlWriter.scalar(name)): \(YamlWriter.map(values))", depth: 2)
        }
    }

    private mutating func sources(_ sources: [LogSource]) {
        guard !sources.isEmpty else { return }
        yaml.line("sources:")
        for source in sources {
            if receiver(source) { continue }
            if case .journal(let journal) = source.origin {
                let pairs: [(String, String?)] = [
                    ("name", source.name), ("resource", source.resource),
                    ("start", source.start.rawValue),
                ]
                let own = journal.yamlPairs.joined(separator: ", ")
                yaml.line("- \(YamlWriter.map(pairs).dropLast() + ", " + own + "}")", depth: 1)
                continue
            }
            let pairs: [(String, String?)] = [
                ("name", source.name), ("file", source.place), ("format", source.format),
                ("resource", source.resource), ("start", source.start.rawValue),
            ]
            var map = YamlWriter.map(pairs)
            if case .files(let files) = source.origin, !files.yamlPairs.isEmpty {
                map = map.dropLast() + ", " + files.yamlPairs.joined(separator: ", ") + "}"
            }
            yaml.line("- \(map)", depth: 1)
        }
    }

    /// False where it is none.
    private mutating func receiver(_ source: LogSource) -> Bool {
        let listeners: [Listener]
        let identity: ServerIdentity?
        let kind: String
        var more: [(String, String?)] = []
        switch source.origin {
        case .files, .standardInput, .journal: return false
        case .forward(let receiver):
            (kind, listeners, identity) = ("forward", receiver.listeners, receiver.identity)
            more = [
                ("shared_key_file", receiver.sharedKeyFile), ("users_file", receiver.usersFile),
            ]
        case .syslog(let receiver):
            (kind, listeners, identity) = ("syslog", receiver.listeners, receiver.identity)
            more = [("message_limit", String(receiver.messageLimit))]
        case .http(let receiver):
            (kind, listeners, identity) = ("http", receiver.listeners, receiver.identity)
            more = [
                ("tokens_file", receiver.tokensFile), ("body_limit", String(receiver.bodyLimit)),
            ]
        }
        yaml.line("- name: \(YamlWriter.scalar(source.name))", depth: 1)
        yaml.line("\(kind): \(YamlWriter.list(listeners.map(\.description)))", depth: 2)
        if let identity {
            let pairs: [(String, String?)] = [
                ("certificate", identity.certificate), ("key", identity.key),
                ("client_ca", identity.clientAuthority),
            ]
            yaml.line("tls: \(YamlWriter.map(pairs))", depth: 2)
        }
        for (key, value) in more { if let value { yaml.line(key, value, depth: 2) } }
        yaml.line("format", source.format, depth: 2)
        if let resource = source.resource { yaml.line("resource", resource, depth: 2) }
        return true
    }

    private mutating func probes(_ targets: [ProbeTarget]) {
        guard !targets.isEmpty else { return }
        yaml.line("probes:")
        for target in targets {
            let pairs: [(String, String?)] = [
                ("probe", target.probe), ("resource", target.resource),
                ("address", target.address), ("every", target.every.exact),
                ("timeout", target.timeout.exact), ("alias", target.alias),
            ]
            yaml.line("- \(YamlWriter.map(pairs))", depth: 1)
        }
    }

    private mutating func canaries(_ canaries: [Canary]) {
        guard !canaries.isEmpty else { return }
        yaml.line("canaries:")
        for canary in canaries {
            yaml.line("- name: \(YamlWriter.scalar(canary.name))", depth: 1)
            yaml.line("service", canary.service, depth: 2)
            yaml.line("probe", canary.probe, depth: 2)
            yaml.line("mode", canary.mode.rawValue, depth: 2)
            if !canary.table.isEmpty { yaml.line("table", canary.table, depth: 2) }
            yaml.line("every", canary.every.exact, depth: 2)
            yaml.line("timeout", canary.timeout.exact, depth: 2)
            yaml.line("targets:", depth: 2)
            for target in canary.targets { yaml.line(target.resource, target.address, depth: 3) }
        }
    }
}

extension SignaturePack {
    /// The pack as an item of a YAML list, or as a document of its own.
    func yaml(asItem: Bool) -> String {
        var writer = YamlWriter()
        let depth = asItem ? 1 : 0
        let lead = asItem ? "- " : ""
        writer.line("\(lead)system: \(YamlWriter.scalar(system))", depth: depth)
        let inner = asItem ? depth + 1 : depth
        writer.line("signatures:" + (signatures.isEmpty ? " []" : ""), depth: inner)
        for signature in signatures {
            writer.line("- name: \(YamlWriter.scalar(signature.name))", depth: inner + 1)
            writer.line("match", signature.match, depth: inner + 2)
            writer.line("phase", signature.phase.rawValue, depth: inner + 2)
            writer.line("edge", signature.edge.rawValue, depth: inner + 2)
            writer.line("role", signature.role.rawValue, depth: inner + 2)
            writer.line("sample", signature.sample, depth: inner + 2)
        }
        return writer.text
    }
}

extension UserFormat {
    /// The format as an item of a YAML list.
    var yamlItem: String {
        var writer = YamlWriter()
        writer.line("- name: \(YamlWriter.scalar(name))", depth: 1)
        if !summary.isEmpty { writer.line("summary", summary, depth: 2) }
        writer.line("pattern", pattern, depth: 2)
        if let continuation { writer.line("continuation", continuation, depth: 2) }
        if let time { writer.line("time", time, depth: 2) }
        if let zone { writer.line("zone", zone.rawValue, depth: 2) }
        if !levels.isEmpty {
            let pairs = levels.map { ($0.word, Optional($0.level.name)) }
            writer.line("levels: \(YamlWriter.map(pairs))", depth: 2)
        }
        if !fields.isEmpty {
            let pairs = fields.map { ($0.name, Optional($0.type.rawValue)) }
            writer.line("fields: \(YamlWriter.map(pairs))", depth: 2)
        }
        writer.line("samples:", depth: 2)
        for sample in samples {
            writer.line("- line: \(YamlWriter.scalar(sample.line))", depth: 3)
            if sample.shape != .record { writer.line("is", sample.shape.rawValue, depth: 4) }
            if let time = sample.time { writer.line("time", time.description, depth: 4) }
            if let level = sample.level { writer.line("level", level.name, depth: 4) }
            if let message = sample.message { writer.line("message", message, depth: 4) }
        }
        return writer.text
    }
}
