import Atlas

extension PlanReader {
    private static let canaryKeys = [
        "name", "service", "probe", "mode", "table", "every", "timeout", "targets",
    ]

    mutating func readCanaries(_ node: YamlNode) {
        var names: Set<String> = []
        for (index, item) in (reader.items(of: node, subject: "'canaries'") ?? []).enumerated() {
            let fields = reader.fields(
                of: item,
                subject: reader.subject("canary", item, index + 1),
                allowed: Self.canaryKeys
            )
            guard let fields, let canary = canary(fields) else { continue }
            guard names.insert(canary.name).inserted else {
                noteTwice(fields.position(of: "name"), "the canary '\(canary.name)'")
                continue
            }
            plan.canaries.append(canary)
            lines.canaries.append(fields.at.line)
        }
    }

    private func canary(_ fields: Fields) -> Canary? {
        let service =
            reader.require(fields, "service", example: services.list.first ?? "SERVICE").flatMap {
                _ in
                reader.reference(fields, "service", kind: "service", known: services)
            }
        let probe = requiredProbe(fields)
        let mode =
            fields.has("mode")
            ? reader.choice(fields, "mode", among: [Canary.Mode.read, .write]) : .read
        let table = mode.flatMap { self.table(fields, mode: $0) }
        let name = reader.name(fields, "name")
        let (every, timeout) = pace(fields)
        let targets = canaryTargets(fields)
        guard let service, let probe, let mode, let table, let targets else { return nil }
        return Canary(
            name: name ?? "\(service)-\(mode.rawValue)",
            service: service,
            probe: probe,
            mode: mode,
            table: table,
            targets: targets,
            every: every,
            timeout: timeout
        )
    }

    /// Empty for a read canary; nil when what is written cannot be used.
    private func table(_ fields: Fields, mode: Canary.Mode) -> String? {
        guard mode == .write else {
            guard fields.has("table") else { return "" }
            reader.note(
                fields.keyPosition(of: "table"),
                "'table' is only for a canary that writes",
                "add mode: write, or remove the table"
            )
            return nil
        }
        guard let table = reader.requiredText(fields, "table", example: "azimuth_canary") else {
            return nil
        }
        // It becomes part of a statement: SQL identifiers, with a schema or without.
        guard
            table.wholeMatch(of: /([A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}/)
                != nil
        else {
            reader.note(
                fields.position(of: "table"),
                "\(fields.name(of: "table")) is '\(reader.shown(table))', which is no name of a table",
                "use letters, digits and '_', such as azimuth_canary or public.azimuth_canary"
            )
            return nil
        }
        return table
    }

    /// Period and timeout.
    ///
    /// A shorter timeout than two periods would call every slow try an outage.
    private func pace(_ fields: Fields) -> (Span, Span) {
        let every =
            reader.span(fields, "every", in: .milliseconds(100) ... .seconds(1))
            ?? .milliseconds(500)
        let least = every * 2
        guard fields.has("timeout") else { return (every, max(.seconds(1), least)) }
        let timeout = reader.span(fields, "timeout", in: .milliseconds(200) ... .seconds(60))
        if let timeout, timeout < least {
            reader.note(
                fields.position(of: "timeout"),
                "\(fields.name(of: "timeout")) is \(timeout.exact), less than two periods",
                "write timeout: \(least.exact) or more"
            )
        }
        return (every, timeout ?? max(.seconds(1), least))
    }

    private func canaryTargets(_ fields: Fields) -> [Canary.Target]? {
        let first = resources.list.first ?? "RESOURCE"
        let example = "{\(first): \"host=127.0.0.1\"}"
        guard let node = reader.require(fields, "targets", example: example),
            let entries = reader.entries(of: node, subject: fields.name(of: "targets"))
        else { return nil }
        if entries.isEmpty {
            reader.note(node.at, "\(fields.subject) has no targets", "add targets: \(example)")
        }
        return entries.compactMap { entry in
            let address = address(entry.value, subject: "target '\(reader.shown(entry.key))'")
            let user = fields.name(of: "targets")
            guard
                reader.isKnown(entry.key, at: entry.keyAt, user: user, "resource", resources),
                let address
            else { return nil }
            return Canary.Target(resource: entry.key, address: address)
        }
    }
}
