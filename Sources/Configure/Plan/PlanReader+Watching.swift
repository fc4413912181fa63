import Atlas

extension PlanReader {
    mutating func readSources(_ node: YamlNode) {
        let items = reader.items(of: node, subject: "'sources'") ?? []
        let parts = items.enumerated().compactMap { index, item in
            reader.fields(
                of: item,
                subject: reader.subject("source", item, index + 1),
                allowed: ["name", "file", "format", "resource", "start", "redact"]
                    + Self.fileKeys + Self.journalKeys + Self.receiverKeys
            )
        }
        // Names that were chosen come first: those that are made give way to them.
        let chosen = chosenNames(of: parts)
        var taken = Set(chosen.compactMap(\.self))
        // By their bytes, as the system tells paths apart.
        var paths: Set<[UInt8]> = []
        for (fields, name) in zip(parts, chosen) {
            let format = fields.has("journal") ? Self.journalFormat : format(fields)
            let resource = reader.reference(
                fields,
                "resource",
                kind: "resource",
                known: resources
            )
            let start = reader.choice(fields, "start", among: [LogSource.Start.end, .beginning])
            let made: (origin: Origin?, name: String)
            if fields.has("journal") {
                made = (journalOrigin(fields), "journal")
            } else if let kind = receiverKind(fields) {
                refuseJournalKeys(fields)
                refuseFileKeys(fields)
                made = (origin(fields, kind), kind)
            } else {
                refuseJournalKeys(fields)
                refuseReceiverKeys(fields)
                guard let path = path(fields, &paths) else { continue }
                made = (fileOrigin(fields, path), lastComponent(of: path))
            }
            guard let origin = made.origin, let format else { continue }
            let source = LogSource(
                name: name ?? unique(made.name, &taken),
                origin: origin,
                format: format,
                resource: resource,
                start: start ?? .end
            )
            if let node = fields["redact"] {
                redaction.sources[source.name] = redactions(
                    node,
                    subject: fields.name(of: "redact")
                )
            }
            plan.sources.append(source)
            lines.sources.append(fields.at.line)
        }
    }

    /// What is sent to us is JSON where nothing else is said, and syslog what comes as such.
    private func format(_ fields: Fields) -> String? {
        if let kind = receiverKind(fields), !fields.has("format") {
            return kind == "syslog" ? "syslog" : "json"
        }
        let example = formats.list.contains("auto") ? "auto" : formats.list.first ?? "plain"
        return reader.require(fields, "format", example: example)
            .flatMap { _ in reader.reference(fields, "format", kind: "format", known: formats) }
    }

    private func refuseFileKeys(_ fields: Fields) {
        for key in ["file", "start"] where fields.has(key) {
            reader.note(
                fields.keyPosition(of: key),
                "\(fields.name(of: key)) has no meaning where others send",
                "leave it out, or make it a source of its own"
            )
        }
    }

    private func refuseReceiverKeys(_ fields: Fields) {
        for key in Self.receiverKeys where fields.has(key) {
            reader.note(
                fields.keyPosition(of: key),
                "\(fields.name(of: key)) is only for what others send",
                "leave it out, or write forward, syslog or http: HOST:PORT instead of file"
            )
        }
    }

    /// One for each part, nil where none was chosen or it cannot be used.
    private func chosenNames(of parts: [Fields]) -> [String?] {
        var seen: Set<String> = []
        return parts.map { fields in
            let name = reader.name(fields, "name")
            if let name, !seen.insert(name).inserted {
                noteTwice(fields.position(of: "name"), "the source '\(name)'")
            }
            return name
        }
    }

    private func path(_ fields: Fields, _ paths: inout Set<[UInt8]>) -> String? {
        guard let text = reader.requiredText(fields, "file", example: "/var/log/NAME.log") else {
            return nil
        }
        let at = fields.position(of: "file")
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 }), text.utf8.count < 4_096
        else {
            reader.note(at, "\(fields.name(of: "file")) is no path", "write the path of one file")
            return nil
        }
        let path = resolve(text)
        guard paths.insert(Array(path.utf8)).inserted else {
            noteTwice(at, "the file '\(reader.shown(text))' of the sources")
            return nil
        }
        return path
    }

    private func lastComponent(of path: String) -> String {
        path == "-" ? "standard input" : path.split(separator: "/").last.map(String.init) ?? path
    }

    private func unique(_ name: String, _ taken: inout Set<String>) -> String {
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }

    mutating func readProbes(_ node: YamlNode) {
        var seen: Set<[String]> = []
        for (index, item) in (reader.items(of: node, subject: "'probes'") ?? []).enumerated() {
            let fields = reader.fields(
                of: item,
                subject: "probe \(index + 1)",
                allowed: ["probe", "resource", "address", "every", "timeout", "alias"]
            )
            guard let fields else { continue }
            let probe = requiredProbe(fields)
            let resource = requiredResource(fields, "resource")
            let address = reader.require(fields, "address", example: "\"host=127.0.0.1 port=5432\"")
                .flatMap { self.address($0, subject: fields.name(of: "address")) }
            let every = reader.span(fields, "every", in: .milliseconds(100) ... .seconds(3_600))
            let timeout = reader.span(fields, "timeout", in: .milliseconds(10) ... .seconds(300))
            let alias = reader.name(fields, "alias")
            guard let probe, let resource else { continue }
            let apart = repeatable.contains(probe) ? address ?? "" : ""
            guard seen.insert([probe, resource, apart]).inserted else {
                noteTwice(fields.at, "the probe '\(probe)' of resource '\(resource)'")
                continue
            }
            guard let address else { continue }
            let target = ProbeTarget(
                probe: probe,
                resource: resource,
                address: address,
                every: every ?? .seconds(1),
                timeout: timeout ?? .seconds(2),
                alias: alias
            )
            plan.targets.append(target)
            lines.targets.append(fields.at.line)
        }
    }

    func requiredProbe(_ fields: Fields) -> String? {
        reader.require(fields, "probe", example: probes.list.first ?? "NAME").flatMap { _ in
            reader.reference(fields, "probe", kind: "probe", known: probes)
        }
    }
}
